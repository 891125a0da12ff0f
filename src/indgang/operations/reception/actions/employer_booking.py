"""Booking, moving and cancelling a group: what the employer has seen is written in one transaction under its own condition, or not at all.

Only one group of a house is written at a time, so that two groups never wait for each other's places. Whoever books for themselves
meanwhile may take a place, and then nothing of the group is written: those affected are planned anew, and the employer is asked again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import ANONYMOUS, citizen
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.operations.reception import emails, employer_letters, links
from indgang.operations.reception.actions.booking import book_in_group
from indgang.operations.reception.actions.changes import cancel_journey, move_journey
from indgang.operations.reception.actions.employers import group_now, locked_group, propose_for, write_group_entry
from indgang.operations.reception.actions.places import PlacesTaken, lock, share_opening
from indgang.operations.reception.actions.waiting import join_waiting_list
from indgang.operations.reception.contacts import Contact, Guest
from indgang.operations.reception.errors import AlreadyBooked, GroupChanged, NotNow, OfferRefused, PlacesGone
from indgang.operations.reception.models import Employee, EmployerBooking, Journey
from indgang.operations.reception.offers import read_offer
from indgang.operations.reception.queries.employers import EmployeeRow, employees_of, may_book, request_for_employee, rows_of, travellers_of

HAS_VISIT = "has-visit"
SOURCE = "employer"
CHANGES_PER_GROUP = 40
PROPOSAL_MINUTES = 24 * 60  # whoever books for thirty reads longer than whoever books for one; the places are looked at again anyway


class _Affected(Exception):
    """Rolls the booking back: employees by number, and the problem that stays with those for whom no other time helps."""

    def __init__(self, problems: dict[int, str]) -> None:
        super().__init__()
        self.problems = problems


@dataclass(frozen=True)
class Confirmed:
    """What was written: how many visits were booked and how many moved. `again`: it was so already, from an earlier click."""

    booked: int = 0
    moved: int = 0
    again: bool = False


def shown_proposals(rows: Sequence[EmployeeRow]) -> str:
    """A short name for everything that is proposed on a page, so that what is booked is what was seen."""
    return digest("|".join(f"{row.employee.pk}:{row.employee.offer}" for row in rows if row.employee.offer))


def confirm_proposals(*, booking: EmployerBooking, shown: str) -> Confirmed:
    """Book and move everything that the page `shown` proposed, in one transaction.

    Sent twice, the second answers `again`. Raises NotNow where the employer's condition is not met or other proposals stand by now, and
    GroupChanged where a place was taken by somebody else.
    """
    try:
        with transaction.atomic():
            return _confirm(booking, shown)
    except _Affected as affected:
        people = _plan_anew(booking, affected.problems)
        message = _("Nothing is booked yet. The times of these are not free any more: %(names)s. Look at the new proposals.")
        raise GroupChanged(message % {"names": ", ".join(people)}, people) from None


def _confirm(booking: EmployerBooking, shown: str) -> Confirmed:
    share_opening(booking.house.key)
    lock(f"employers:{booking.house.key}")
    booking = locked_group(booking)
    rows = group_now(booking)
    proposed = [row for row in rows if row.employee.offer]
    if not proposed:
        return Confirmed(again=True)
    if shown != shown_proposals(rows):
        raise NotNow(_("The proposals have changed since you opened the page. Look at them once more, and then book."))
    if any(row.state == "proposed" for row in proposed) and not may_book(booking, rows):
        raise NotNow(_("Too few of the group have a time for what you asked. Look for other days, or change your condition."))
    if booking.overviews >= CHANGES_PER_GROUP:
        raise NotNow(_("This group has been changed many times. Write to us, and we will help you."))
    now = clock.now()
    _lock_resources(proposed)
    problems: dict[int, str] = {}
    for row in proposed:
        try:
            with transaction.atomic():
                _write(row.employee, booking, now)
        except (PlacesTaken, PlacesGone, OfferRefused):
            problems[row.employee.pk] = ""
        except AlreadyBooked:
            problems[row.employee.pk] = HAS_VISIT
        except NotNow:
            problems[row.employee.pk] = "" if row.state == "proposed" else HAS_VISIT
    if problems:
        raise _Affected(problems)
    booked = [row.employee for row in proposed if row.state == "proposed"]
    booking.employees.exclude(journey=None).update(problem="", replaced=False)
    _tell(booking, [row.employee for row in proposed], booked, now)
    return Confirmed(booked=len(booked), moved=len(proposed) - len(booked))


def _lock_resources(proposed: Sequence[EmployeeRow]) -> None:
    """Interpreters and rooms of the whole group at once and in one order, as everybody takes them."""
    stops = [stop for row in proposed for stop in read_offer(row.employee.offer, age_minutes=None).stops]
    lock(*sorted({f"resource:{number}" for stop in stops for number in stop.resources}))


def _write(employee: Employee, booking: EmployerBooking, now: dt.datetime) -> None:
    """Book or move one of the group."""
    if employee.journey is not None:
        move_journey(
            actor=citizen(employee.journey.reference), journey=employee.journey, offer=employee.offer, age_minutes=PROPOSAL_MINUTES
        )
    else:
        contact = Contact(employee.name, employee.email, "", employee.language)
        party = travellers_of(employee)
        names = [employee.name, *[""] * len(party)]
        guests = [Guest(name, one.citizenship, one.child, one.purpose) for name, one in zip(names, party, strict=False)]
        made = book_in_group(
            actor=ANONYMOUS, offer=employee.offer, contact=contact, guests=guests, source=SOURCE, now=now, age_minutes=PROPOSAL_MINUTES
        )
        employee.journey = made.journey
        _write_to(employee, made.journey, booking)
    employee.offer, employee.starts, employee.problem, employee.replaced = "", None, "", False
    employee.save(update_fields=["journey", "offer", "starts", "problem", "replaced"])


def _write_to(employee: Employee, journey: Journey, booking: EmployerBooking) -> None:
    """The employee's own letter; without an address of theirs, a letter to the contact that is to be handed on. It carries no link."""
    if employee.email:
        code = links.new_email_code(journey=journey)
        emails.send_booked(journey=journey, manage_url=links.new_manage_url(journey=journey), code=code, employer=booking)
    else:
        employer_letters.send_to_hand_on(booking=booking, journey=journey, name=employee.name)


