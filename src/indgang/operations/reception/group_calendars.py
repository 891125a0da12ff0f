"""The times of an employer's group as one calendar file: who is away when, and nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from icalendar import Calendar, Event

from indgang.foundation.database import clock
from indgang.operations.reception.calendars import PRODUCT, organizer_of, timezone_of
from indgang.operations.reception.models import EmployerBooking
from indgang.operations.reception.queries.employers import EmployeeRow


def calendar_of_group(booking: EmployerBooking, rows: Sequence[EmployeeRow]) -> str:
    """One event for each employee and day. Cancelled ones are cancelled events, so that reading the file again takes them away."""
    house = booking.house
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    shown = [row for row in rows if row.state in ("booked", "past", "cancelled")]
    calendar.add_component(timezone_of(house.zone, min((row.times[0][0].year for row in shown if row.times), default=clock.now().year)))
    for row in shown:
        for number, (starts, ends) in enumerate(row.times, start=1):
            cancelled = row.state == "cancelled"
            event = Event()
            event.add("uid", f"group-{booking.pk}-{row.employee.pk}-{number}@{urlsplit(settings.BASE_URL).hostname}")
            event.add("sequence", booking.overviews)
            event.add("dtstamp", clock.now())
            event.add("dtstart", starts)
            event.add("dtend", ends)
            event.add("summary", f"{row.employee.name}: {house.title}")
            event.add("location", house.full_address)
            event.add("status", "CANCELLED" if cancelled else "CONFIRMED")
            event.add("organizer", organizer_of(house, booking.language))
            event.add("class", "PRIVATE")
            event.add("transp", "TRANSPARENT")
            calendar.add_component(event)
    return calendar.to_ical().decode()
