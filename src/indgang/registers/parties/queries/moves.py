"""In which municipality a company was on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from indgang.registers.parties.models import Company, Move

History = list[tuple[dt.date, int | None]]


def histories(companies: Collection[int]) -> dict[int, History]:
    """Of each company that moved: until which day the register had which municipality, in order; one query."""
    found: dict[int, History] = {}
    for company, on, municipality in (
        Move.objects.filter(company__in=companies).order_by("company", "on", "pk").values_list("company_id", "on", "municipality_id")
    ):
        found.setdefault(company, []).append((on, municipality))
    return found


def municipality_on(day: dt.date, today: int | None, history: History) -> int | None:
    """Where it was on that day, if it is in `today` now."""
    return next((before for until, before in history if until > day), today)


def municipality_of(company: Company, day: dt.date) -> int | None:
    """Where a company was on a day, as far as the register can tell: its id, or None where that is not known."""
    return municipality_on(day, company.municipality_id, histories([company.pk]).get(company.pk, []))
