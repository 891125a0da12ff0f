"""What the calls for an employer's group take and give."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Field, Schema

from indgang.operations.reception.actions.employer_booking import Confirmed, shown_proposals
from indgang.operations.reception.api import answers
from indgang.operations.reception.api.schemas import ContactIn, Sent, SentExactly
from indgang.operations.reception.employer_words import problem_in_words
from indgang.operations.reception.models import EmployerBooking
from indgang.operations.reception.offers import read_offer
from indgang.operations.reception.queries.employers import EmployeeRow, may_book, rows_of

WHOLE = 10_000


class GroupIn(Sent):
    """Who books for whose people. `house` is a key."""

    house: str = Field("", max_length=60)
    company: str = Field("", max_length=1000)
    cvr: str = Field("", max_length=50)
    contact: ContactIn
    consent: bool = False


class EmployeeIn(Sent):
    """Somebody to book for. `reference`, the employer's own number, tells two people apart; without it name and address do."""

    name: str = Field("", max_length=1000)
    email: str = Field("", max_length=1000)
    language: str = Field("", max_length=10)
    interpreter: str | None = Field("", max_length=10)
    citizenship: str = Field("", max_length=50)
    purpose: str = Field("work", max_length=50)
    stay_months: int | None = None
    municipality: str | None = Field("", max_length=50, coerce_numbers_to_str=True)
    arrival: dt.date | None = None
    adults: int = Field(1, ge=0, le=WHOLE)
    children: int = Field(0, ge=0, le=WHOLE)
    reference: str = Field("", max_length=60)
    needed: bool = False


class PeopleIn(Sent):
    """Those who join the group, or are corrected in it."""

    people: list[EmployeeIn] = Field(max_length=1000)


class WishesIn(Sent):
    """When the group can come, and what must have a time: all, at-least or named.

    `move`: numbers of those with a visit, to look for other times for them.
    """

    first_day: dt.date
    last_day: dt.date
    earliest_time: str | None = Field("", max_length=20)
    latest_time: str | None = Field("", max_length=20)
    same_day: bool = False
    minutes_apart: int = Field(0, ge=0, le=WHOLE)
    book_when: str = Field("all", max_length=20)
    at_least: int = Field(1, ge=0, le=WHOLE)
    move: list[int] = Field(default_factory=list, max_length=1000)


class ShownIn(Sent):
    """The name of the proposals that were looked at."""

    shown: str = Field(max_length=100)


class NumbersIn(SentExactly):
    """Whose visits: numbers of the group's people, or empty for all that may be cancelled."""

    people: list[int] = Field(default_factory=list, max_length=1000)


class Times(Schema):
    """When somebody is in the house on one day."""

    starts: str
    ends: str


class Proposed(Times):
    """A time that is free and not booked yet, and what is done in it."""

    services: list[str]


class GroupPerson(Schema):
    """One of the group. `state`: new, proposed, no-time, booked, waiting, cancelled or past. `problem` is a sentence, or empty."""

    number: int
    name: str
    reference: str
    needed: bool
    interpreter: str | None
    state: str
    changeable: bool
    times: list[Times]
    proposed: Proposed | None
    problem: str


class Group(Schema):
    """A group as its contact sees it. `shown` names what is proposed now; `may_book`: whether the condition allows to book it."""

    id: str
    house: str
    company: str
    confirmed: bool
    first_day: str | None
    last_day: str | None
    book_when: str
    at_least: int
    may_book: bool
    shown: str | None
    people: list[GroupPerson]


class NewGroup(Schema):
    """A group that was asked for. The key that opens it is in the e-mail to its contact, and so is whatever else there is to know."""

    id: str
    house: str


class BookedGroup(Group):
    """What was written by this call. `again`: nothing, since it was written already."""

    booked: int
    moved: int
    again: bool


class GroupChanged(answers.Problem):
    """A conflict. `people`: names of those whose times are gone and who have been planned anew."""

    people: list[str] = Field(default_factory=list)


def new_group_out(booking: EmployerBooking) -> dict[str, Any]:
    """What whoever asks is told, who may be anybody: not whether there was such a group before."""
    return {"id": str(booking.pk), "house": booking.house.key}


def group_out(booking: EmployerBooking) -> dict[str, Any]:
    """The group as it is now."""
    booking.refresh_from_db(fields=["confirmed_at", "first_day", "last_day", "book_when", "at_least"])
    rows = rows_of(booking)
    proposed = any(row.employee.offer for row in rows)
    return {
        **new_group_out(booking),
        "company": booking.company,
        "confirmed": booking.confirmed_at is not None,
        "first_day": booking.first_day.isoformat() if booking.first_day else None,
        "last_day": booking.last_day.isoformat() if booking.last_day else None,
        "book_when": booking.book_when,
        "at_least": booking.at_least,
        "may_book": proposed and (may_book(booking, rows) or not any(row.state == "proposed" for row in rows)),
        "shown": shown_proposals(rows) if proposed else None,
        "people": [_person_out(row, booking) for row in rows],
    }


def booked_group_out(booking: EmployerBooking, done: Confirmed) -> dict[str, Any]:
    """The group after a booking, and what was written."""
    return {**group_out(booking), "booked": done.booked, "moved": done.moved, "again": done.again}


def _person_out(row: EmployeeRow, booking: EmployerBooking) -> dict[str, Any]:
    one = row.employee
    return {
        "number": one.pk,
        "name": one.name,
        "reference": one.reference,
        "needed": one.needed,
        "interpreter": one.interpreter or None,
        "state": row.state,
        "changeable": row.changeable,
        "times": [{"starts": starts.isoformat(), "ends": ends.isoformat()} for starts, ends in row.times],
        "proposed": _proposed_out(one.offer, booking) if one.offer else None,
        "problem": problem_in_words(one, one.problem),
    }


def _proposed_out(text: str, booking: EmployerBooking) -> dict[str, Any]:
    offer, zone = read_offer(text, age_minutes=None), booking.house.zone
    return {
        "starts": offer.starts.astimezone(zone).isoformat(),
        "ends": offer.ends.astimezone(zone).isoformat(),
        "services": [stop.service for stop in offer.stops],
    }
