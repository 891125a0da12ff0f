"""The letters of a journey. Each is written in the transaction of the change it tells of, once per change (its key says which).

They return the first letter, or None where the contact has given no e-mail address. A visit over several days has a further short letter
for each further day, because a calendar program reads only one invitation from a letter.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from icalendar import Calendar

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.mail.actions import withdraw_letters
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.mail.queries import letters_about
from indgang.operations.reception.calendars import invitations_of, invited_days, withdrawal_of
from indgang.operations.reception.models import EmployerBooking, Journey, Visit
from indgang.operations.reception.models.journey import IN_THE_HOUSE, Status
from indgang.operations.reception.queries.documents import Documents
from indgang.operations.reception.queries.journeys import number_of
from indgang.operations.reception.steps import StepView, all_steps_of, days_of, steps_given_up, steps_of
from indgang.operations.reception.told_places import only_elsewhere
from indgang.operations.reception.wording import greeted, letter_language, rendered, write_from_house

OUTSIDE = ("web", "api")  # booked without staff: the e-mail address has to be confirmed


def send_booked(*, journey: Journey, manage_url: str, code: str, employer: EmployerBooking | None = None) -> Letter | None:
    """The confirmation: when and where, the steps and what to bring, the link, and the code that confirms the address.

    `employer`, where somebody else has booked it for them.
    """
    told: dict[str, Any] = {"manage_url": manage_url, "code": code, "must_confirm": must_confirm(journey), "employer": employer}
    return _write_with_invitations("booked", journey, all_steps_of(journey), told)


def must_confirm(journey: Journey) -> bool:
    """Whether the address is still to be confirmed, so that the times are kept."""
    return journey.source in OUTSIDE and journey.email_confirmed_at is None


def send_code(*, journey: Journey, code: str) -> Letter | None:
    """A new code to confirm the e-mail address."""
    soon = clock.now() + dt.timedelta(days=1)
    key = f"code:{journey.id}:{digest(f'{journey.id}{code}')[:16]}"
    return _write("code", key, journey, [], {"code": code}, not_after=soon)


def send_moved(*, journey: Journey, manage_url: str, by_house: bool = False, dropped: str = "", again: bool | None = None) -> Letter | None:
    """New times. What still waits to be sent about the old ones is taken back.

    Where every step has the time they were told, the letter says which desk or room is another; none is written to somebody whom no letter
    has ever told of a place, or where they know it.

    `by_house`: because the opening hours changed. `dropped`: the step that was cancelled, the others stay. `again`: what a letter had
    cancelled takes place after all; False where only a part of it does, or no letter had said so.
    """
    withdraw_letters(keys_beginning=f"reminder:{journey.id}:")
    withdraw_letters(keys_beginning=f"moved:{journey.id}:")
    steps, invited = all_steps_of(journey), _invited_days(journey)
    elsewhere = only_elsewhere(journey, steps) if again is None and not dropped else None
    if elsewhere and not (elsewhere.named and elsewhere.what):
        return None
    told = {"manage_url": manage_url, "by_house": by_house, "dropped": dropped, "again": again, "elsewhere": elsewhere}
    letter = _write_with_invitations("moved", journey, steps, told)
    for number in range(len(days_of(steps)) + 1, max(invited, default=0) + 1):
        if number in invited:
            _write_day_off("moved", journey, number, withdrawal_of(invited[number], sequence=journey.sequence))
    return letter


def has_been_told(journey: Journey, sequence: int) -> bool:
    """Whether the contact knows, or is about to, the times that the journey had with that sequence."""
    letters = [letter for kind in ("booked", "moved", "interpreter") for letter in letters_about(f"{kind}:{journey.id}:{sequence}")]
    return any(letter.state != State.WITHDRAWN for letter in letters if letter.key.endswith(f":{sequence}"))


def was_never_told(journey: Journey) -> bool:
    """Whether every confirmation of the visit was taken back before it went: they have neither its link nor the code."""
    letters = list(letters_about(f"booked:{journey.id}:"))
    return bool(letters) and all(letter.state == State.WITHDRAWN for letter in letters)


def send_interpreter(*, journey: Journey, manage_url: str) -> Letter | None:
    """The same times, with an interpreter or without one."""
    withdraw_letters(keys_beginning=f"reminder:{journey.id}:")
    return _write_with_invitations("interpreter", journey, all_steps_of(journey), {"manage_url": manage_url})


def send_cancelled(*, journey: Journey, unconfirmed: bool = False, at: dt.datetime | None = None) -> Letter | None:
    """Nothing is booked any more, which takes it out of the calendar; and how to book again, or that they are in line still.

    `unconfirmed`: the program did it, because nobody confirmed the e-mail address in time. `at`: when the times were given up, where the
    journey itself is not cancelled: the party waits in line without one, or the rest of the visit was cancelled.
    """
    for kind in ("booked", "moved", "interpreter", "reminder", "code"):
        withdraw_letters(keys_beginning=f"{kind}:{journey.id}:")
    steps = steps_given_up(journey, at or journey.cancelled_at)
    invitations = list(invitations_of(journey, method="CANCEL", steps=steps).items())
    calendar = invitations[0][1] if invitations else ""
    statuses = set(journey.visits.values_list("status", flat=True))
    told = {
        "unconfirmed": unconfirmed,
        "in_line": not statuses.isdisjoint(IN_THE_HOUSE),
        "rest": Status.DONE in statuses,
        "number": number_of(journey),
    }
    given_back = [step for step in steps if step.cancelled and not step.before]
    letter = _write("cancelled", _key("cancelled", journey), journey, given_back, told, calendar=calendar, method="CANCEL")
    for number, invitation in invitations[1:]:
        _write_day_off("cancelled", journey, number, invitation)
    return letter


def send_reminder(*, journey: Journey, manage_url: str, date: dt.date | None = None) -> Letter | None:
    """The day before: where to be tomorrow and what to bring. Of no use once tomorrow has come."""
    zone = journey.house.zone
    date = date or clock.today(zone) + dt.timedelta(days=1)
    midnight = dt.datetime.combine(date, dt.time(), zone)
    steps = [step for step in steps_of(journey, letter_language(journey)) if step.starts.date() == date]
    if not steps:
        return None
    return _write("reminder", reminder_key(journey, date), journey, steps, {"manage_url": manage_url}, not_after=midnight)


def reminder_key(journey: Journey, date: dt.date, sequence: int | None = None) -> str:
    """One reminder for a journey, a day, and the times as they are now (or had that `sequence`)."""
    return f"reminder:{journey.id}:{date.isoformat()}:{journey.sequence if sequence is None else sequence}"


def send_documents_missing(*, journey: Journey, visit: Visit, manage_url: str) -> Letter | None:
    """After the visit: which papers were missing, and what to do next."""
    told = missing_papers(visit, letter_language(journey), Documents(journey.house.region_id))
    return _write("documents_missing", documents_key(visit), journey, [], {"manage_url": manage_url, **told})


def withdraw_documents_missing(*, visit: Visit) -> None:
    """Take that letter back, if it still waits: the step has not ended after all."""
    withdraw_letters(keys_beginning=f"documents:{visit.pk}:")


def documents_key(visit: Visit) -> str:
    """One letter for a step and the papers that were missing there."""
    return f"documents:{visit.pk}:{digest('|'.join([*visit.missing, *visit.missing_other]))[:12]}"


def missing_papers(visit: Visit, language: str, documents: Documents) -> dict[str, Any]:
    """What the letter about missing papers tells of the step."""
    return {
        "service": visit.service.title_in(language),
        "authority": visit.service.authority.title_in(language),
        "missing": documents.missing_at(visit, language),
    }


def _key(kind: str, journey: Journey, number: int = 1) -> str:
    """`booked:<journey>:<sequence>`, and for the letter of a further day `...:day-2`."""
    return f"{kind}:{journey.id}:{journey.sequence}" + (f":day-{number}" if number > 1 else "")


def _write(
    name: str,
    key: str,
    journey: Journey,
    steps: Sequence[StepView],
    told: dict[str, Any],
    *,
    calendar: str = "",
    method: str = "",
    not_after: dt.datetime | None = None,
) -> Letter | None:
    """One letter to the contact. `told` is what this letter tells besides the journey and its steps."""
    contact, house = journey.contact, journey.house
    if contact is None or not contact.email:
        return None
    language = letter_language(journey)
    about = {"journey": journey, "house": house, "days": days_of(steps), "name": greeted(contact.name)}
    words = rendered(name, language, **about, **told)
    return write_from_house(
        house,
        words,
        key=key,
        to=contact.email,
        language=language,
        calendar=calendar,
        calendar_method=method if calendar else "",
        not_after=not_after,
        secrets=[told.get("manage_url", ""), told.get("code", "")],
    )


def _write_with_invitations(name: str, journey: Journey, steps: Sequence[StepView], told: dict[str, Any]) -> Letter | None:
    """A letter about the whole visit with the invitation to its first day, and a short one for each further day."""
    invitations, days = invitations_of(journey, steps=steps), days_of(steps)
    letter = _write(name, _key(name, journey), journey, steps, told, calendar=invitations.get(1, ""), method="REQUEST")
    for number, day in enumerate(days[1:], start=2):
        words = {"day": day, "number": number, "count": len(days)}
        _write("day", _key(name, journey, number), journey, steps, words, calendar=invitations[number], method="REQUEST")
    return letter


def _write_day_off(kind: str, journey: Journey, number: int, invitation: str) -> None:
    """A short letter that takes one day out of the calendar."""
    event = next(iter(Calendar.from_ical(invitation).walk("VEVENT")))
    starts = event.decoded("dtstart").astimezone(journey.house.zone)
    _write("day_off", _key(kind, journey, number), journey, [], {"starts": starts}, calendar=invitation, method="CANCEL")


def _invited_days(journey: Journey) -> dict[int, str]:
    """The further days that earlier letters invited to and no later letter called off, each with its last invitation."""
    return {number: letter.calendar for number, letter in invited_days(journey).items() if letter.calendar_method == "REQUEST"}
