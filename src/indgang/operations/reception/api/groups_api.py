"""A group that an employer books for: ask for the link, say who comes, look for times, book what was seen, follow it, move and cancel.

As on the pages nothing is asked about employees before the contact reads the mail of the address: the key is in the letter only. Every call
may be sent again: the same company and address are the same group, the same people are the same, and what is booked is booked once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from ninja import Router, Status

from indgang.operations.reception.actions.employer_booking import begin_again, cancel_for_employees, confirm_proposals, wait_for_employee
from indgang.operations.reception.actions.employers import (
    add_people,
    confirm_group,
    propose_times,
    remove_employee,
    start_employer_booking,
)
from indgang.operations.reception.api import answers, group_shapes
from indgang.operations.reception.api.group_shapes import EmployeeIn, Group, WishesIn, booked_group_out, group_out, new_group_out
from indgang.operations.reception.api.journeys_api import fields_inside, written_language
from indgang.operations.reception.api.public_api import house_named
from indgang.operations.reception.contacts import Contact, checked_citizenship, checked_purpose
from indgang.operations.reception.employer_links import group_key
from indgang.operations.reception.employers import EMPLOYEES_AT_MOST, Wanted, Wishes, checked_person, doubles
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.models import EmployerBooking
from indgang.operations.reception.models.employers import BookWhen
from indgang.operations.reception.queries.employers import FirstDays, employer_booking
from indgang.operations.reception.rules.groups import Identity
from indgang.operations.reception.waiting_links import opens
from indgang.operations.reception.wishes import STAY_AT_MOST, checked_municipality

_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}")
router = Router(tags=["groups of employers"])
CHANGED = {200: Group, **answers.problems(404, 409, 422)}
WRITTEN = {200: Group, **answers.problems(400, 404, 409, 413, 422)}


def group_opened(number: UUID, key: str, *, to_change: bool = True) -> EmployerBooking:
    """The group, if the key opens it. An unknown one and a wrong key look the same. The first change confirms the address."""
    booking = employer_booking(number)
    if booking is None or not opens(group_key(booking), key):
        raise Http404
    return confirm_group(booking=booking) if to_change and booking.confirmed_at is None else booking


@router.post("groups", response={201: group_shapes.NewGroup, **answers.problems(400, 413, 422, 429)}, summary="Book for your employees")
def start(request: HttpRequest, body: group_shapes.GroupIn) -> Status:
    """Write to the contact, whose e-mail carries the group's key. The same company and address are the same group, whenever it is sent."""
    contact = body.contact
    language = written_language(contact.language)
    with translation.override(language), fields_inside("contact", of=("name", "email", "phone")):
        booking = start_employer_booking(
            house=house_named(body.house),
            company=body.company,
            cvr=body.cvr,
            contact=Contact(contact.name, contact.email, contact.phone, language),
            consent=body.consent,
        )
    return Status(201, new_group_out(booking))


@router.get("groups/{booking}", response={200: Group, **answers.problems(404, 422)}, summary="A group of an employer")
def read(request: HttpRequest, booking: UUID, key: str = "") -> dict[str, Any]:
    """Who has which time, what is proposed, and who has none and why. Not what became of a visit."""
    return group_out(group_opened(booking, key, to_change=False))


@router.post("groups/{booking}/people", response=WRITTEN, summary="Put people into a group")
def people(request: HttpRequest, booking: UUID, body: group_shapes.PeopleIn, key: str = "") -> dict[str, Any]:
    """All of them, or none where anything is wrong: every fault is told at once by its path, like `people.3.email`.

    Somebody who is in the group already is corrected; who has a visit stays as they are.
    """
    group = group_opened(booking, key)
    add_people(booking=group, people=_checked(group, body.people))
    return group_out(group)


@router.post("groups/{booking}/people/{person}/remove", response=CHANGED, summary="Take somebody out")
def remove(request: HttpRequest, booking: UUID, person: int, key: str = "") -> dict[str, Any]:
    """Forget somebody who has no visit."""
    return _with_one(booking, key, person, remove_employee)


@router.post("groups/{booking}/people/{person}/again", response=CHANGED, summary="A new time for a cancelled one")
def again(request: HttpRequest, booking: UUID, person: int, key: str = "") -> dict[str, Any]:
    """Somebody whose visit was cancelled is in the group as before it was booked."""
    return _with_one(booking, key, person, begin_again)


@router.post(
    "groups/{booking}/people/{person}/wait", response={200: Group, **answers.problems(404, 409, 422, 429)}, summary="To the waiting list"
)
def wait(request: HttpRequest, booking: UUID, person: int, key: str = "") -> dict[str, Any]:
    """Ask for a place on the waiting list for somebody who found no time; they confirm it in an e-mail of their own."""
    return _with_one(booking, key, person, wait_for_employee)


@router.post("groups/{booking}/plan", response=WRITTEN, summary="Look for times")
def plan(request: HttpRequest, booking: UUID, body: WishesIn, key: str = "") -> dict[str, Any]:
    """A time for everybody who has none, or with `move` other times for those of these numbers. Reserves nothing."""
    group = group_opened(booking, key)
    propose_times(booking=group, wishes=_wishes(group, body), move=body.move or None)
    return group_out(group)


