"""The letters of a journey. Each is written in the transaction of the change it tells of, once per change (its key says which).

They return the first letter, or None where the contact has given no e-mail address. A visit over several days has a further short letter
for each further day, because a calendar program reads only one invitation from a letter.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from icalendar import Calendar

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.identity.models import Organisation
from indgang.foundation.mail.actions import withdraw_letters, write_letter
from indgang.foundation.mail.models import Letter
from indgang.foundation.mail.queries import letters_about
from indgang.operations.reception.calendars import invitations_of, withdrawal_of
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.steps import days_of, steps_of
from indgang.operations.reception.wording import greeted, letter_language, rendered

OUTSIDE = ("web", "api")  # booked without staff: the e-mail address has to be confirmed


def send_booked(*, journey: Journey, manage_url: str, code: str) -> Letter | None:
    """The confirmation: when and where, the steps and what to bring, the link, and the code that confirms the address."""
    key = f"booked:{journey.id}:{journey.sequence}"
    must_confirm = journey.source in OUTSIDE and journey.email_confirmed_at is None
    letter = _write("booked", key, journey, manage_url=manage_url, code=code, must_confirm=must_confirm, invitation="REQUEST")
    _invite_to_further_days(key, journey)
    return letter


def send_code(*, journey: Journey, code: str) -> Letter | None:
    """A new code to confirm the e-mail address."""
    soon = clock.now() + dt.timedelta(days=1)
    return _write("code", f"code:{journey.id}:{digest(f'{journey.id}{code}')[:16]}", journey, code=code, not_after=soon)


def send_moved(*, journey: Journey, manage_url: str) -> Letter | None:
    """New times. What still waits to be sent about the old ones is taken back."""
    withdraw_letters(keys_beginning=f"reminder:{journey.id}:")
    withdraw_letters(keys_beginning=f"moved:{journey.id}:")
    key = f"moved:{journey.id}:{journey.sequence}"
    letter = _write("moved", key, journey, manage_url=manage_url, invitation="REQUEST")
    _invite_to_further_days(key, journey)
    return letter


def send_cancelled(*, journey: Journey, unconfirmed: bool = False) -> Letter | None:
    """It is cancelled, and how to book again. `unconfirmed`: because nobody confirmed the e-mail address in time."""
    for kind in ("booked", "moved", "reminder", "code"):
        withdraw_letters(keys_beginning=f"{kind}:{journey.id}:")
    key = f"cancelled:{journey.id}:{journey.sequence}"
    letter = _write("cancelled", key, journey, unconfirmed=unconfirmed, invitation="CANCEL")
    for number, invitation in list(invitations_of(journey, method="CANCEL").items())[1:]:
        _write_day_off(key, journey, number, invitation)
    return letter


def send_reminder(*, journey: Journey, manage_url: str, date: dt.date | None = None) -> Letter | None:
    """The day before: where to be tomorrow and what to bring. Of no use once tomorrow has come."""
    zone = journey.house.zone
    date = date or clock.today(zone) + dt.timedelta(days=1)
    midnight = dt.datetime.combine(date, dt.time(), zone)
    return _write("reminder", reminder_key(journey, date), journey, manage_url=manage_url, only=date, not_after=midnight)


def reminder_key(journey: Journey, date: dt.date) -> str:
    """One reminder for a journey, a day, and the times as they are now."""
    return f"reminder:{journey.id}:{date.isoformat()}:{journey.sequence}"


def send_documents_missing(*, journey: Journey, visit: Visit, manage_url: str) -> Letter | None:
    """After the visit: which papers were missing, and what to do next."""
    missing = digest("|".join(visit.missing))[:12]
    language = letter_language(journey)
    told: dict[str, Any] = {
        "service": visit.service.title_in(language),
        "authority": visit.service.authority.title_in(language),
        "visit": visit,
    }
    return _write("documents_missing", f"documents:{visit.pk}:{missing}", journey, manage_url=manage_url, **told)


def _write(
    name: str,
    key: str,
    journey: Journey,
    *,
    invitation: str = "",
    calendar: str = "",
    only: dt.date | None = None,
    not_after: dt.datetime | None = None,
    **values: Any,
) -> Letter | None:
    """One letter to the contact, with the first day's invitation if one is asked for."""
    contact, house = journey.contact, journey.house
    if contact is None or not contact.email:
        return None
    if invitation and not calendar:
        calendar = next(iter(invitations_of(journey, method="CANCEL" if invitation == "CANCEL" else "REQUEST").values()), "")
    language = letter_language(journey)
    steps = steps_of(journey, language, cancelled=journey.cancelled_at is not None)
    days = [day for day in days_of(steps) if only in (None, day.date)]
    told: dict[str, Any] = {"journey": journey, "house": house, "days": days, "name": greeted(contact.name), "language": language}
    words = rendered(name, language, **(told | values))
    return write_letter(
        key=key,
        to=contact.email,
        language=language,
        subject=words.subject,
        text=words.text,
        calendar=calendar,
        calendar_method=invitation if calendar else "",
        not_after=not_after,
        organisation=Organisation.objects.filter(region_id=house.region_id, is_operator=True).first(),
        reply_to=house.email,
        secrets=[str(values.get(secret) or "") for secret in ("manage_url", "code")],
    )


def _invite_to_further_days(key: str, journey: Journey) -> None:
    """The second and later days; and for days that were invited to before and are no more, a cancellation."""
    invitations = invitations_of(journey)
    days = days_of(steps_of(journey, letter_language(journey)))
    for number, day in enumerate(days[1:], start=2):
        told: dict[str, Any] = {"day": day, "number": number, "count": len(days)}
        _write("day", _day_key(key, number), journey, calendar=invitations[number], invitation="REQUEST", **told)
    for number, invitation in _invited_days(journey).items():
        if number > len(days):
            _write_day_off(key, journey, number, withdrawal_of(invitation, sequence=journey.sequence))


def _write_day_off(key: str, journey: Journey, number: int, invitation: str) -> None:
    event = next(iter(Calendar.from_ical(invitation).walk("VEVENT")))
    starts = event.decoded("dtstart").astimezone(journey.house.zone)
    _write("day_off", _day_key(key, number), journey, calendar=invitation, invitation="CANCEL", starts=starts)


def _day_key(key: str, number: int) -> str:
    return f"{key}:day-{number}"


def _invited_days(journey: Journey) -> dict[int, str]:
    """The further days that earlier letters invited to and no later letter called off, each with its last invitation."""
    letters = sorted(
        [*letters_about(f"booked:{journey.id}:"), *letters_about(f"moved:{journey.id}:")], key=lambda letter: letter.created_at
    )
    last = {int(number): letter for letter in letters for number in [letter.key.partition(":day-")[2]] if number}
    return {number: letter.calendar for number, letter in last.items() if letter.calendar_method == "REQUEST"}
