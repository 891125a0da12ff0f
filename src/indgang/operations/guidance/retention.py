"""What is forgotten of guidance, and when: the words. Courses and deliveries themselves stay: figures are accounted for with them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from indgang.foundation.database import clock
from indgang.foundation.privacy.retention import Retention
from indgang.operations.guidance.models import Course, Delivery, LogEntry, NextStep
from indgang.registers.parties.actions.ties import name_no_consultant

TEXTS_KEPT = dt.timedelta(days=5 * 365)


def courses_to_forget() -> QuerySet[Course]:
    """Courses that ended longer ago than their words are kept."""
    said = ~Q(purpose="") | ~Q(result="") | ~Q(consultant="") | ~Q(user=None) | ~Q(log=None) | ~Q(next_steps=None)
    return Course.objects.filter(said, ended__lt=(clock.now() - TEXTS_KEPT).date()).distinct()


def forget_words(courses: QuerySet[Course]) -> None:
    """Leave no words."""
    ids = list(courses.values_list("pk", flat=True))
    LogEntry.objects.filter(course__in=ids).delete()
    NextStep.objects.filter(course__in=ids).delete()
    Course.objects.filter(pk__in=ids).update(purpose="", result="", consultant="", user=None, by_hand={})
    name_no_consultant(Course, ids)


def deliveries_to_forget() -> QuerySet[Delivery]:
    """Deliveries that were given longer ago than their topic is kept."""
    return Delivery.objects.filter(~Q(topic="") | ~Q(author=None), date__lt=(clock.now() - TEXTS_KEPT).date())


def forget_topics(deliveries: QuerySet[Delivery]) -> None:
    """Leave no topic, and nobody who gave it."""
    ids = list(deliveries.values_list("pk", flat=True))
    Delivery.objects.filter(pk__in=ids).update(topic="", author=None, by_hand={})
    name_no_consultant(Delivery, ids)


RETENTION = (
    Retention(models=("guidance.course", "guidance.logentry", "guidance.nextstep"), due=courses_to_forget, forget=forget_words),
    Retention(models=("guidance.delivery",), due=deliveries_to_forget, forget=forget_topics),
)
