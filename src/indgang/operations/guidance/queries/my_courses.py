"""The courses that a consultant works with: the list, and what is to be done next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from indgang.foundation.access.actors import Actor
from indgang.operations.guidance.models import Category, Course, NextStep
from indgang.operations.guidance.queries.courses import courses_visible_to
from indgang.registers.parties.models import Field

QUIET_AFTER = dt.timedelta(days=60)  # a running course in which nobody was in contact for so long may have been forgotten
SOON = dt.timedelta(days=7)
RUNNING, ENDED, EVERY = "running", "ended", "all"
MINE, OURS = "mine", "ours"


@dataclass(frozen=True)
class Wanted:
    """Which courses a list shows: whose, of which category and field, running or ended, and what was searched for."""

    whose: str = MINE
    state: str = RUNNING
    category: str = ""
    field: str = ""
    text: str = ""

    @property
    def narrowed(self) -> bool:
        """Whether anything but whose they are was chosen."""
        return bool(self.category or self.field or self.text) or self.state != RUNNING


def open_steps() -> Q:
    """A condition on courses' next steps: those that are still to be done."""
    return Q(next_steps__done_on=None, next_steps__removed_at=None)


def courses_listed(actor: Actor, wanted: Wanted) -> QuerySet[Course]:
    """The running ones first, among them those whose next step is due first. Each has `due` and `last_contact`."""
    courses = courses_visible_to(actor).select_related("company", "organisation")
    if wanted.whose == MINE:
        courses = courses.filter(user=actor.user)
    if wanted.state != EVERY:
        courses = courses.filter(ended__isnull=wanted.state == RUNNING)
    if wanted.category in Category.values:
        courses = courses.filter(category=wanted.category)
    if wanted.field in Field.values:
        courses = courses.filter(fields__contains=[wanted.field])
    if wanted.text:
        number = "".join(sign for sign in wanted.text if sign.isdigit()) or wanted.text
        said = Q(company__name__icontains=wanted.text) | Q(company__cvr=number) | Q(reference__iexact=wanted.text)
        courses = courses.filter(said | Q(consultant__icontains=wanted.text))
    return courses.annotate(
        due=Min("next_steps__due", filter=open_steps()),
        last_contact=Max("log__on", filter=Q(log__removed_at=None)),
    ).order_by(F("ended").desc(nulls_first=True), F("due").asc(nulls_last=True), "-started", "-pk")


def steps_due(actor: Actor, until: dt.date) -> QuerySet[NextStep]:
    """What the actor's own courses have to be done by that day, the longest overdue first."""
    mine = courses_visible_to(actor).filter(user=actor.user)
    steps = NextStep.objects.filter(course__in=mine.values("pk"), done_on=None, removed_at=None, due__lte=until)
    return steps.select_related("course__company").order_by("due", "pk")


def quiet_courses(actor: Actor, today: dt.date) -> QuerySet[Course]:
    """The actor's own running courses in which nobody was in contact for long, and nothing is planned, the quietest first."""
    since = today - QUIET_AFTER
    running = courses_visible_to(actor).filter(user=actor.user, ended=None, started__lt=since).select_related("company")
    noted = running.annotate(
        last_contact=Max("log__on", filter=Q(log__removed_at=None)),
        ahead=Count("next_steps", filter=open_steps() & Q(next_steps__due__gte=today)),
    )
    return noted.filter(Q(last_contact=None) | Q(last_contact__lt=since), ahead=0).order_by(
        F("last_contact").asc(nulls_first=True), "started"
    )


def hours_logged(course: Course) -> Decimal | None:
    """The hours of all contacts together; None where none says any."""
    together: Decimal | None = course.log.filter(removed_at=None).aggregate(sum=Sum("hours"))["sum"]
    return together
