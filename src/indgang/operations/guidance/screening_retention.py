"""What is forgotten of screening visits and wheels, and when: the words and the names. That a visit was held stays, for the figures."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from indgang.foundation.database import clock
from indgang.foundation.privacy.retention import Retention
from indgang.operations.guidance.models import Answer, Lead, Participant, Screening, WheelFilling
from indgang.registers.parties.actions.ties import untie

UNCONFIRMED_KEPT = dt.timedelta(days=7)
WORDS_KEPT = dt.timedelta(days=5 * 365)


def unconfirmed_requests() -> QuerySet[Screening]:
    """Requests of which nobody showed that they read their mail."""
    asked = Screening.objects.filter(by_company=True, confirmed_at=None, date=None)
    return asked.filter(created_at__lt=clock.now() - UNCONFIRMED_KEPT)


def forget_requests(requests: QuerySet[Screening]) -> None:
    """They never were."""
    found = list(requests)
    untie(found)
    Screening.objects.filter(pk__in=[one.pk for one in found]).delete()


def visits_to_forget() -> QuerySet[Screening]:
    """Visits (or requests that became none) so long ago that their words are no longer kept."""
    said = ~Q(contact_name="", contact_email="", contact_phone="", wish="", place="", summary="", consultant=None, created_by=None)
    said |= Q(answers__note__gt="") | Q(participants__name__gt="") | Q(leads__text__gt="") | Q(shares__isnull=False)
    moment = clock.now() - WORDS_KEPT
    old = Q(date__lt=moment.date()) | Q(date=None, created_at__lt=moment)
    return Screening.objects.filter(said, old).distinct()


def forget_words(visits: QuerySet[Screening]) -> None:
    """Leave no words and no names; scores, day and municipality stay."""
    ids = list(visits.values_list("pk", flat=True))
    Answer.objects.filter(screening__in=ids).update(note="", author=None)
    Participant.objects.filter(screening__in=ids).update(name="")
    Lead.objects.filter(screening__in=ids).update(text="", author=None)
    Lead.objects.filter(screening__in=ids).exclude(to_adviser="").update(to_adviser="-")
    nothing = dict.fromkeys(("contact_name", "contact_email", "contact_phone", "wish", "place", "summary", "company_name", "cvr"), "")
    Screening.objects.filter(pk__in=ids).update(**nothing, consultant=None, created_by=None)
    for visit in Screening.objects.filter(pk__in=ids):
        visit.shares.all().delete()


def wheels_to_forget() -> QuerySet[WheelFilling]:
    """Wheels of courses so long ago that what was said is no longer kept."""
    return WheelFilling.objects.filter(~Q(note="") | ~Q(author=None), on__lt=(clock.now() - WORDS_KEPT).date())


RETENTION = (
    Retention(models=("guidance.screening",), due=unconfirmed_requests, forget=forget_requests),
    Retention(
        models=("guidance.answer", "guidance.participant", "guidance.lead", "guidance.resultshare"),
        due=visits_to_forget,
        forget=forget_words,
    ),
    Retention(models=("guidance.wheelfilling",), due=wheels_to_forget, forget=lambda wheels: wheels.update(note="", author=None)),
)