@router.post(
    "groups/{booking}/book",
    response={200: group_shapes.BookedGroup, **answers.problems(400, 404, 413, 422), 409: group_shapes.GroupChanged},
    summary="Book what was proposed",
)
def book(request: HttpRequest, booking: UUID, body: group_shapes.ShownIn, key: str = "") -> dict[str, Any]:
    """Book and move exactly what `shown` names, all of it or, with a 409, nothing. Sent again, nothing is booked twice."""
    group = group_opened(booking, key)
    return booked_group_out(group, confirm_proposals(booking=group, shown=body.shown))


@router.post("groups/{booking}/cancel", response=WRITTEN, summary="Cancel visits of a group")
def cancel(request: HttpRequest, booking: UUID, body: group_shapes.NumbersIn, key: str = "") -> dict[str, Any]:
    """The visits of these people, or all that are still the employer's to cancel: all of them or, with a 409, none."""
    group = group_opened(booking, key)
    cancel_for_employees(booking=group, numbers=body.people or None)
    return group_out(group)


def _with_one(booking: UUID, key: str, person: int, act: Callable[..., object]) -> dict[str, Any]:
    """Do it with somebody of the group, and show the group as it is then."""
    group = group_opened(booking, key)
    act(booking=group, number=person)
    return group_out(group)


def _checked(booking: EmployerBooking, people: Sequence[EmployeeIn]) -> list[Wanted]:
    """Everybody, tidied. Raises InvalidRequest naming every field of every row that cannot be used."""
    if not people:
        raise InvalidRequest({"people": _("Write at least one employee's name.")})
    if len(people) > EMPLOYEES_AT_MOST:
        message = _("A group has at most %(most)s employees. Book for the others in a further group, or write to us.")
        raise InvalidRequest({"people": message % {"most": EMPLOYEES_AT_MOST}})
    faults: dict[str, str] = {}
    rows, stood = [], FirstDays(booking)
    for place, person in enumerate(people):
        fields: dict[str, str] = {}
        rows.append((place, _checked_one(booking, person, fields, stood)))
        faults |= {f"people.{place}.{name}": message for name, message in fields.items()}
    for place, name, _value, first in doubles(rows):
        message = _("Employee %(first)s has the same. Leave an e-mail address empty where you want the e-mail yourself.")
        faults.setdefault(f"people.{place}.{name}", message % {"first": first + 1})
    if faults:
        raise InvalidRequest(faults)
    return [wanted for _place, wanted in rows]


def _checked_one(
    booking: EmployerBooking, person: EmployeeIn, fields: dict[str, str], stood: Callable[[Identity], dt.date | None]
) -> Wanted:
    citizenship, house = person.citizenship, booking.house
    try:
        citizenship = checked_citizenship(citizenship, field="citizenship")
    except InvalidRequest as refusal:
        fields |= refusal.fields
    try:
        checked_purpose(person.purpose, field="purpose")
    except InvalidRequest as refusal:
        fields |= refusal.fields
    if person.stay_months is not None and not 0 <= person.stay_months <= STAY_AT_MOST:
        fields["stay_months"] = _("Write the length of the stay in months, from 0 to %(most)s.") % {"most": STAY_AT_MOST}
    wanted = Wanted(
        name=person.name,
        email=person.email,
        language=person.language[:2].lower() or booking.language,
        interpreter=person.interpreter or "",
        citizenship=citizenship,
        purpose=person.purpose,
        stay_months=person.stay_months,
        municipality=checked_municipality(house, person.municipality or "", fields),
        arrival=person.arrival,
        adults=person.adults,
        children=person.children,
        reference=" ".join(person.reference.split()),
        needed=person.needed,
    )
    return checked_person(wanted, fields, house=house, contact_email=booking.email, stood=stood)


def _wishes(booking: EmployerBooking, body: WishesIn) -> Wishes:
    """As the action takes them. Who is `needed` was said with the people."""
    fields: dict[str, str] = {}
    earliest, latest = (_clock_time(getattr(body, name), name, fields) for name in ("earliest_time", "latest_time"))
    if body.book_when not in BookWhen.values:
        fields["book_when"] = _("Choose one of: %(purposes)s.") % {"purposes": ", ".join(BookWhen.values)}
    if fields:
        raise InvalidRequest(fields)
    needed = frozenset(booking.employees.filter(needed=True).values_list("pk", flat=True)) if body.book_when == BookWhen.NAMED else None
    said = body.model_dump(exclude={"move"})
    return Wishes(**{**said, "earliest_time": earliest, "latest_time": latest, "needed": needed})


def _clock_time(text: str | None, name: str, fields: dict[str, str]) -> dt.time | None:
    """A time of day in the house, so without an offset."""
    if not text:
        return None
    hour, _colon, minute = text.partition(":")
    if _CLOCK.fullmatch(text) and int(hour) < 24 and int(minute) < 60:
        return dt.time(int(hour), int(minute))
    fields[name] = _("Write the time like 09:30.")
    return None
