"""The letters to whoever books for employees: the link, the overview after each change, and what to hand on to those without address.

None of them says more than that a visit is booked, where and when; what to bring stands only in the letter that is to be handed on.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from indgang.foundation.database import clock
from indgang.foundation.mail.models import Letter
from indgang.foundation.mail.queries import letters_about
from indgang.operations.reception.employer_links import group_url
from indgang.operations.reception.models import EmployerBooking, Journey
from indgang.operations.reception.queries.employers import EmployeeRow
from indgang.operations.reception.steps import days_of, steps_of
from indgang.operations.reception.wording import LANGUAGES, greeted, letter_language, rendered, write_from_house

UNCONFIRMED_HOURS = 24
MINUTES_BETWEEN_LETTERS = 2


def send_link(*, booking: EmployerBooking) -> Letter:
    """The link that opens the group."""
    until = None if booking.confirmed_at else clock.now() + dt.timedelta(hours=UNCONFIRMED_HOURS)
    return _write("employer_link", f"employer-link:{booking.pk}:{booking.letters}", booking, not_after=until)


def links_sent_today(*, booking: EmployerBooking) -> int:
    """How many of those letters were written within a day."""
    return letters_about(f"employer-link:{booking.pk}:").filter(created_at__gt=clock.now() - dt.timedelta(days=1)).count()


def link_sent_just_now(*, booking: EmployerBooking) -> bool:
    """Whether the link is under way: a second click, or a script that tries again, needs no second letter."""
    since = clock.now() - dt.timedelta(minutes=MINUTES_BETWEEN_LETTERS)
    return letters_about(f"employer-link:{booking.pk}:").filter(created_at__gt=since).exists()


def send_overview(*, booking: EmployerBooking, rows: Sequence[EmployeeRow]) -> Letter:
    """Who has which time now, and the link."""
    lines = [(row, greeted(row.employee.name) or row.employee.reference or str(row.employee.position)) for row in rows]
    told: dict[str, Any] = {
        "booked": [(name, row.times) for row, name in lines if row.state == "booked"],
        "cancelled": [name for row, name in lines if row.state == "cancelled"],
        "without": [name for row, name in lines if row.state in ("proposed", "no-time", "new")],
        "waiting": [name for row, name in lines if row.state == "waiting"],
    }
    return _write("employer_overview", f"employer-overview:{booking.pk}:{booking.overviews}", booking, **told)


def send_to_hand_on(*, booking: EmployerBooking, journey: Journey, name: str) -> Letter:
    """What an employee without an e-mail address needs, in the employee's language, below what whoever booked is asked in theirs.

    No link: the visit's page is the employee's alone.
    """
    language = letter_language(journey)
    told: dict[str, Any] = {"days": days_of(steps_of(journey, language)), "employee": greeted(name)}
    handed_on = rendered("employer_handed_on", language, house=booking.house, booking=booking, journey=journey, **told)
    return _write("employer_hand_on", f"employer-hand-on:{journey.pk}", booking, handed_on=handed_on, **told)


def _write(name: str, key: str, booking: EmployerBooking, *, not_after: dt.datetime | None = None, **told: Any) -> Letter:
    house, url = booking.house, group_url(booking)
    language = booking.language if booking.language in LANGUAGES else "en"
    words = rendered(name, language, house=house, booking=booking, name=greeted(booking.name), group_url=url, **told)
    return write_from_house(
        house,
        words,
        key=key,
        to=booking.email,
        language=language,
        not_after=not_after,
        secrets=[url],
    )