def _tell(booking: EmployerBooking, changed: Sequence[Employee], booked: Sequence[Employee], now: dt.datetime) -> None:
    booking.overviews += 1
    booking.save(update_fields=["overviews"])
    write_group_entry("employer.booked", booking, at=now, after={"booked": len(booked), "moved": len(changed) - len(booked)})
    employer_letters.send_overview(booking=booking, rows=group_now(booking))


@transaction.atomic
def _plan_anew(booking: EmployerBooking, problems: dict[int, str]) -> list[str]:
    """Other times for those whose places are gone; the names of all of them."""
    booking = locked_group(booking)
    rows = group_now(booking)
    affected = [row for row in rows if row.employee.pk in problems and row.employee.offer]
    again = [row for row in affected if not problems[row.employee.pk]]
    propose_for(booking, rows, again)
    for row in affected:
        employee = row.employee
        if problems[employee.pk]:
            employee.offer, employee.starts, employee.problem = "", None, problems[employee.pk]
        employee.replaced = True
        employee.save(update_fields=["offer", "starts", "problem", "replaced"])
    return [row.employee.name for row in affected]


@transaction.atomic
def cancel_for_employees(*, booking: EmployerBooking, numbers: Sequence[int] | None = None) -> list[str]:
    """Cancel the visits of these employees, or (None) all that are still the employer's to cancel; their names. All of them or none.

    Raises NotNow where an employee has taken the visit over: from then on it is theirs.
    """
    booking = locked_group(booking)
    rows = group_now(booking)
    chosen = [row for row in rows if (row.changeable if numbers is None else row.employee.pk in numbers)]
    kept = [row.employee.name for row in chosen if row.own and row.state == "booked"]
    if kept:
        raise NotNow(_("%(names)s keeps the visit and can cancel it: they have opened their own link.") % {"names": ", ".join(kept)})
    chosen = [row for row in chosen if row.changeable]
    for row in chosen:
        journey = row.employee.journey
        assert journey is not None, "a visit that can be changed is there"
        cancel_journey(actor=citizen(journey.reference), journey=journey)
    if not chosen:
        raise NotNow(_("There is nothing left to cancel."))
    Employee.objects.filter(pk__in=[row.employee.pk for row in chosen]).update(offer="", starts=None, replaced=False)
    booking.overviews += 1
    booking.save(update_fields=["overviews"])
    write_group_entry("employer.cancelled", booking, after={"cancelled": len(chosen)})
    employer_letters.send_overview(booking=booking, rows=group_now(booking))
    return [row.employee.name for row in chosen]


@transaction.atomic
def begin_again(*, booking: EmployerBooking, number: int) -> str:
    """Somebody whose visit was cancelled is to come after all: they are in the group as before the booking; the name.

    The cancelled visit stays what it was. Raises NotNow for anybody else; asked twice, nothing more happens.
    """
    booking = locked_group(booking)
    row = next((row for row in group_now(booking) if row.employee.pk == number), None)
    if row is None or row.state not in ("cancelled", "new"):
        raise NotNow(_("This person has a time, or is not in the group any more."))
    employee = row.employee
    if row.state == "cancelled":
        employee.journey = employee.waiting = None
        employee.offer, employee.starts, employee.problem, employee.replaced = "", None, "", False
        employee.save(update_fields=["journey", "waiting", "offer", "starts", "problem", "replaced"])
        write_group_entry("employer.begun-again", booking)
    return employee.name


@transaction.atomic
def wait_for_employee(*, booking: EmployerBooking, number: int) -> str:
    """Ask for a place on the waiting list for somebody who found no time; the name. They confirm it themselves, so they need an address.

    Raises NotNow and TooManyBookings.
    """
    booking = locked_group(booking)
    row = next((row for row in rows_of(booking, employees_of(booking)) if row.employee.pk == number), None)
    if row is None or row.state != "no-time" or booking.first_day is None or booking.last_day is None:
        raise NotNow(_("This person does not need the waiting list."))
    employee = row.employee
    if not employee.email:
        raise NotNow(
            _("Free times are offered by e-mail for ten minutes. Write an e-mail address for %(name)s first.") % {"name": employee.name}
        )
    first = max(booking.first_day, clock.today(booking.house.zone))
    employee.waiting = join_waiting_list(
        request=request_for_employee(employee, booking.house, first, max(booking.last_day, first)),
        contact=Contact(employee.name, employee.email, "", employee.language),
        consent=True,
        request_key=f"employee:{employee.pk}:{employee.name}:{booking.overviews}:{booking.first_day}",
    )
    employee.problem = ""
    employee.save(update_fields=["waiting", "problem"])
    write_group_entry("employer.waiting", booking)
    return employee.name
