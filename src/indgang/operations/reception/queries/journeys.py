"""Journeys and their steps, as far as an actor may see them."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Desk, Journey, Note, Turn, Visit
from indgang.operations.reception.models.journey import NOT_SERVED, Outcome, Status
from indgang.operations.reception.permissions import WORKING
from indgang.operations.reception.rules.daytime import Day


def day_of(house_zone: object, date: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The instants at which a local day begins and ends."""
    day = Day(date, house_zone)  # type: ignore[arg-type]
    return day.midnight, day.instant(day.cells)


def journeys_visible_to(actor: Actor) -> QuerySet[Journey]:
    """The journeys an actor may see.

    A citizen: their own. The floorwalkers of the host: all of their house. The other authorities of a house: those with a step today, and
    those with a step at their own authority on any day. The program: all.
    """
    journeys = Journey.objects.all()
    if actor.kind == "system":
        return journeys
    if actor.kind == "citizen":
        return journeys.filter(reference=actor.reference)
    if not actor.has_role(*WORKING):
        return journeys.none()
    steps = Visit.objects.filter(journey=OuterRef("pk"))
    own = Exists(steps.filter(service__authority__in=actor.organisations_as(*WORKING)))
    seen = Q(own) | Q(house__in=actor.houses_as(*WORKING)) & Q(Exists(steps.filter(_is_on(clock.today()))))
    if actor.has_role(Role.FLOORWALKER):
        seen |= Q(house__in=actor.houses_as(Role.FLOORWALKER, host=True))
    return journeys.filter(seen)


def _is_on(date: dt.date) -> Q:
    """Steps booked for, or seen on, a local day. (Every house of one installation keeps the installation's calendar day.)"""
    begins, ends = day_of(clock.now_zone(), date)
    booked = Q(appointment__period__startswith__gte=begins, appointment__period__startswith__lt=ends)
    return booked | Q(arrived_at__gte=begins, arrived_at__lt=ends)


def visits_visible_to(actor: Actor) -> QuerySet[Visit]:
    """The steps of the journeys that the actor may see."""
    return Visit.objects.filter(journey__in=journeys_visible_to(actor))


def notes_visible_to(actor: Actor) -> QuerySet[Note]:
    """Notes and refusals: for the authority that wrote them, and for the floorwalkers of the house."""
    if actor.kind == "system":
        return Note.objects.all()
    floorwalker = Q(visit__journey__house__in=actor.houses_as(Role.FLOORWALKER, host=True))
    return Note.objects.filter(Q(organisation__in=actor.organisations_as(*WORKING)) | floorwalker)


def can_be_kept(visit: Visit, now: dt.datetime) -> bool:
    """Whether the party can still come to the step: it waits in the house, or it is expected and its time has not passed."""
    appointment = getattr(visit, "appointment", None)
    if appointment is None or appointment.freed_at:
        return False
    return visit.status == Status.WAITING or (visit.status == Status.PLANNED and appointment.ends > now)


BESIDE = "appointment__interpreter", "appointment__room", "interpreter", "room"


def with_steps(journeys: QuerySet[Journey]) -> QuerySet[Journey]:
    """With everything a page about them shows, in a handful of queries however many they are."""
    visits = Visit.objects.select_related("service__authority", "appointment__desk", *BESIDE, "desk").order_by("position", "id")
    return journeys.select_related("house__region", "contact", "municipality", "priority", "employee__booking").prefetch_related(
        Prefetch("visits", queryset=visits), "travellers__person", "tickets"
    )


def number_of(journey: Journey) -> int | None:
    """The number by which the party is called today, if it has one. Read it `with_steps`, or one query."""
    today = clock.today(journey.house.zone)
    return next((ticket.number for ticket in journey.tickets.all() if ticket.date == today), None)


def desks_of(actor: Actor) -> QuerySet[Desk]:
    """The desks an actor may serve at."""
    organisations = [organisation for organisation, role in actor.roles if role == Role.CLERK]
    return Desk.objects.filter(organisation__in=organisations).select_related("house__region", "organisation").order_by("house", "id")


ENDED = "ended"


def shown_outcome(actor: Actor, visit: Visit | Turn) -> str:
    """How a step ended, as far as the actor may know.

    A refusal is for its authority and the floorwalkers. Others see that a step "ended", done or refused alike, or else "done" would be told
    from a refusal by what is left; missing documents are for the whole house.
    """
    if visit.outcome in ("", Outcome.DOCUMENTS_MISSING, NOT_SERVED) or actor.kind == "system":
        return visit.outcome
    floorwalker = visit.journey.house_id in actor.houses_as(Role.FLOORWALKER, host=True)
    return visit.outcome if floorwalker or visit.service.authority_id in actor.organisations_as(*WORKING) else ENDED


def houses_of(actor: Actor) -> QuerySet[House]:
    """The houses whose day an actor may see."""
    return House.objects.filter(id__in=actor.houses_as(*WORKING)).select_related("region").order_by("id")
