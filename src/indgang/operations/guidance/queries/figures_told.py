"""The figures of guidance as they are told, and the rows behind each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count

from indgang.foundation.places.models import Municipality
from indgang.operations.guidance.figures_asked import Asked
from indgang.operations.guidance.models import Category
from indgang.operations.guidance.queries.figures import guided, informed_or_served
from indgang.operations.guidance.queries.screenings import UNITS_VISITED, held_between, visited_in
from indgang.operations.guidance.rules.confidential import Split, Told, first_time, split, told, vague_parts
from indgang.operations.guidance.rules.figures import UNITS, WHERE, Served, by_month, each, grouped, year_before

SHORT_AND_EARLY_WARNING = "short+early-warning"
Rows = Sequence[Served]


@dataclass(frozen=True)
class Part:
    """A part of a figure: how many companies (or establishments) and how many rows."""

    units: Told
    rows: Told


@dataclass
class Guidance:
    """Everything about the courses and deliveries that were asked for; each kind of row is read once."""

    asked: Asked

    @cached_property
    def everywhere(self) -> Rows:
        """The courses of the category and field, wherever they are."""
        return self._chosen(guided(self.asked.scope))

    @cached_property
    def courses(self) -> Rows:
        """Those of the municipality, too. Where it is one that leaves out what is confidential, without that."""
        return self._here(self.everywhere)

    @cached_property
    def before(self) -> Rows:
        """The courses of the year before, wherever the companies were then."""
        return guided(self.asked.scope, *year_before(self.asked.scope.first))

    @cached_property
    def deliveries(self) -> Rows:
        """What was given on those days, in the municipality."""
        code = self.asked.municipality
        rows = informed_or_served(self.asked.scope)
        return [row for row in rows if not code or WHERE[self.asked.level](row) == code]

    @cached_property
    def visits(self) -> tuple[int, int]:
        """How many companies (or establishments) had a screening visit on those days, in the municipality; and how many visits."""
        scope, code, level = self.asked.scope, self.asked.municipality, self.asked.level
        visits = held_between(scope.region, scope.first, scope.last)
        visits = visits.filter(organisation=scope.organisation) if scope.organisation else visits
        counted = (visited_in(visits, code, level) if code else visits).aggregate(units=UNITS_VISITED[level], visits=Count("pk"))
        return counted["units"], counted["visits"]

    @cached_property
    def municipalities(self) -> dict[str, Municipality]:
        """The region's municipalities by code, in their order."""
        return {row.code: row for row in Municipality.objects.filter(region=self.asked.scope.region).order_by("key")}

    @property
    def told_by_municipality(self) -> bool:
        """Early Warning alone is never told by municipality."""
        return self.asked.category != Category.EARLY_WARNING

    def unit(self, row: Served) -> object:
        """What counts as one."""
        return UNITS[self.asked.level](row)

    @property
    def total(self) -> Part:
        """Of everything that was asked for."""
        return self.part(self.courses, alone=self.asked.category == Category.EARLY_WARNING)

    @property
    def new(self) -> Told:
        """Those that were not guided in the year before."""
        if self.asked.category == Category.EARLY_WARNING:
            return Told(None)
        return first_time(self.courses, self.before, self.unit)

    def part(self, rows: Rows, alone: bool = False) -> Part:
        """Of some rows; `alone`: of Early Warning alone."""
        return Part(told(rows, self.unit, only_confidential=alone), told(rows, each, only_confidential=alone))

    def by_category(self) -> dict[str, Part]:
        """In a municipality short courses and Early Warning are told together."""
        if self.asked.municipality and not self.asked.category:
            together = {Category.SHORT: SHORT_AND_EARLY_WARNING, Category.EARLY_WARNING: SHORT_AND_EARLY_WARNING}
            found = grouped(self.courses, lambda row: [together.get(Category(row.kind), row.kind)])
            return {key: self.part(found[key]) for key in (Category.GROWTH, Category.OPERATIONS, SHORT_AND_EARLY_WARNING) if key in found}
        found = grouped(self.courses, lambda row: [row.kind])
        keys = [key for key in Category.values if key in found or (key == Category.EARLY_WARNING and not self.asked.municipality)]
        return {key: self.part(found.get(key, []), alone=key == Category.EARLY_WARNING) for key in keys}

    def _parts(self, found: Mapping[str, Rows]) -> dict[str, Part]:
        """Parts in which nothing can be told are not named."""
        alone = self.asked.category == Category.EARLY_WARNING
        parts = {key: self.part(rows, alone=alone) for key, rows in found.items()}
        return {key: part for key, part in parts.items() if part.rows.value}

    def by_field(self) -> dict[str, Part]:
        """A course of several fields counts in each; "" those without one."""
        return self._parts(grouped(self.courses, lambda row: row.fields or ("",)))

    def by_organisation(self) -> dict[str, Part]:
        """By the id of the organisation."""
        return self._parts(grouped(self.courses, lambda row: [str(row.organisation)]))

    def by_month(self) -> dict[str, Part]:
        """A course counts in each month in which it ran."""
        return self._parts(by_month(self.courses, self.asked.scope.first, self.asked.scope.last))

    def by_municipality(self, rows: Rows, unit: Callable[[Served], object]) -> Split:
        """Some rows by the code of the municipality."""
        return split(self._municipal(rows), unit)

    def rows_of(self, part: str, key: str) -> Rows:
        """The rows that a line of a table counts, what is confidential among them where the line counts it."""
        if part == "municipality":
            parts = self._municipal(self.courses)
            rows = parts.get(key, [])
            return [row for row in rows if not row.confidential] if key in vague_parts(parts) else rows
        by: dict[str, Callable[[], Mapping[str, Rows]]] = {
            "category": lambda: grouped(self.courses, lambda row: [row.kind]),
            "field": lambda: grouped(self.courses, lambda row: row.fields or ("",)),
            "organisation": lambda: grouped(self.courses, lambda row: [str(row.organisation)]),
            "month": lambda: by_month(self.courses, self.asked.scope.first, self.asked.scope.last),
        }
        if key == SHORT_AND_EARLY_WARNING:
            return [row for row in self.courses if row.kind in (Category.SHORT, Category.EARLY_WARNING)]
        return by[part]().get(key, []) if part in by else self.courses

    def _chosen(self, rows: Rows) -> Rows:
        category, field = self.asked.category, self.asked.field
        return [row for row in rows if (not category or row.kind == category) and (not field or field in row.fields)]

    def _municipal(self, rows: Rows) -> dict[str, list[Served]]:
        found = grouped(rows, lambda row: [WHERE[self.asked.level](row)])
        return {code: found.get(code, []) for code in [*self.municipalities, *sorted(found.keys() - self.municipalities.keys())]}

    def _here(self, rows: Rows) -> Rows:
        code = self.asked.municipality
        if not code:
            return rows
        if not self.told_by_municipality:
            return []
        parts = self._municipal(self.everywhere)
        here = [row for row in rows if WHERE[self.asked.level](row) == code]
        return [row for row in here if not row.confidential] if code in vague_parts(parts) else here
