"""A feed as a calendar to subscribe to (RFC 5545, RFC 7986), read in whole by Outlook, Thunderbird, Apple and Google.

It names no visitor and no interpreter: the service, the room, how many, their language, the number they are called by, and that an
interpreter is there, without the language of it. Events keep their UID while the step lives, also when it is moved; a cancelled one says
so in its title too, because Outlook shows it like any other, and vanishes with the window.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Calendar, Event, vText

from indgang.foundation.database.bilingual import in_language
from indgang.operations.reception.calendars import PRODUCT, organizer_of, timezone_of
from indgang.operations.reception.models import Desk, Feed
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.feeds import Booked, Content, Seated
from indgang.operations.reception.wording import LANGUAGES

REFRESH = "PT1H"
VERSION = 2  # of what stands in an event; a new one is fetched by everybody
OFF = (Status.CANCELLED, Status.NO_SHOW)


def feed_language(feed: Feed) -> str:
    """The language of its owner, where we speak it."""
    return feed.owner.language if feed.owner.language in LANGUAGES else "en"


def title_of(feed: Feed) -> str:
    """What the calendar is called."""
    with translation.override(feed_language(feed)):
        place = feed.desk.title if feed.desk else _("My desk")
        return _("%(place)s, %(house)s") % {"place": place, "house": feed.house.title}


def stamp_of(feed: Feed, content: Content) -> str:
    """The entity tag: the same as long as the calendar would be the same."""
    desks = sorted((desk.pk, desk.key, desk.title_da, desk.title_en) for desk in content.desks.values())
    facts = (VERSION, feed.pk, title_of(feed), feed.house.email, feed_language(feed), content.bookings, content.seated, desks)
    return f'"{hashlib.sha256(repr(facts).encode()).hexdigest()[:32]}"'


def calendar_of_feed(feed: Feed, content: Content) -> bytes:
    """The whole feed as one file."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    title = title_of(feed)
    calendar.add("name", title)
    calendar.add("x-wr-calname", title)
    calendar.add("x-wr-timezone", feed.house.zone.key)
    calendar.add("refresh-interval", dt.timedelta(hours=1), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    starts = [booked.starts for booked in content.bookings] + [seat.starts for seat in content.seated]
    calendar.add_component(timezone_of(feed.house.zone, min((one.year for one in starts), default=feed.made_at.year)))
    with translation.override(feed_language(feed)):
        for seat in content.seated:
            calendar.add_component(_seat(feed, seat, content.desks[seat.desk]))
        for booked in content.bookings:
            calendar.add_component(_booking(feed, booked, content.desks[booked.desk]))
    return calendar.to_ical()


def _event(feed: Feed, uid: str, one: Booked | Seated, desk: Desk) -> Event:
    event = Event()
    event.add("uid", f"{uid}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", one.changed_at.astimezone(dt.UTC))
    event.add("last-modified", one.changed_at.astimezone(dt.UTC))
    event.add("dtstart", one.starts.astimezone(feed.house.zone))
    event.add("dtend", one.ends.astimezone(feed.house.zone))
    event.add("location", _("%(place)s, %(house)s") % {"place": desk.title, "house": feed.house.title})
    event.add("organizer", organizer_of(feed.house, feed_language(feed)))
    event.add("class", "PRIVATE")
    return event


def _seat(feed: Feed, one: Seated, desk: Desk) -> Event:
    event = _event(feed, f"turn-{feed.owner_id}-{one.desk}-{one.starts.astimezone(dt.UTC):%Y%m%dT%H%M}", one, desk)
    event.add("sequence", 0)
    event.add("summary", _("Sits at %(desk)s") % {"desk": desk.title})
    event.add("status", "CONFIRMED")
    event.add("transp", "TRANSPARENT")
    return event


def _booking(feed: Feed, one: Booked, desk: Desk) -> Event:
    off = one.status in OFF
    event = _event(feed, f"visit-{one.visit}", one, desk)
    event.add("sequence", one.sequence)
    service = in_language({"da": one.service[0], "en": one.service[1]})
    if off:
        service = (_("Cancelled: %(what)s") if one.status == Status.CANCELLED else _("Did not come: %(what)s")) % {"what": service}
    event.add("summary", service)
    people = ngettext("%(number)s person", "%(number)s people", one.people) % {"number": one.people}
    lines = [people, _("Language: %(code)s") % {"code": one.language}]
    if one.number:
        lines.append(_("Number %(number)s") % {"number": one.number})
    if one.interpreted:
        lines.append(_("With an interpreter"))
    if one.room:
        room = in_language({"da": one.room[0], "en": one.room[1]})
        event["location"] = vText(_("%(place)s, %(house)s") % {"place": room, "house": feed.house.title})
        lines.append(_("Called from: %(desk)s") % {"desk": desk.title})
    event.add("description", "\n".join(lines))
    event.add("url", f"{settings.BASE_URL}{reverse('reception:desk-page', args=[feed.house.key, desk.key])}")
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    event.add("transp", "TRANSPARENT" if off else "OPAQUE")
    return event
