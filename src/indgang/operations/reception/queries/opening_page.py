"""What the page of a house's hours shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Prefetch, Q
from django.utils.translation import get_language

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.journal.drafts import name_of
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Closure, Desk, Hours, Resource, Service, Session
from indgang.operations.reception.models.house import Weekday
from indgang.operations.reception.opening_changes import VERBS
from indgang.operations.reception.permissions import KEEPING, WORKING
from indgang.operations.reception.queries.house import named_holidays
from indgang.operations.reception.queries.kept import kept
from indgang.operations.reception.queries.today import Today

HOLIDAYS_AHEAD = dt.timedelta(days=365)
HISTORY = 12


@dataclass(frozen=True)
class Week:
    """Hours by weekday in one period."""

    valid_from: dt.date | None
    valid_until: dt.date | None
    days: tuple[tuple[str, tuple[tuple[dt.time, dt.time], ...]], ...]


def houses_with_hours(actor: Actor) -> Iterable[House]:
    """The houses whose hours an actor may see."""
    return House.objects.filter(pk__in=actor.houses_as(*WORKING, *KEEPING)).select_related("region").order_by("id")


def weeks(rows: Sequence[Hours], today: dt.date) -> list[Week]:
    """The hours of a house or a desk by period, the earliest first; what has run out is left out."""
    periods = {(row.valid_from, row.valid_until) for row in rows if row.valid_until is None or row.valid_until >= today}
    found = []
    for first, last in sorted(periods, key=lambda period: (period[0] or dt.date.min, period[1] or dt.date.max)):
        within = [row for row in rows if (row.valid_from, row.valid_until) == (first, last)]
        days = tuple(
            (str(label), tuple(sorted((row.opens, row.closes) for row in within if row.weekday == number)))
            for number, label in Weekday.choices
            if number < 5 or any(row.weekday >= 5 for row in within)
        )
        found.append(Week(first, last, days))
    return found


def hours_of(house: House) -> dict[int | None, list[Hours]]:
    """The hours of the house (None) and of its desks."""
    rows: dict[int | None, list[Hours]] = {}
    for row in Hours.objects.filter(house=house, resource=None):
        rows.setdefault(row.desk_id, []).append(row)
    return rows


def resource_hours_of(house: House) -> dict[int, list[Hours]]:
    """The hours that interpreters and rooms have of their own."""
    rows: dict[int, list[Hours]] = {}
    for row in Hours.objects.filter(house=house, resource__isnull=False):
        rows.setdefault(row.resource_id or 0, []).append(row)
    return rows


def resources_in(house: House) -> list[Resource]:
    """Every interpreter and room; those whose time is over come last."""
    rows = (
        Resource.objects.filter(house=house)
        .select_related("house__region")
        .prefetch_related(Prefetch("services", queryset=Service.objects.order_by("id")))
    )
    today = clock.today(house.zone)
    return sorted(rows, key=lambda one: (one.active_until is not None and one.active_until < today, one.kind, one.pk))


def desks_in(house: House) -> list[Desk]:
    """Every desk, with what is done there; those whose time is over come last."""
    rows = (
        Desk.objects.filter(house=house)
        .select_related("organisation", "house__region")
        .prefetch_related(Prefetch("services", queryset=Service.objects.order_by("id")))
    )
    today = clock.today(house.zone)
    return sorted(rows, key=lambda desk: (desk.active_until is not None and desk.active_until < today, desk.pk))


def closures_ahead(house: House) -> list[Closure]:
    """Closures that are not over and not lifted."""
    today = clock.today(house.zone)
    return list(
        Closure.objects.filter(house=house, lifted_at=None, last_day__gte=today)
        .select_related("desk", "resource", "house__region")
        .order_by("first_day", "id")
    )


def closures_today(today: Today) -> list[Closure]:
    """The same, kept in memory."""
    return kept(("closures", today.house.pk, today.date), today.house_version, lambda: closures_ahead(today.house))


def holidays_ahead(house: House) -> list[tuple[dt.date, str]]:
    """The public holidays of the next year by name."""
    today = clock.today(house.zone)
    language = (get_language() or "en")[:2]
    years = (today.year, today.year + 1)
    named = [one for year in years for one in named_holidays(house.region.country, year, language)]
    return [(date, name) for date, name in named if today <= date <= today + HOLIDAYS_AHEAD]


def sessions_of(house: House) -> list[Session]:
    """The sessions that have not ended."""
    today = clock.today(house.zone)
    rows = Session.objects.filter(house=house, ended_at=None).filter(Q(last_day=None) | Q(last_day__gte=today))
    return list(rows.prefetch_related("desks__organisation").order_by("weekday", "opens", "id"))


def changes_of(house: House) -> list[Entry]:
    """The latest changes, the newest first."""
    rows = Entry.objects.filter(house=house, verb__in=set(VERBS.values())).select_related("user")
    return list(rows.order_by("-at", "-id")[:HISTORY])


def closed_today(desk: Desk, closures: Sequence[Closure] | None = None) -> Closure | None:
    """The closure that closes the desk for the rest of today, among those ahead."""
    rows = closures_ahead(desk.house) if closures is None else closures
    local = clock.now().astimezone((rows[0].house if rows else desk.house).zone)
    for row in rows:
        here = row.desk_id == desk.pk and row.until_time is None and row.first_day <= local.date() <= row.last_day
        if here and (row.from_time is None or row.from_time <= local.time()):
            return row
    return None


@dataclass(frozen=True)
class Changed:
    """Who did something, and when. `user`: the number of the colleague."""

    who: str
    when: dt.datetime
    user: int | None = None


def closed_by(closure: Closure | None) -> Changed | None:
    """Who closed it; None where no colleague did (the region's files)."""
    if closure is None:
        return None
    return changed_by(closure)


def changed_by(row: Model) -> Changed | None:
    """Which colleague changed it last; None where none did."""
    kind, number = name_of(row)
    rows = Entry.objects.filter(subject_type=kind, subject_id=number, user__isnull=False).exclude(verb__endswith=".read")
    entry = rows.select_related("user").order_by("-at", "-id").first()
    return Changed(str(entry.user), entry.at, entry.user_id) if entry and entry.user else None


def newest_of_each(entries: Sequence[Entry]) -> set[Any]:
    """Of the changes to the same thing only the newest can be undone."""
    seen: set[tuple[str, str, str]] = set()
    newest = set()
    for entry in entries:
        kind = entry.verb.split(".")[0]
        which = str(entry.after or entry.before) if kind == "holidays" else ""  # days of another file are another thing
        key = (entry.subject_type, entry.subject_id, f"{kind}{which}")
        if key not in seen:
            seen.add(key)
            newest.add(entry.pk)
    return newest
