"""What an employer may see of its group: that a visit exists, where and when. Not what became of it, and nothing of what was said there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Employee, EmployerBooking, Journey, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.permissions import WORKING
from indgang.operations.reception.queries.plans import PlanRequest
from indgang.operations.reception.queries.today import Today
from indgang.operations.reception.rules.groups import Identity, Member, enough, known_as
from indgang.operations.reception.rules.journeys import Traveller


@dataclass(frozen=True)
class EmployeeRow:
    """An employee as the employer sees them.

    `state` is one of booked, cancelled, past, waiting, proposed, no-time, new. `own`: the employee has opened the visit and keeps it
    themselves from now on. `times` are local, one for each day in the house.
    """

    employee: Employee
    state: str
    times: tuple[tuple[dt.datetime, dt.datetime], ...] = ()
    own: bool = False

    @property
    def changeable(self) -> bool:
        """Whether the employer may still move or cancel it."""
        return self.state == "booked" and not self.own and self.employee.journey_id is not None

    @property
    def has_visit(self) -> bool:
        """Whether a visit was booked, whatever became of it."""
        return bool(self.times)


def employer_booking(pk: UUID) -> EmployerBooking | None:
    """The group of that number, unless its people have been forgotten."""
    return EmployerBooking.objects.filter(pk=pk, forgotten_at=None).select_related("house__region").first()


class FirstDays:
    """The first day that a group holds of somebody who is in it; one query, when it is first asked."""

    def __init__(self, booking: EmployerBooking) -> None:
        self._booking = booking

    @cached_property
    def _standing(self) -> list[Employee]:
        return list(self._booking.employees.order_by("position"))

    def __call__(self, wanted: Identity) -> dt.date | None:
        place = known_as(wanted, [Identity(one.reference, one.name, one.email) for one in self._standing])
        return None if place is None else self._standing[place].arrival


def employees_of(booking: EmployerBooking) -> list[Employee]:
    """Everybody in the group, with the times of their visits, in a handful of queries."""
    visits = Visit.objects.select_related("appointment", "service").order_by("position", "id")
    journeys = Journey.objects.select_related("municipality", "contact").prefetch_related(
        Prefetch("visits", queryset=visits), "travellers__person"
    )
    people = booking.employees.select_related("waiting").prefetch_related(
        Prefetch("journey", queryset=journeys), Prefetch("waiting__journey", queryset=journeys)
    )
    return list(people.order_by("position"))


def rows_of(booking: EmployerBooking, people: Sequence[Employee] | None = None) -> list[EmployeeRow]:
    """The group as its page shows it."""
    return [_row(employee, booking.house) for employee in (employees_of(booking) if people is None else people)]


def _row(employee: Employee, house: House) -> EmployeeRow:
    journey = journey_of(employee)
    if journey is None:
        waits = employee.waiting is not None and employee.waiting.ended_at is None
        state = "waiting" if waits else "proposed" if employee.offer else "no-time" if employee.problem else "new"
        return EmployeeRow(employee, state)
    times = tuple(_days(journey, house))
    over = not times or times[-1][1] <= clock.now()
    state = "cancelled" if journey.cancelled_at else "past" if over else "booked"
    return EmployeeRow(employee, state, times, own=journey.email_confirmed_at is not None)


def journey_of(employee: Employee) -> Journey | None:
    """The visit: booked with the group, or taken from the waiting list since."""
    return employee.journey or (employee.waiting.journey if employee.waiting else None)


def _days(journey: Journey, house: House) -> list[tuple[dt.datetime, dt.datetime]]:
    booked = [visit.appointment for visit in journey.visits.all() if hasattr(visit, "appointment")]
    if not journey.cancelled_at:
        booked = [appointment for appointment in booked if appointment.freed_at is None]
    times = sorted((one.starts.astimezone(house.zone), one.ends.astimezone(house.zone)) for one in booked)
    dates = sorted({starts.date() for starts, _ends in times})
    by_day = [[time for time in times if time[0].date() == date] for date in dates]
    return [(day[0][0], max(ends for _starts, ends in day)) for day in by_day]


def members_of(rows: Sequence[EmployeeRow]) -> list[Member]:
    """The group as the employer's condition counts it. Whoever cancelled, or was here, does not stand in the way of the others."""
    return [Member(row.state in ("booked", "past", "proposed"), row.employee.needed) for row in rows if row.state != "cancelled"]


