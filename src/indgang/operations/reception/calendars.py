"""A journey as a calendar file (RFC 5545), and as the invitations that go with letters (RFC 5546, 6047).

One event per day in the house, its steps in the description: the newcomer is in the house from the first step to the last, and a calendar
with five entries for one visit helps nobody. Outlook reads only the first event of an invitation, so a visit spread over several days is
several invitations (`invitations_of`), one for each letter; the file to download (`calendar_of`) holds all of them. The n-th day keeps its
UID for as long as the journey lives, and SEQUENCE tells a change from a copy. No key and no code ever stands in a calendar: people share
them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from icalendar import Calendar, Component, Event, Timezone, TimezoneDaylight, TimezoneStandard, vCalAddress

from indgang.foundation.database import clock
from indgang.foundation.mail.messages import sender
from indgang.foundation.mail.models import Letter
from indgang.foundation.mail.queries import letters_about
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Journey
from indgang.operations.reception.rules.clock_changes import Change, clock_changes, fixed_offset
from indgang.operations.reception.steps import DayView, StepView, all_steps_of, days_of
from indgang.operations.reception.wording import letter_language, rendered

Method = Literal["PUBLISH", "REQUEST", "CANCEL"]
PRODUCT = "-//Indgang//Indgang//EN"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def calendar_of(journey: Journey, *, method: Method = "PUBLISH") -> str:
    """The whole journey as one file.

    Days on which nothing is to come any more are cancelled events, so that reading it again takes them away: those of a journey that is
    cancelled, and those that it was moved away from.
    """
    steps = all_steps_of(journey)
    standing = [_event(journey, method, number, day) for number, day in _days(journey, method, steps).items()]
    return _file(journey, method, [*standing, *_days_off(journey, after=len(days_of(steps)))])


def invitations_of(journey: Journey, *, method: Method = "REQUEST", steps: Sequence[StepView] | None = None) -> dict[int, str]:
    """One calendar for each day of the journey, by the day's number, each to travel with a letter of its own.

    `steps` are the journey's steps where the caller has read them already.
    """
    days = _days(journey, method, steps)
    return {number: _file(journey, method, [_event(journey, method, number, day)]) for number, day in days.items()}


def invited_days(journey: Journey) -> dict[int, Letter]:
    """The further days that letters told of, by number, each with the last letter about it."""
    letters = [*letters_about(f"booked:{journey.id}:"), *letters_about(f"moved:{journey.id}:")]
    by_day = [(letter.key.partition(":day-")[2], letter) for letter in sorted(letters, key=lambda letter: letter.created_at)]
    return {int(number): letter for number, letter in by_day if number and letter.calendar}


def _days_off(journey: Journey, *, after: int) -> Iterator[Component]:
    """The events of days beyond the last that the journey still has."""
    for number, letter in invited_days(journey).items():
        if number > after:
            for event in Calendar.from_ical(withdrawal_of(letter.calendar, sequence=journey.sequence)).walk("VEVENT"):
                event.pop("attendee", None)
                yield event


def withdrawal_of(invitation: str, *, sequence: int) -> str:
    """The cancellation of an invitation that was sent: for the second day of a visit that now fits into one."""
    calendar = Calendar.from_ical(invitation)
    calendar["METHOD"] = "CANCEL"
    for event in calendar.walk("VEVENT"):
        for name in ("SEQUENCE", "DTSTAMP", "STATUS"):
            event.pop(name, None)
        event.add("sequence", sequence)
        event.add("dtstamp", clock.now())
        event.add("status", "CANCELLED")
    return calendar.to_ical().decode()


def _days(journey: Journey, method: Method, steps: Sequence[StepView] | None = None) -> dict[int, DayView]:
    """The journey's days by number. Of a cancelled journey also those that stood; for a cancellation only those."""
    if steps is None:
        steps = all_steps_of(journey)
    days = dict(enumerate(days_of(steps), start=1))
    return {number: day for number, day in days.items() if method != "CANCEL" or day.cancelled}


def _file(journey: Journey, method: Method, events: Sequence[Component]) -> str:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    first = min((event.decoded("dtstart").year for event in events), default=clock.now().year)
    calendar.add_component(timezone_of(journey.house.zone, first))
    for event in events:
        calendar.add_component(event)
    return calendar.to_ical().decode()


def _event(journey: Journey, method: Method, number: int, day: DayView) -> Event:
    language = letter_language(journey)
    house = journey.house
    words = rendered("calendar", language, journey=journey, house=house, day=day)
    event = Event()
    event.add("uid", f"{journey.id}-{number}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("sequence", journey.sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", day.starts)
    event.add("dtend", day.ends)
    event.add("summary", words.subject, parameters={"LANGUAGE": language})
    event.add("description", words.text.strip(), parameters={"LANGUAGE": language})
    event.add("location", house.full_address)
    event.add("status", "CANCELLED" if day.cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if day.cancelled else "OPAQUE")
    event.add("organizer", organizer_of(house, language))
    if method != "PUBLISH" and journey.contact and journey.contact.email:
        event.add("attendee", _guest(journey.contact.email))
    return event


def organizer_of(house: House, language: str) -> vCalAddress:
    """The house; without an organizer nothing may be published (RFC 5546)."""
    organizer = vCalAddress(f"mailto:{house.email or sender()}")
    organizer.params["CN"] = house.title_in(language)
    return organizer


def _guest(email: str) -> vCalAddress:
    """The contact. They booked it themselves, so they have accepted and nobody waits for their answer."""
    guest = vCalAddress(f"mailto:{email}")
    guest.params.update({"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"})
    return guest


def timezone_of(zone: ZoneInfo, year: int) -> Timezone:
    """The zone's VTIMEZONE for events from `year` on, with its yearly rules (Outlook does not read lists of dates)."""
    component = Timezone()
    component.add("tzid", zone.key)
    changes = clock_changes(zone, year)
    for change in changes:
        component.add_component(_observance(change))
    if not changes:
        offset, name = fixed_offset(zone, year)
        component.add_component(_observance(Change(dt.datetime(1970, 1, 1), offset, offset, name, saving=False)))  # noqa: DTZ001
    return component


def _observance(change: Change) -> TimezoneStandard | TimezoneDaylight:
    part: TimezoneStandard | TimezoneDaylight = TimezoneDaylight() if change.saving else TimezoneStandard()
    part.add("dtstart", change.onset)
    if change.yearly:
        month, number, weekday = change.yearly
        part.add("rrule", {"freq": "yearly", "bymonth": month, "byday": f"{number}{WEEKDAYS[weekday]}"})
    part.add("tzoffsetfrom", change.offset_from)
    part.add("tzoffsetto", change.offset_to)
    if change.name:
        part.add("tzname", change.name)
    return part
