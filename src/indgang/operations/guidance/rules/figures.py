"""What the figures of guidance count: rows of evidence, on which days they count, and what is one unit of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What counts as one: a company (CVR number), or a place where it works (P-number)."""

    COMPANY = "company"
    ESTABLISHMENT = "establishment"


@dataclass(frozen=True, slots=True)
class Served:
    """A course, a delivery or a visit, as figures count it. `company` is the same for all records judged to be one company. `municipality`
    is the code of the company's on the first day, `place` that of the establishment; "" where it is not known."""

    record: int
    company: int
    establishment: int | None
    organisation: int
    kind: str
    fields: tuple[str, ...]
    started: dt.date
    ended: dt.date | None
    municipality: str
    place: str
    confidential: bool = False

    def active(self, first: dt.date, last: dt.date) -> bool:
        """Whether it ran on at least one of those days, both included."""
        return self.started <= last and (self.ended is None or self.ended >= first)


UNITS: dict[Level, Callable[[Served], Hashable]] = {
    Level.COMPANY: lambda row: row.company,
    # where a row names no establishment, the company as a whole is one
    Level.ESTABLISHMENT: lambda row: ("place", row.establishment) if row.establishment else ("company", row.company),
}
WHERE: dict[Level, Callable[[Served], str]] = {Level.COMPANY: lambda row: row.municipality, Level.ESTABLISHMENT: lambda row: row.place}


def each(row: Served) -> int:
    """Where the rows themselves are counted, each is one."""
    return row.record


def year_before(first: dt.date) -> tuple[dt.date, dt.date]:
    """The year that ends on the day before, from its first day to its last."""
    last = first - dt.timedelta(days=1)
    try:
        return first.replace(year=first.year - 1), last
    except ValueError:  # the 29th of February
        return dt.date(first.year - 1, 3, 1), last


def months(first: dt.date, last: dt.date) -> list[tuple[dt.date, dt.date]]:
    """The months of a period, each from its first day in the period to its last."""
    found, day = [], first
    while day <= last:
        following = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
        found.append((day, min(last, following - dt.timedelta(days=1))))
        day = following
    return found


def whole_months(first: dt.date, last: dt.date, today: dt.date) -> bool:
    """Whether the days are whole months; the present one is whole to whoever asks for all of it until today."""
    return first.day == 1 and ((last + dt.timedelta(days=1)).day == 1 or last >= today)


def grouped(rows: Iterable[Served], keys: Callable[[Served], Iterable[str]]) -> dict[str, list[Served]]:
    """Rows by key; a row that has several stands under each."""
    found: dict[str, list[Served]] = {}
    for row in rows:
        for key in keys(row):
            found.setdefault(key, []).append(row)
    return found


def by_month(rows: Sequence[Served], first: dt.date, last: dt.date) -> dict[str, list[Served]]:
    """Rows by the months ("2023-05") in which they were active."""
    return {f"{begins:%Y-%m}": [row for row in rows if row.active(begins, ends)] for begins, ends in months(first, last)}