def may_book(booking: EmployerBooking, rows: Sequence[EmployeeRow]) -> bool:
    """Whether what is proposed may be booked under the employer's condition."""
    return enough(booking.book_when, booking.at_least, members_of(rows))


def travellers_of(employee: Employee) -> tuple[Traveller, ...]:
    """Who comes, the employee first."""
    citizenship = employee.citizenship
    adults = [Traveller(citizenship, False, "")] * (employee.adults - 1)
    return (Traveller(citizenship, False, employee.purpose), *adults, *[Traveller(citizenship, True, "")] * employee.children)


def request_for_employee(employee: Employee, house: House, first: dt.date, last: dt.date) -> PlanRequest:
    """What the employee needs, from the first day they can come on."""
    return PlanRequest(
        house=house,
        travellers=travellers_of(employee),
        earliest=max(first, employee.arrival or first),
        latest=last,
        municipality=employee.municipality,
        stay_months=employee.stay_months,
        language=employee.language,
        interpreter=employee.interpreter,
    )


@dataclass(frozen=True)
class GroupToday:
    """Those of a group who are in the house on one day. `expected` have not come yet, `here` have checked in and wait."""

    booking: EmployerBooking
    journeys: tuple[Journey, ...]
    starts: dt.datetime
    expected: int
    here: int


def groups_on(day: Today) -> list[GroupToday]:
    """The groups with visits in the house on a day, by the time of the first."""
    employees = [visit for visit in day.visits if hasattr(visit.journey, "employee") and hasattr(visit, "appointment")]
    booked = [visit for visit in employees if visit.appointment.freed_at is None and day.begins <= visit.appointment.starts < day.ends]
    groups: dict[UUID, list[Visit]] = {}
    for visit in sorted(booked, key=lambda visit: (visit.appointment.starts, visit.pk)):
        groups.setdefault(visit.journey.employee.booking_id, []).append(visit)
    return [_group(visits) for visits in groups.values()]


def _group(visits: Sequence[Visit]) -> GroupToday:
    journeys = {visit.journey_id: visit.journey for visit in visits}
    planned = {visit.journey_id for visit in visits if visit.status == Status.PLANNED}
    others = {visit.journey_id for visit in visits if visit.status not in (Status.PLANNED, Status.CANCELLED, Status.NO_SHOW)}
    waiting = {visit.journey_id for visit in visits if visit.status == Status.WAITING}
    booking = visits[0].journey.employee.booking
    return GroupToday(booking, tuple(journeys.values()), visits[0].appointment.starts, len(planned - others), len(waiting))


def groups_visible_to(actor: Actor) -> QuerySet[EmployerBooking]:
    """The groups whose people a floorwalker of the host receives. For others the company stands on the journeys that they may see."""
    return EmployerBooking.objects.filter(house__in=actor.houses_as(Role.FLOORWALKER, host=True))


def company_of(journey: Journey, actor: Actor) -> str:
    """Who booked the visit, where it was an employer and the actor may know: the host's floorwalkers, and authorities with a step on it.

    Read the journey `with_steps`.
    """
    employee = getattr(journey, "employee", None)
    if employee is None:
        return ""
    floorwalker = journey.house_id in actor.houses_as(Role.FLOORWALKER, host=True)
    own = actor.organisations_as(*WORKING)
    if floorwalker or any(visit.service.authority_id in own for visit in journey.visits.all()):
        return str(employee.booking.company)
    return ""
