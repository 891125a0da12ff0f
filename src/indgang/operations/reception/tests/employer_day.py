"""A group that an employer books for, for the tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.employer_booking import confirm_proposals, shown_proposals
from indgang.operations.reception.actions.employers import add_people, confirm_group, propose_times, start_employer_booking
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.employers import Wanted, Wishes
from indgang.operations.reception.models import Employee, EmployerBooking
from indgang.operations.reception.queries.employers import EmployeeRow, employees_of, rows_of

DAY = dt.date(2026, 12, 15)  # a Tuesday


def asked(house: House, *, company: str = "Nordværk A/S", email: str = "hr@nordvaerk.example", **more: Any) -> EmployerBooking:
    """Somebody has asked for a link."""
    contact = Contact("Hanne Riis", email, "", more.pop("language", "en"))
    return start_employer_booking(house=house, company=company, contact=contact, consent=True, **more)


def group(house: House, *names: str, emails: bool = True, **more: Any) -> EmployerBooking:
    """A group whose contact has opened the link, with people from Poland who come to work for two months: each needs a tax card only."""
    booking = confirm_group(booking=asked(house, **{name: more.pop(name) for name in ("company", "email", "language") if name in more}))
    add_people(booking=booking, people=[wanted(name, emails=emails, **more) for name in names])
    return booking


def wanted(name: str, *, emails: bool = True, **more: Any) -> Wanted:
    """One employee."""
    email = f"{name.split()[0].lower()}@example.org" if emails else ""
    return Wanted(**{"name": name, "email": email, "citizenship": "POL", "stay_months": 2, "municipality": "851", **more})


def wishes(**more: Any) -> Wishes:
    """On the one day, everybody or nobody."""
    return Wishes(**{"first_day": DAY, "last_day": DAY, **more})


def proposed(booking: EmployerBooking, **more: Any) -> list[EmployeeRow]:
    """Times have been looked for."""
    propose_times(booking=booking, wishes=wishes(**more))
    return rows(booking)


def rows(booking: EmployerBooking) -> list[EmployeeRow]:
    """The group as it is now."""
    booking.refresh_from_db()
    return rows_of(booking, employees_of(booking))


def booked(booking: EmployerBooking, **more: Any) -> list[EmployeeRow]:
    """Everything that was proposed has been booked."""
    confirm_proposals(booking=booking, shown=shown_proposals(proposed(booking, **more)))
    return rows(booking)


def starts(booking: EmployerBooking) -> list[str]:
    """When each of the group begins, booked or proposed; "-" for nobody's time."""
    told = []
    for row in rows(booking):
        moment = row.times[0][0] if row.times else row.employee.starts
        told.append(moment.astimezone(booking.house.zone).strftime("%H:%M") if moment else "-")
    return told


def person(booking: EmployerBooking, name: str) -> Employee:
    """One of the group."""
    return booking.employees.get(name=name)


def letters(kind: str) -> list[Letter]:
    """Letters of one kind, the oldest first."""
    return list(Letter.objects.filter(key__startswith=f"{kind}:").order_by("created_at"))
