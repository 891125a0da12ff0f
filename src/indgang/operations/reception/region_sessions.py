"""Loads the sessions of opening.toml, and from houses.toml the first and last day of a house that is there for a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.foundation.places.region import Report
from indgang.foundation.places.region_files import Table
from indgang.operations.reception.models import Desk, Kept, Session
from indgang.operations.reception.region_opening import KEPT, WEEKDAYS
from indgang.operations.reception.rules.opening import LAST

OF_MONTH = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": LAST}
WEEKS_AT_MOST = 8


def load_house_times(file: Table, houses: Mapping[str, House], report: Report) -> None:
    """A house for a time receives people from its first day until its last, unless staff have said otherwise."""
    kept = set(Kept.objects.filter(house__in=houses.values(), what="house").values_list("house__key", flat=True))
    for table in file.tables("houses"):
        house = houses[table.key()]
        first, last = table.day("active_from"), table.day("active_until")
        if first and last and last < first:
            raise table.refusal("active_until", "must not be before active_from")
        if (house.active_from, house.active_until) == (first, last):
            continue
        if house.key in kept:
            report.kept(house, house.key, KEPT)
            continue
        house.active_from, house.active_until = first, last
        house.save(update_fields=["active_from", "active_until"])
        report.updated(house, house.key, "active_from, active_until")


def load_sessions(file: Table, houses: Mapping[str, House], desks: Mapping[str, Desk], report: Report) -> None:
    """Make the sessions with a key those of the file. Those that staff have made, changed or ended stay as staff left them."""
    standing = {(row.house.key, row.key): row for row in _of_files(houses)}
    seen: set[tuple[str, str]] = set()
    for table in file.tables("sessions"):
        house = table.one_of("house", houses, "house of houses.toml")
        name = (house.key, table.key())
        if name in seen:
            raise table.refusal("key", f"“{name[1]}” stands in the file twice")
        seen.add(name)
        values, taking_part = _values(table), _desks(table, house, desks)
        table.done()
        row, told = standing.get(name), f"{house.key}/{name[1]}"
        if row and row.by_staff:
            report.kept(row, told, KEPT)
            continue
        row = report.store(Session, table, key={"house": house, "key": name[1]}, values=values, name=told)
        before = set(row.desks.all())
        if before != set(taking_part):
            row.desks.set(taking_part)
            if before:
                report.updated(row, told, "desks")
    for name, row in standing.items():
        if name not in seen and row.ended_at is None and not row.by_staff:
            row.ended_at = clock.now()
            row.save(update_fields=["ended_at"])
            report.updated(row, "/".join(name), "not in the file any more: ended")


def _of_files(houses: Mapping[str, House]) -> list[Session]:
    return list(Session.objects.filter(house__in=houses.values()).exclude(key="").select_related("house"))


def _values(table: Table) -> dict[str, Any]:
    """The columns. Either `every_weeks`, counted from the week of the first day, or `of_month`."""
    opens, closes = table.time("opens"), table.time("closes")
    if closes <= opens:
        raise table.refusal("closes", "must be later than opens")
    first, last = table.day("first_day"), table.day("last_day")
    if first is None:
        raise table.refusal("first_day", "is missing; write the day from which on the session is held, such as 2026-12-24")
    if last and last < first:
        raise table.refusal("last_day", "must not be before first_day")
    if "every_weeks" in table.raw and "of_month" in table.raw:
        raise table.refusal("of_month", "stands beside every_weeks; write one of them")
    weeks = table.number("every_weeks", 1, least=1)
    if weeks > WEEKS_AT_MOST:
        raise table.refusal("every_weeks", f"must be at most {WEEKS_AT_MOST}; write of_month for one that is held once a month")
    table.known("of_month")
    turn = OF_MONTH[table.one_of("of_month", {word: word for word in OF_MONTH}, "turn in a month")] if "of_month" in table.raw else 0
    return {
        **table.titles(),
        "by_staff": False,
        "weekday": table.one_of("weekday", WEEKDAYS, "weekday"),
        "opens": opens,
        "closes": closes,
        "every_weeks": weeks,
        "of_month": turn,
        "first_day": first,
        "last_day": last,
        "ended_at": None,
    }


def _desks(table: Table, house: House, desks: Mapping[str, Desk]) -> list[Desk]:
    own = {desk.key: desk for desk in desks.values() if desk.house_id == house.pk}
    names = table.words("desks", own, "desk of this house")
    if not names:
        raise table.refusal("desks", "is missing; name the desks that take part")
    return [own[name] for name in names]
