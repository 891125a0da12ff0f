"""Calendar feeds: which a colleague may have, who reads which, and what stands in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.models import Absence, Appointment, Desk, Feed, Sitting, Ticket
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.roster import roster_of
from indgang.operations.reception.rules.daytime import members

DAYS_BACK, DAYS_AHEAD = 30, 180


@dataclass(frozen=True)
class Source:
    """A calendar that a colleague may read: of a desk, or the own turns in a house."""

    house: House
    organisation: Organisation
    desk: Desk | None
    feed: Feed | None = None


def running_feeds() -> QuerySet[Feed]:
    """Those that nobody has ended. The feed of a desk runs only while the desk is its organisation's: the next shows its day to its own."""
    return Feed.objects.filter(Q(desk=None) | Q(desk__organisation=F("organisation")), revoked_at=None)


def sources_of(actor: Actor) -> list[Source]:
    """What the actor may have a feed of, each with the one that is running."""
    if actor.user is None:
        return []
    running = {(feed.house_id, feed.desk_id): feed for feed in running_feeds().filter(owner=actor.user)}
    houses = {house.pk: house for house in House.objects.filter(pk__in=actor.houses_as(*permissions.WORKING)).order_by("pk")}
    own = actor.organisations_as(*permissions.WORKING)
    found = []
    for house in houses.values():
        here = Organisation.objects.filter(pk__in=own, participations__house=house).order_by("pk").first()
        if here is not None:
            found.append(Source(house, here, None, running.get((house.pk, None))))
    desks = Desk.objects.filter(house__in=houses, organisation__in=own).select_related("house__region", "organisation").order_by("pk")
    return [*found, *(Source(desk.house, desk.organisation, desk, running.get((desk.house_id, desk.pk))) for desk in desks)]


def feeds_kept_by(actor: Actor) -> QuerySet[Feed]:
    """The running feeds of colleagues that the actor may end."""
    leading = actor.organisations_as(*permissions.KEEPING)
    rows = running_feeds().filter(organisation__in=leading).exclude(owner=actor.user)
    return rows.select_related("owner", "organisation", "house", "desk").order_by("owner__name", "pk")


def feed_opened_by(key: str) -> Feed | None:
    """The feed of that key, while its owner may still see what it shows."""
    rows = running_feeds().filter(digest=digest(key), owner__is_active=True)
    feed = rows.select_related("owner", "house__region", "desk__organisation", "organisation").first()
    if feed is None or not staff(feed.owner).has_role(*permissions.WORKING, organisation_id=feed.organisation_id):
        return None
    return feed


@dataclass(frozen=True)
class Booked:
    """A booking as a feed shows it. Nobody is named: a calendar program keeps its copies where the house cannot reach them."""

    visit: int
    desk: int
    starts: dt.datetime
    ends: dt.datetime
    status: str
    service: tuple[str, str]
    people: int
    language: str
    number: int | None
    sequence: int
    changed_at: dt.datetime
    room: tuple[str, str] | None = None
    interpreted: bool = False


@dataclass(frozen=True)
class Seated:
    """The owner sits at a desk."""

    desk: int
    starts: dt.datetime
    ends: dt.datetime
    changed_at: dt.datetime


@dataclass(frozen=True)
class Content:
    """What stands in a feed."""

    bookings: tuple[Booked, ...]
    seated: tuple[Seated, ...]
    desks: Mapping[int, Desk]


def content_of(feed: Feed) -> Content:
    """A bounded number of queries, however many bookings."""
    today = clock.today(feed.house.zone)
    first, last = today - dt.timedelta(days=DAYS_BACK), today + dt.timedelta(days=DAYS_AHEAD)
    desks = {desk.pk: desk for desk in Desk.objects.filter(house=feed.house)}
    if feed.desk_id is not None:
        return Content(tuple(_bookings(feed.house, [feed.desk_id], first, last)), (), desks)
    seated = _seated(feed, first, last)
    times: dict[int, list[Seated]] = {}
    for one in seated:
        times.setdefault(one.desk, []).append(one)
    bookings = [
        one
        for one in _bookings(feed.house, list(times), first, last)
        if any(seat.starts < one.ends and one.starts < seat.ends for seat in times[one.desk])
    ]
    return Content(tuple(bookings), tuple(seated), desks)


def _bookings(house: House, desks: list[int], first: dt.date, last: dt.date) -> list[Booked]:
    begins = dt.datetime.combine(first, dt.time(), house.zone)
    ends = dt.datetime.combine(last + dt.timedelta(days=1), dt.time(), house.zone)
    numbers = {
        (journey, date): number
        for journey, date, number in Ticket.objects.filter(house=house, date__range=(first, last)).values_list("journey", "date", "number")
    }
    rows = Appointment.objects.filter(desk__in=desks, visit__isnull=False, period__startswith__gte=begins, period__startswith__lt=ends)
    columns = "visit", "desk", "period", "visit__status", "visit__people", "created_at", "freed_at"
    of_journey = "visit__journey", "visit__journey__language", "visit__journey__sequence"
    titles = "visit__service__title_da", "visit__service__title_en"
    beside = "interpreter", "room", "room__title_da", "room__title_en"
    found = []
    for row in rows.order_by("period", "pk").values_list(*columns, *of_journey, *titles, *beside):
        visit, desk, period, status, people, made, freed, journey, language, sequence, danish, english = row[:-4]
        interpreter, room, *room_titles = row[-4:]
        number = numbers.get((journey, period.lower.astimezone(house.zone).date()))
        changed = max(made, freed or made)
        found.append(
            Booked(
                visit=visit,
                desk=desk,
                starts=period.lower,
                ends=period.upper,
                status=status,
                service=(danish, english),
                people=people,
                language=language,
                number=number,
                sequence=sequence,
                changed_at=changed,
                room=(room_titles[0], room_titles[1]) if room else None,
                interpreted=interpreter is not None,
            )
        )
    return found


def _seated(feed: Feed, first: dt.date, last: dt.date) -> list[Seated]:
    plan = house_plan(feed.house)
    roster = roster_of(feed.house, first, last, officer=feed.owner_id)
    changes = [
        *Sitting.objects.filter(officer=feed.owner).values_list("changed_at", flat=True),
        *Absence.objects.filter(officer=feed.owner).values_list("noted_at", flat=True),
        *Absence.objects.filter(officer=feed.owner).exclude(lifted_at=None).values_list("lifted_at", flat=True),
    ]
    changed = max((moment for moment in changes if moment), default=feed.made_at)
    found = []
    for ahead in range((last - first).days + 1):
        day = plan.day(first + dt.timedelta(days=ahead))
        for desk in plan.desks:
            if desk.desk.pk not in roster.turns:
                continue
            cells = roster.staffing(plan, desk, day).there.get(feed.owner_id, 0)
            starts, ends = members(cells & ~(cells << 1)), members(cells & ~(cells >> 1))
            for begin, end in zip(starts, ends, strict=True):
                found.append(Seated(desk.desk.pk, day.instant(begin), day.instant(end + 1), changed))
    return found
