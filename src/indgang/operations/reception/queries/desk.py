"""What a desk has to do: its line, what it has finished today, and where a party goes from here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q, prefetch_related_objects

from indgang.foundation.database import clock
from indgang.foundation.identity.models import User
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Desk, Journey, Service, Turn, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, NOT_ENDED, NOT_SERVED, Outcome, Status
from indgang.operations.reception.queries.beside import rooms_waited_for
from indgang.operations.reception.queries.board import minutes_since
from indgang.operations.reception.queries.in_line import as_waiting
from indgang.operations.reception.queries.journeys import day_of
from indgang.operations.reception.queries.line import line_of
from indgang.operations.reception.queries.next_steps import LAST, booked_at, held_up_by, next_of, waiting_since
from indgang.operations.reception.queries.today import Today, today_in
from indgang.operations.reception.rules.queue import Turn as Place
from indgang.operations.reception.rules.queue import order


@dataclass(frozen=True)
class InLine:
    """A step in a desk's line. `keeps`: when the party is booked here for whom it is held back, where it is; `whom`: its step."""

    visit: Visit
    since: dt.datetime | None
    keeps: dt.datetime | None = None
    whom: Visit | None = None

    @property
    def minutes(self) -> int:
        """How long it has waited: nothing yet before its time has come."""
        return max(minutes_since(self.since), 0) if self.since else 0


def parties_in_line(desk: Desk, today: Today | None = None) -> list[InLine]:
    """The steps that the desk may call now, the next one first, `with_steps`."""
    today = today or today_in(desk.house)
    visits = {visit.pk: visit for visit in today.visits}
    rules = today.plan.line

    def place(turn: Place) -> InLine:
        visit = visits[turn.step.visit]
        return InLine(visit, waiting_since(visit, visit.journey.visits.all(), rules), turn.keeps, visits.get(turn.whom or 0))

    return [place(turn) for turn in line_of(desk, today)]


def passed_over(desk: Desk, called: Visit) -> list[Visit]:
    """The steps that stood before this one in the desk's line when it was called, and wait for a room still."""
    today, now = today_in(desk.house), clock.now()
    visits = {visit.pk: visit for visit in today.visits}
    if called.pk not in visits:
        return []
    its = order(as_waiting(visits[called.pk], set()), desk.pk, now=now, rules=today.plan.line)
    line = [turn.step for turn in line_of(desk, today) if not turn.held_back]
    before = [visits[step.visit] for step in line if order(step, desk.pk, now=now, rules=today.plan.line) < its]
    roomless = rooms_waited_for(today.plan, before)
    return [visit for visit in before if visit.pk in roomless]


def parties_aside(desk: Desk, today: Today | None = None) -> list[Visit]:
    """The steps of the desk's services whose parties wait aside, the longest first, `with_steps`."""
    today = today or today_in(desk.house)
    services = next(one.services for one in today.plan.desks if one.desk.pk == desk.pk)
    aside = [visit for visit in today.in_the_house if visit.parked_at and visit.status == Status.WAITING and visit.service.key in services]
    return sorted(aside, key=lambda visit: (visit.parked_at or LAST, visit.pk))


def present_at(desk: Desk, today: Today) -> Visit | None:
    """The step that the desk has called or is serving, `with_steps`."""
    return next((visit for visit in today.visits if visit.desk_id == desk.pk and visit.status in AT_A_DESK), None)


def with_officer(house: House, officer: User) -> Visit | None:
    """The step in the house that the colleague has called or is serving."""
    return Visit.objects.filter(desk__house=house, clerk=officer, status__in=AT_A_DESK).select_related("desk").first()


@dataclass(frozen=True)
class DeskLine:
    """A desk, who is there, and who waits for it."""

    desk: Desk
    present: Visit | None
    waiting: list[Visit]


def sendable_services(journey: Journey) -> list[Service]:
    """What a party can be sent on to: the services of the house that it has not on its list. Read the journey `with_steps`."""
    on_its_list = [visit.service_id for visit in journey.visits.all() if visit.status not in (Status.CANCELLED, Status.NO_SHOW)]
    rows = Service.objects.filter(desks__house=journey.house_id).exclude(pk__in=on_its_list).select_related("authority").distinct()
    return list(rows.order_by("authority_id", "pk"))


def desk_lines(desks: Sequence[Desk]) -> list[DeskLine]:
    """The desks with who is there and their lines."""
    days = {desk.house_id: today_in(desk.house) for desk in {desk.house_id: desk for desk in desks}.values()}
    present = {visit.desk_id: visit for day in days.values() for visit in day.visits if visit.status in AT_A_DESK}
    return [DeskLine(desk, present.get(desk.pk), [place.visit for place in parties_in_line(desk, days[desk.house_id])]) for desk in desks]


def ended_at_desk(desk: Desk, today: Today) -> list[Turn]:
    """What its authority finished at the desk today, the newest first, also where its step has been booked anew since.

    Nobody may change the parties: they are the day's own. Whoever is of another day, and ended here today, is looked up.
    """
    rows = Turn.objects.filter(desk=desk, authority=desk.organisation_id, outcome__in=Outcome.values)
    rows = rows.filter(ended_at__gte=today.begins, ended_at__lt=today.ends)
    turns = list(rows.order_by("-ended_at", "-id"))
    visits = {visit.pk: visit for visit in today.visits}
    for turn in turns:
        if turn.visit_id in visits:
            turn.visit = visits[turn.visit_id]
            turn.journey = turn.visit.journey
            if turn.service_id == turn.visit.service_id:
                turn.service = turn.visit.service
    others = [turn for turn in turns if turn.visit_id not in visits]
    prefetch_related_objects(others, "visit", "journey__contact", "journey__house__region", "journey__tickets", "journey__visits")
    prefetch_related_objects(turns, "service")
    return turns


def earlier_turns(journey: Journey) -> list[Turn]:
    """The party's turns that ended, the newest first, but for those that its steps, read `with_steps`, tell of now."""
    told = Q(visit__status=Status.DONE, visit__ended_at=F("ended_at")) | Q(visit__outcome=NOT_SERVED, outcome=NOT_SERVED)
    rows = Turn.objects.filter(journey=journey, ended_at__isnull=False).exclude(told)
    turns, visits = list(rows.order_by("-ended_at", "-id")), {visit.pk: visit for visit in journey.visits.all()}
    for turn in turns:
        turn.journey, turn.visit = journey, visits[turn.visit_id]
    prefetch_related_objects(turns, "service__authority", "desk")
    return turns


def next_step_after(journey: Journey) -> tuple[Visit | None, Visit | None]:
    """The party's next open step today, and the one without which it cannot be done in its time. Read the journey `with_steps`."""
    begins, ends = day_of(journey.house.zone, clock.today(journey.house.zone))

    visits = list(journey.visits.all())
    pending = [visit for visit in visits if visit.status in NOT_ENDED]
    today = [visit for visit in pending if begins <= (booked_at(visit) or visit.arrived_at or LAST) < ends]
    ended = [visit for visit in visits if visit not in pending]
    following = next_of([*today, *ended])
    return (following, held_up_by(following, visits)) if following else (None, None)
