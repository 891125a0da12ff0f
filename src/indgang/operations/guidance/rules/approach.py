"""Who approaches which company: the division of labour between the business offices and the hub, as an answer with its reason.

Source: the agreement 2020-2023 between the eleven business offices of North Jutland and Erhvervshus Nordjylland, section 2, outreach. What
it does not say is an assumption, marked as one in the region's approach.toml.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Whose = Literal["office", "hub", "agreed"]
Share = Literal["entrepreneur", "general", "specialised", "large"]
SHARES: tuple[Share, ...] = ("entrepreneur", "general", "specialised", "large")
PARTIES: tuple[Whose, ...] = ("office", "hub", "agreed")
ENTREPRENEUR_YEARS_AT_MOST = 20


class DivisionError(ValueError):
    """A division of labour that cannot be used; says which field and why."""


@dataclass(frozen=True)
class Division:
    """A region's division of labour. `shares` says whose each kind of outreach is; `specialised` are the fields that count as specialised;
    companies of more than `employees_up_to` are large; who founded less than `entrepreneur_years` ago is an entrepreneur."""

    shares: Mapping[Share, Whose]
    specialised: frozenset[str]
    employees_up_to: int
    entrepreneur_years: int


@dataclass(frozen=True)
class Facts:
    """What is known of a company. None: not known. `has_office`: whether its municipality is known and has a business office."""

    has_cvr: bool
    employees: int | None
    founded: dt.date | None
    has_office: bool


@dataclass(frozen=True)
class Answer:
    """Whose it is to approach the company, as what (`share`), and why: keys of reasons, the deciding one first. `instead`: whose it would
    be, where it must be agreed only because something is not known."""

    whose: Whose
    share: Share | None
    reasons: tuple[str, ...]
    instead: Whose | None = None


def read_division(content: Mapping[str, Any]) -> Division:
    """The division that a region's file describes. Raises DivisionError."""
    shares = content.get("shares")
    if not isinstance(shares, Mapping) or set(shares) != set(SHARES):
        raise DivisionError(f"shares: must say for each of {', '.join(SHARES)} whose it is")
    for share, whose in shares.items():
        if whose not in PARTIES:
            raise DivisionError(f"shares.{share}: “{whose}” is none of {', '.join(PARTIES)}")
    fields = content.get("specialised")
    if not isinstance(fields, list) or not fields or not all(isinstance(one, str) for one in fields):
        raise DivisionError("specialised: must be a list of fields")
    employees, years = content.get("employees_up_to"), content.get("entrepreneur_years")
    if type(employees) is not int or employees < 1:
        raise DivisionError("employees_up_to: must be a whole number of at least 1")
    if type(years) is not int or not 0 <= years <= ENTREPRENEUR_YEARS_AT_MOST:
        raise DivisionError(f"entrepreneur_years: must be a whole number from 0 to {ENTREPRENEUR_YEARS_AT_MOST}")
    return Division(dict(shares), frozenset(fields), employees, years)


def whose_it_is(division: Division | None, facts: Facts, day: dt.date, field: str = "") -> Answer:
    """Whose it is to approach that company on a day; `field`: what about, "" for general guidance. Always one answer, or "agreed" with the
    reason why it is to be agreed.

    A large company is judged before anything else: one of 300 people that was founded last year is no entrepreneur's. Whose size is not
    known is taken for one of the many small ones, and the answer says so.
    """
    if division is None:
        return Answer("agreed", None, ("no-division",))
    if facts.employees is not None and facts.employees > division.employees_up_to:
        return _answer(division, facts, "large", ("large",))
    if not facts.has_cvr:
        return _answer(division, facts, "entrepreneur", ("no-cvr",))
    if facts.founded is not None and day < years_after(facts.founded, division.entrepreneur_years):
        return _answer(division, facts, "entrepreneur", ("founded-lately",))
    size = "size-unknown" if facts.employees is None else "small"
    if not field:
        return _answer(division, facts, "general", (size, "general"))
    if field not in division.specialised:
        return Answer("agreed", None, ("field-not-divided", size))
    return _answer(division, facts, "specialised", (size, "specialised"))


def _answer(division: Division, facts: Facts, share: Share, reasons: tuple[str, ...]) -> Answer:
    whose = division.shares[share]
    if whose == "office" and not facts.has_office:
        return Answer("agreed", share, ("no-office", *reasons), instead="office")
    return Answer(whose, share, reasons)


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years later; of 29 February 1 March, where that year has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return dt.date(day.year + years, 3, 1)


_CODE = re.compile(r"(?<![\d.])(\d{2})(?:\.?(\d{2}))?(?:\.?(\d{2}))?(?![\d.]*\d)")


def industry_codes(text: str) -> tuple[str, ...]:
    """The industry codes that a text names, without dots: "Building (41, 43.21)" gives 41 and 4321."""
    return tuple(dict.fromkeys("".join(part or "" for part in found.groups()) for found in _CODE.finditer(text)))


def in_industries(code: str, wanted: Iterable[str]) -> bool:
    """Whether a company of that industry code belongs to one of the industries; a shorter code comprises those that begin with it."""
    plain = code.replace(".", "")
    return bool(plain) and any(plain.startswith(one) for one in wanted)


def is_old(confirmed: dt.date, today: dt.date, days: int) -> bool:
    """Whether what was confirmed that day is to be confirmed again."""
    return (today - confirmed).days > days
