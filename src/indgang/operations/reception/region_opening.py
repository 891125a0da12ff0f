"""Loads opening.toml: when each house, desk, interpreter or room receives people, and on which days it is closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from indgang.foundation.places.models import House
from indgang.foundation.places.region import Report
from indgang.foundation.places.region_files import Table
from indgang.operations.reception.models import Closure, Desk, Hours, Kept, Resource

WEEKDAYS = {"monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6}
LONGEST_SERIES = 30  # years
NOT_CONTENT = ("by_staff", "lifted_at")
KEPT = "changed by staff on their page, so the file does not decide it"

Row = TypeVar("Row", Hours, Closure)
Place = tuple[House, Desk | None, Resource | None]


def load_opening(
    file: Table, houses: Mapping[str, House], desks: Mapping[str, Desk], resources: Mapping[str, Resource], report: Report
) -> None:
    """Make hours and closures those of the file. Their rows have no names, so they are created or ended, never updated.

    Hours that staff have changed, closures that they wrote and those that they lifted stay as staff left them.
    """
    hours = [row for table in file.tables("hours") for row in _hours(table, _place(table, houses, desks, resources))]
    kept = list(Kept.objects.filter(house__in=houses.values(), what="hours").select_related("house", "desk", "resource"))
    for one in kept:
        report.kept(Hours(), _where(one), KEPT)
    scopes = {_scope(one) for one in kept}
    stored = Hours.objects.filter(house__in=houses.values())
    _exactly(
        [row for row in stored.select_related("house", "desk", "resource") if _scope(row) not in scopes],
        [row for row in hours if _scope(row) not in scopes],
        report,
        name=lambda row: f"{_where(row)}, {list(WEEKDAYS)[row.weekday]} {row.opens:%H:%M}",
    )
    closures = [row for table in file.tables("closures") for row in _closures(table, _place(table, houses, desks, resources))]
    from_files = Closure.objects.filter(house__in=houses.values(), by_staff=False).select_related("house", "desk", "resource")
    _exactly(list(from_files), closures, report, name=_closure_name)
    for row in from_files.exclude(lifted_at=None):
        report.kept(row, _closure_name(row), "lifted by staff")
    file.done()


def _closure_name(row: Closure) -> str:
    return f"{_where(row)}, {row.title_en or row.title_da} {row.first_day}"


def _scope(row: Hours | Kept) -> tuple[int, int | None, int | None]:
    return row.house_id, row.desk_id, row.resource_id


def _place(table: Table, houses: Mapping[str, House], desks: Mapping[str, Desk], resources: Mapping[str, Resource]) -> Place:
    house = table.one_of("house", houses, "house of houses.toml")
    table.known("desk", "resource")
    if "desk" in table.raw and "resource" in table.raw:
        raise table.refusal("resource", "stands beside desk; write one table for each")
    own = {desk.key: desk for desk in desks.values() if desk.house_id == house.pk}
    beside = {one.key: one for one in resources.values() if one.house_id == house.pk}
    return (
        house,
        table.one_of("desk", own, "desk of this house") if "desk" in table.raw else None,
        table.one_of("resource", beside, "interpreter or room of this house") if "resource" in table.raw else None,
    )


def _hours(table: Table, place: Place) -> list[Hours]:
    house, desk, resource = place
    weekdays = table.words("weekdays", WEEKDAYS, "weekday")
    opens, closes = table.time("opens"), table.time("closes")
    valid_from, valid_until = table.day("valid_from"), table.day("valid_until")
    table.done()
    if not weekdays:
        raise table.refusal("weekdays", "is missing")
    if closes <= opens:
        raise table.refusal("closes", "must be later than opens")
    if valid_from and valid_until and valid_until < valid_from:
        raise table.refusal("valid_until", "must not be before valid_from")
    return [
        Hours(
            house=house,
            desk=desk,
            resource=resource,
            weekday=WEEKDAYS[weekday],
            opens=opens,
            closes=closes,
            valid_from=valid_from,
            valid_until=valid_until,
        )
        for weekday in weekdays
    ]


def _closures(table: Table, place: Place) -> list[Closure]:
    """Either `first_day` and `last_day` (the same if absent), or `every_year` = "12-24" from `first_year` to `last_year`."""
    house, desk, resource = place
    titles = table.titles()
    periods = _every_year(table) if "every_year" in table.raw else [_once(table)]
    table.done()
    return [Closure(house=house, desk=desk, resource=resource, first_day=first, last_day=last, **titles) for first, last in periods]


def _once(table: Table) -> tuple[dt.date, dt.date]:
    first = table.day("first_day")
    if first is None:
        raise table.refusal("first_day", "is missing; or use every_year, first_year and last_year")
    last = table.day("last_day") or first
    if last < first:
        raise table.refusal("last_day", "must not be before first_day")
    return first, last


def _every_year(table: Table) -> list[tuple[dt.date, dt.date]]:
    text = table.text("every_year")
    first, last = table.number("first_year", least=2000), table.number("last_year")
    if not first <= last <= first + LONGEST_SERIES:
        raise table.refusal("last_year", f"must lie between first_year and {LONGEST_SERIES} years later")
    try:
        days = [dt.date.fromisoformat(f"{year}-{text}") for year in range(first, last + 1)]
    except ValueError:
        raise table.refusal("every_year", f"“{text}” is no day of every year; write month and day as 12-24") from None
    return [(day, day) for day in days]


def _exactly(stored: Iterable[Row], wanted: Iterable[Row], report: Report, name: Callable[[Row], str]) -> None:
    """Leave exactly the wanted rows: those that stand already are not touched."""

    def content(row: Row) -> tuple[Any, ...]:
        columns = [field.attname for field in row._meta.concrete_fields if not field.primary_key and field.attname not in NOT_CONTENT]
        return tuple(getattr(row, column) for column in columns)

    standing = {content(row): row for row in stored}
    missing = {content(row): row for row in wanted}
    for row in [row for key, row in standing.items() if key not in missing]:
        report.end(row, name(row))
    for key, row in missing.items():
        if key in standing:
            report.same(row)
        else:
            report.create(row, name(row))


def _where(row: Hours | Closure | Kept) -> str:
    return (row.desk or row.resource or row.house).key
