"""Who sits where: the roster of a house as it counts, and the desks that have nobody because somebody is away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Membership, User
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.models import Absence, Appointment, Desk, Sitting
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.house import DeskPlan, HousePlan
from indgang.operations.reception.queries.kept import kept
from indgang.operations.reception.queries.today import Today
from indgang.operations.reception.rules.daytime import CELL_MINUTES, Day, run
from indgang.operations.reception.rules.opening import Closing
from indgang.operations.reception.rules.roster import Gap, Staffing, Turn, joined, staffing

WEEKS_AHEAD = 4


def _works_there(officer: str, organisation: str) -> Exists:
    roles = Membership.objects.filter(user=OuterRef(officer), organisation=OuterRef(organisation), ended_at=None, user__is_active=True)
    return Exists(roles.filter(role__in=permissions.WORKING))


def sittings_in(house: House, first: dt.date, last: dt.date | None = None) -> QuerySet[Sitting]:
    """The turns of colleagues who still work there and that may count from the first day on (until the last)."""
    rows = Sitting.objects.filter(_works_there("officer", "desk__organisation"), desk__house=house)
    ended = Q(ended_at=None) | Q(ended_at__gte=dt.datetime.combine(first + dt.timedelta(days=1), dt.time(), house.zone))
    rows = rows.filter(Q(valid_until=None) | Q(valid_until__gte=first), ended)
    if last is not None:
        rows = rows.filter(valid_from__lte=last)
    return rows.select_related("officer", "desk__house__region", "desk__organisation").order_by("desk", "valid_from", "id")


def sits_in(house: House, officer: User, today: dt.date) -> bool:
    """Whether somebody has turns there."""
    return sittings_in(house, today).filter(officer=officer).exists()


def absences_in(officers: Iterable[int], first: dt.date, last: dt.date) -> QuerySet[Absence]:
    """When they are away on these days."""
    rows = Absence.objects.filter(officer__in=officers, lifted_at=None, first_day__lte=last, last_day__gte=first)
    return rows.select_related("officer").order_by("first_day", "id")


def is_away(officer: User, house: House) -> bool:
    """Whether somebody is away at this moment."""
    now = clock.now().astimezone(house.zone)
    rows = absences_in([officer.pk], now.date(), now.date())
    begun = rows.filter(Q(from_time=None) | Q(from_time__lte=now.time()))
    return begun.filter(Q(until_time=None) | Q(until_time__gt=now.time())).exists()


def away_today(officer: User, today: Today) -> Absence | None:
    """What says that somebody is away today, now or later on; None where nothing does."""
    here = Absence.objects.filter(lifted_at=None, first_day__lte=today.date, last_day__gte=today.date)
    rows = kept(
        ("absences", today.house.pk, today.date),
        today.house_version,
        lambda: list(here.filter(organisation__participations__house=today.house).order_by("id")),
    )
    now = clock.now().astimezone(today.house.zone).time()
    mine = [row for row in rows if row.officer_id == officer.pk and (row.until_time is None or row.until_time > now)]
    return min(mine, key=lambda row: row.from_time or dt.time(), default=None)


def turn_of(row: Sitting) -> Turn:
    """As the rule reads it."""
    return Turn(row.officer_id, row.desk_id, frozenset(row.weekdays), row.begins, row.ends, row.valid_from, row.last_day)


@dataclass(frozen=True)
class Roster:
    """Turns and absences of a house on some days, read once and then asked desk by desk."""

    turns: dict[int, list[Turn]]
    absences: dict[int, list[Closing]]
    officers: dict[int, User]

    def staffing(self, plan: HousePlan, desk: DeskPlan, day: Day) -> Staffing:
        """Who sits at the desk on the day."""
        return staffing(day, plan.open_cells(desk, day), self.turns.get(desk.desk.pk, ()), self.absences)


def roster_of(house: House, first: dt.date, last: dt.date, *, officer: int | None = None) -> Roster:
    """The roster of these days, with two queries."""
    rows = sittings_in(house, first, last)
    chosen = list(rows if officer is None else rows.filter(officer=officer))
    turns: dict[int, list[Turn]] = {}
    for row in chosen:
        turns.setdefault(row.desk_id, []).append(turn_of(row))
    officers = {row.officer_id: row.officer for row in chosen}
    absences: dict[int, list[Closing]] = {}
    for absence in absences_in(officers, first, last):
        away = Closing(absence.first_day, absence.last_day, _next_cell(absence.from_time), absence.until_time)
        absences.setdefault(absence.officer_id, []).append(away)
    return Roster(turns, absences, officers)


def _next_cell(time: dt.time | None) -> dt.time | None:
    """Whoever goes within five minutes sat there for them: the plan never says that somebody had gone before they went."""
    if time is None or time.minute % CELL_MINUTES == 0:
        return time
    minutes = -(-(60 * time.hour + time.minute) // CELL_MINUTES) * CELL_MINUTES
    return time if minutes >= 24 * 60 else dt.time(*divmod(minutes, 60))


@dataclass(frozen=True)
class Unstaffed:
    """A desk without anybody, and how many bookings it has then. `begun`: it has nobody now; what is over of it is left out."""

    gap: Gap
    desk: Desk
    bookings: int
    begun: bool


def unstaffed(plan: HousePlan) -> list[Unstaffed]:
    """Desks that have nobody because somebody is away, from now until four weeks ahead, the first one first."""
    house, now = plan.house, clock.now()
    today = clock.today(house.zone)
    days = [plan.day(today + dt.timedelta(days=ahead)) for ahead in range(7 * WEEKS_AHEAD)]
    roster = roster_of(house, days[0].date, days[-1].date)
    if not roster.absences:
        return []
    gaps: list[Gap] = []
    for desk in plan.desks:
        if desk.desk.pk in roster.turns:
            gaps += joined(desk.desk.pk, [(day, _from_now(roster.staffing(plan, desk, day), day, now)) for day in days])
    counts = _bookings(house, gaps)
    desks = {desk.desk.pk: desk.desk for desk in plan.desks}
    local = now.astimezone(house.zone)
    found = [Unstaffed(gap, desks[gap.desk], count, _has_begun(gap, local)) for gap, count in zip(gaps, counts, strict=True)]
    return sorted(found, key=lambda one: (one.gap.first, one.gap.from_time or dt.time(), one.desk.pk))


def _from_now(staffed: Staffing, day: Day, now: dt.datetime) -> Staffing:
    """What is over needs nobody any more."""
    past = run(0, min(max(day.cell_of(now), 0), day.cells))
    return Staffing(staffed.open, staffed.there, {officer: cells & ~past for officer, cells in staffed.away.items()})


def _has_begun(gap: Gap, now: dt.datetime) -> bool:
    return gap.first == gap.last == now.date() and gap.from_time is not None and gap.from_time <= now.time()


def _bookings(house: House, gaps: Sequence[Gap]) -> list[int]:
    if not gaps:
        return []
    begins = dt.datetime.combine(min(gap.first for gap in gaps), dt.time(), house.zone)
    ends = dt.datetime.combine(max(gap.last for gap in gaps) + dt.timedelta(days=1), dt.time(), house.zone)
    booked = Appointment.objects.filter(desk__in={gap.desk for gap in gaps}, freed_at=None, period__overlap=(begins, ends))
    rows = list(booked.filter(visit__status__in=[Status.PLANNED, Status.WAITING]).values_list("desk", "period"))
    return [sum(desk == gap.desk and _lies_in(period, gap, house) for desk, period in rows) for gap in gaps]


def _lies_in(period: object, gap: Gap, house: House) -> bool:
    starts, ends = period.lower.astimezone(house.zone), period.upper.astimezone(house.zone)  # type: ignore[attr-defined]
    if not gap.first <= starts.date() <= gap.last:
        return False
    return (gap.until_time is None or starts.time() < gap.until_time) and (gap.from_time is None or ends.time() > gap.from_time)


def officers_for(organisation_id: int) -> QuerySet[User]:
    """Who may be set to sit at an organisation's desks: everybody who works there."""
    roles = Membership.objects.filter(organisation=organisation_id, ended_at=None, role__in=permissions.WORKING)
    return User.objects.filter(pk__in=roles.values("user"), is_active=True).order_by("name", "pk")


def absences_shown_to(actor: Actor, house: House) -> list[Absence]:
    """Absences that are not over, of those in the house whom the actor looks after, and the actor's own."""
    today = clock.today(house.zone)
    here = Absence.objects.filter(lifted_at=None, last_day__gte=today, organisation__participations__house=house)
    rows = here.select_related("officer", "organisation").order_by("first_day", "id")
    return [row for row in rows if permissions.note_absence(house, row.organisation_id, row.officer_id)(actor)]
