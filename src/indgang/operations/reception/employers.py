"""What an employer says about its group, checked field by field: the same for the form and for a spreadsheet."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, validate_email
from django.utils.translation import gettext as _
from stdnum.dk import cvr as cvr_numbers

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.contacts import EMAIL_LENGTH, NAME_LENGTH
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.models.employers import BookWhen
from indgang.operations.reception.queries.group_plans import DAYS_AT_MOST
from indgang.operations.reception.rules.groups import Identity
from indgang.operations.reception.wishes import DAYS_AHEAD_AT_MOST, PEOPLE_AT_MOST, checked_interpreter

# The name travels in letters to people who have not asked for them, so it must carry no address of a page and no mail address.
_NO_NAME = re.compile(r"://|www\.|@|[<>]|\.[a-z]{2,}(?![a-z.])", re.IGNORECASE)
EMPLOYEES_AT_MOST = 50
APART_AT_MOST = 240


@dataclass(frozen=True)
class Wanted:
    """An employee to book for, checked. Citizenship is an alpha-3 code and municipality a code without leading zero; "" = unknown."""

    name: str
    email: str = ""
    language: str = "en"
    interpreter: str = ""
    citizenship: str = ""
    purpose: str = "work"
    stay_months: int | None = None
    municipality: str = ""
    arrival: dt.date | None = None
    adults: int = 1
    children: int = 0
    reference: str = ""
    needed: bool = False

    def as_fields(self) -> dict[str, Any]:
        """For the model."""
        return asdict(self)


@dataclass(frozen=True)
class Wishes:
    """When the group can come, and what must have a time for anything to be booked. `needed`: None = as it was said before."""

    first_day: dt.date
    last_day: dt.date
    earliest_time: dt.time | None = None
    latest_time: dt.time | None = None
    same_day: bool = False
    minutes_apart: int = 0
    book_when: str = BookWhen.ALL
    at_least: int = 1
    needed: frozenset[int] | None = None

    def as_fields(self) -> dict[str, Any]:
        """For the model."""
        return {name: value for name, value in asdict(self).items() if name != "needed"}


def checked_company(company: str, cvr: str, fields: dict[str, str]) -> tuple[str, str]:
    """The company's name and its CVR number of eight digits, "" when it was not given. Notes what is wrong in `fields`.

    The name is carried into other people's mail, so what is no name (an address of a page) is refused.
    """
    company = " ".join(company.split())
    if not company:
        fields["company"] = _("Write the name of the company.")
    elif len(company) > NAME_LENGTH or _NO_NAME.search(company):
        fields["company"] = _("Write the company's name as words, without addresses of pages.")
    number = "".join(cvr.upper().removeprefix("DK").split()) if cvr.strip() else ""
    if number and not cvr_numbers.is_valid(number):
        fields["cvr"] = _("This is not a CVR number. It has eight digits, like 13585628. You may leave it empty.")
    return company, cvr_numbers.compact(number) if number and "cvr" not in fields else ""


def checked_person(
    wanted: Wanted, fields: dict[str, str], *, house: House, contact_email: str, stood: Callable[[Identity], dt.date | None]
) -> Wanted:
    """The person, tidied. Notes what is wrong in `fields`. The contact's own address is no address of an employee.

    `stood` tells the first day that the group holds of somebody: it may have passed since, and the same file is right nevertheless.
    """
    name, email = " ".join(wanted.name.split()), wanted.email.strip()
    if not name:
        fields["name"] = _("Write the employee's name.")
    elif len(name) > NAME_LENGTH or any(unicodedata.category(letter) == "Cc" for letter in name):
        fields["name"] = _("Write the name with at most %(length)s letters.") % {"length": NAME_LENGTH}
    if email.casefold() == contact_email.casefold():
        email = ""
    if email:
        try:
            validate_email(email)
            MaxLengthValidator(EMAIL_LENGTH)(email)
        except ValidationError:
            fields["email"] = _("Write an e-mail address like name@example.com, or leave it empty: then the e-mail comes to you.")
    if wanted.adults < 1:
        fields["adults"] = _("The employee is one of the adults, so write 1 or more.")
    elif wanted.adults + wanted.children > PEOPLE_AT_MOST:
        fields["adults"] = _("At most %(most)s people can come together.") % {"most": PEOPLE_AT_MOST}
    if wanted.arrival and wanted.arrival < clock.today(house.zone):
        if wanted.arrival != stood(Identity(wanted.reference, name, email)):
            fields["arrival"] = _("This day has passed. Write the first day they can come, today or later, or leave it empty.")
    elif wanted.arrival:
        _check_day(house, wanted.arrival, "arrival", fields)
    interpreter = checked_interpreter(house, wanted.interpreter, fields)
    return Wanted(**{**asdict(wanted), "name": name, "email": email, "interpreter": interpreter})


def _check_day(house: House, date: dt.date, field: str, fields: dict[str, str]) -> None:
    if date > clock.today(house.zone) + dt.timedelta(days=DAYS_AHEAD_AT_MOST):
        fields[field] = _("This is more than a year ahead. Choose an earlier day.")


def checked_wishes(house: House, wishes: Wishes) -> None:
    """Raise InvalidRequest naming every wish that cannot be used."""
    fields: dict[str, str] = {}
    if wishes.first_day < clock.today(house.zone):
        fields["first_day"] = _("This date has passed. Choose today or a later day.")
    else:
        _check_day(house, wishes.first_day, "first_day", fields)
    if wishes.last_day < wishes.first_day:
        fields["last_day"] = _("The last day must not be before the first.")
    elif (wishes.last_day - wishes.first_day).days >= DAYS_AT_MOST:
        fields["last_day"] = _("Ask for at most %(most)s days at a time.") % {"most": DAYS_AT_MOST}
    if wishes.earliest_time and wishes.latest_time and wishes.earliest_time >= wishes.latest_time:
        fields["latest_time"] = _("The latest time must be after the earliest.")
    if not 0 <= wishes.minutes_apart <= APART_AT_MOST:
        fields["minutes_apart"] = _("Write a number of minutes from 0 to %(most)s.") % {"most": APART_AT_MOST}
    if wishes.book_when == BookWhen.AT_LEAST and not 1 <= wishes.at_least <= EMPLOYEES_AT_MOST:
        fields["at_least"] = _("Write how many must have a time, from 1 to %(most)s.") % {"most": EMPLOYEES_AT_MOST}
    if wishes.book_when == BookWhen.NAMED and wishes.needed is not None and not wishes.needed:
        fields["needed"] = _("Mark at least one of the employees, or choose another condition.")
    if fields:
        raise InvalidRequest(fields)


def doubles(people: Collection[tuple[int, Wanted]]) -> list[tuple[int, str, str, int]]:
    """Rows that stand for somebody in an earlier row, or share an address with one: row, field, value, the earlier row."""
    seen: dict[tuple[str, str], int] = {}
    found = []
    for row, wanted in people:
        keys = [("reference", wanted.reference.casefold()), ("email", wanted.email.casefold())]
        if not wanted.reference and not wanted.email:
            keys.append(("name", wanted.name.casefold()))
        for key in keys:
            first = seen.setdefault(key, row) if key[1] else row
            if first != row:
                found.append((row, key[0], key[1], first))
    return found
