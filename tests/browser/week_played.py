"""What was played, noted beside the program, and counted anew: plain sums over plain rows, with nothing of the program in them.

How figures are counted says the page of figures itself. Of Early Warning it says: figures of five companies or more count it, smaller ones
leave it out, and what municipalities leave out stands together on a line of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tests.browser.week_tables import COURSES, DELIVERIES, ESTABLISHMENTS, Company, rows_of

EARLY_WARNING, FEWEST = "early-warning", 5
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
MUNICIPALITIES = ("773", "787", "810", "813", "820", "825", "840", "846", "849", "851", "860")
REST = "rest"  # what municipalities leave out
Told = tuple[int | None, int | None]  # companies or establishments, and rows


@dataclass(frozen=True)
class Course:
    """A course: of which organisation, for which company (and which place of work), where that is, what about, from when to when."""

    organisation: str
    company: str
    unit: str
    municipality: str
    place: str
    category: str
    fields: tuple[str, ...]
    started: dt.date
    ended: dt.date | None = None

    @property
    def confidential(self) -> bool:
        """Whether only its team knows of it."""
        return self.category == EARLY_WARNING


@dataclass(frozen=True)
class Delivery:
    """Information or service on a day."""

    organisation: str
    company: str
    unit: str
    municipality: str
    place: str
    kind: str
    date: dt.date
    confidential: bool = False


Row = TypeVar("Row", Course, Delivery)
Unit = Callable[[Course | Delivery], Hashable]
PLACES = {number: place for number, _company, place in rows_of(ESTABLISHMENTS)}


@dataclass
class Played:
    """Everything that was registered and stands; `same`: records that were judged to be another company's."""

    companies: dict[str, Company]
    courses: list[Course] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    visited: list[str] = field(default_factory=list)  # by a screening team, each company as a whole and once
    same: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for organisation, company, unit, category, fields, started, ended in rows_of(COURSES):
            until = dt.date.fromisoformat(ended) if ended else None
            self.begun(organisation, company, category, fields, dt.date.fromisoformat(started), unit=unit, ended=until)
        for organisation, company, unit, kind, _topic, date in rows_of(DELIVERIES):
            self.given(organisation, company, kind, dt.date.fromisoformat(date), unit=unit)

    def begun(
        self, organisation: str, company: str, category: str, fields: str, day: dt.date, *, unit: str = "", ended: dt.date | None = None
    ) -> None:
        """A course."""
        where, named = self.companies[company].municipality, tuple(filter(None, fields.split("|")))
        self.courses.append(Course(organisation, company, unit, where, PLACES.get(unit, where), category, named, day, ended))

    def ended(self, company: str, day: dt.date) -> None:
        """The course that ran for a company ended."""
        [number] = [number for number, one in enumerate(self.courses) if one.company == company and one.ended is None]
        self.courses[number] = replace(self.courses[number], ended=day)

    def given(self, organisation: str, company: str, kind: str, day: dt.date, *, unit: str = "") -> None:
        """Information or service."""
        where = self.companies[company].municipality
        self.deliveries.append(Delivery(organisation, company, unit, where, PLACES.get(unit, where), kind, day))

    # ------------------------------------------------------------------------------------------------------------------- counting anew

    def running(self, first: dt.date = FIRST, last: dt.date = LAST) -> list[Course]:
        """The courses that ran on at least one of these days."""
        return [one for one in self.courses if one.started <= last and (one.ended is None or one.ended >= first)]

    def given_then(self) -> list[Delivery]:
        """The deliveries of the year."""
        return [one for one in self.deliveries if FIRST <= one.date <= LAST]

    def company_of(self, row: Course | Delivery) -> str:
        """Which company it is, whichever record of it."""
        return self.same.get(row.company, row.company)

    def unit_of(self, row: Course | Delivery) -> Hashable:
        """Which place of work; where none is named, the company."""
        return row.unit or self.company_of(row)

    def told(self, rows: Iterable[Row], unit: Unit) -> Told:
        """How many companies or places they are, and how many rows."""
        rows = list(rows)
        if len({self.company_of(one) for one in rows}) < FEWEST:
            rows = [one for one in rows if not one.confidential]
        return len({unit(one) for one in rows}), len(rows)

    def summary(self, unit: Unit) -> dict[str, int | tuple[int, int] | None]:
        """The figures of the whole; new: part and whole."""
        courses, before = self.running(), {unit(one) for one in self.running(dt.date(2025, 1, 1), dt.date(2025, 12, 31))}
        units, number = self.told(courses, unit)
        given = self.given_then()
        return {
            "guided": units,
            "courses": number,
            "new": (len({unit(one) for one in courses} - before), units or 0),
            "informed-or-served": len({unit(one) for one in given}),
            "deliveries": len(given),
            "screened": len(self.visited),
            "screenings": len(self.visited),
        }

    def tables(self, unit: Unit, where: Callable[[Course | Delivery], str]) -> dict[tuple[str, str], Told]:
        """Every line of every table that has something to say, by table and key."""
        courses, given = self.running(), self.given_then()
        lines = {
            ("category", key): self.told([one for one in courses if one.category == key], unit) for key in ("growth", "operations", "short")
        }
        lines["category", EARLY_WARNING] = (None, None)  # fewer than five companies: not told
        for key in {key for one in courses for key in one.fields} | {""}:
            lines["field", key] = self.told([one for one in courses if key in (one.fields or ("",))], unit)
        for key in {one.organisation for one in courses}:
            lines["organisation", key] = self.told([one for one in courses if one.organisation == key], unit)
        for month in range(1, 13):
            first = dt.date(2026, month, 1)
            last = (first.replace(day=28) + dt.timedelta(4)).replace(day=1) - dt.timedelta(1)
            lines["month", f"{first:%Y-%m}"] = self.told(self.running(first, last), unit)
        for key in {one.kind for one in given}:
            lines["delivery", key] = self.told([one for one in given if one.kind == key], unit)
        told = {key: line for key, line in lines.items() if line[1] != 0}
        for key in MUNICIPALITIES:
            told["delivery-municipality", key] = self.told([one for one in given if where(one) == key], unit)
        return told | {("municipality", key): line for key, line in self.by_municipality(courses, unit, where).items()}

    def by_municipality(self, courses: list[Course], unit: Unit, where: Callable[[Course | Delivery], str]) -> dict[str, Told]:
        """Those of fewer than five companies leave out what is confidential."""
        parts = {key: [one for one in courses if where(one) == key] for key in MUNICIPALITIES}
        small = [one for rows in parts.values() if len({self.company_of(one) for one in rows}) < FEWEST for one in rows]
        assert len({self.company_of(one) for one in small}) >= FEWEST, "else another municipality would leave something out too"
        lines = {key: self.told(rows, unit) for key, rows in parts.items()}
        left_out = [one for one in small if one.confidential]
        return {**lines, REST: (len({unit(one) for one in left_out}), len(left_out))} if left_out else lines
