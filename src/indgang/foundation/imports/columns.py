"""What a column of an import file may hold, and how it is read and written.

Every column reads text as people and programs write it, and the typed cells of a spreadsheet. What `read` gives, `write` turns into text
that reads as the same value again.
"""

from __future__ import annotations

import datetime as dt
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.imports.formulas import as_written

Cell = str | int | float | bool | dt.datetime | dt.date | dt.time | None

EXCEL_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"}
YES = {"yes", "y", "ja", "j", "true", "1"}
NO = {"no", "n", "nej", "false", "0"}

_OFFSET = r"\s*(?P<offset>[Zz]|[+-]\d{2}:?\d{2})?"
_ISO_DAY = r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})"
# As people in Denmark write it, and as their Windows and Excel do: 17.5.2023, 17-05-2023, 17/5-23.
_DANISH_DAY = r"(?P<day>\d{1,2})(?:[-/]|\.\s?)(?P<month>\d{1,2})(?:[-/]|\.\s?)(?P<year>\d{4}|\d{2})"
_YEARS_AHEAD = 19  # a year of two digits lies at most so far ahead, else in the past
_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,6}))?)?"
_DAYS = [re.compile(_ISO_DAY), re.compile(_DANISH_DAY)]
_MOMENTS = [
    re.compile(rf"{_ISO_DAY}[Tt\s]\s*{_CLOCK}{_OFFSET}"),
    re.compile(rf"{_DANISH_DAY},?\s+(?:kl\.?\s*)?{_CLOCK}{_OFFSET}"),
]
_PLAIN_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
_POINT_ZERO = re.compile(r"(?P<whole>[+-]?\d+)[.,]00?", re.ASCII)
_SPACE = re.compile("[\t-\r\x85 \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")  # spaces of any width, tabs and line breaks
_UNSEEN = re.compile("[\xad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")  # soft hyphens, widthless, directions
_DANISH_NUMBER = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+,\d+")


class Unreadable(ValueError):
    """The cell cannot be read; the message says how it is to be written."""


@dataclass(frozen=True, kw_only=True)
class Column(ABC):
    """A column by its English header; `also` are further headers it may have, Danish ones among them.

    A `key` column must be filled in. A `shared` one belongs to something that several rows are part of, so an empty cell says nothing. In
    one that `clears`, an empty cell says that there is none; elsewhere it keeps what is stored.
    """

    name: str
    title: str | Promise = ""
    also: tuple[str, ...] = ()
    key: bool = False
    shared: bool = False
    clears: bool = False

    @abstractmethod
    def read(self, cell: Cell) -> Any:
        """The cell's value. `cell` is not empty. Raises Unreadable."""

    def write(self, value: Any, zone: ZoneInfo | None = None) -> str | int:
        """The value as a cell; `zone` is the local time that moments are given in."""
        return "" if value is None else str(value)


@dataclass(frozen=True, kw_only=True)
class Text(Column):
    """Words, in one line."""

    max_length: int = 200

    def read(self, cell: Cell) -> str:
        """The text without surrounding space, and without what cannot be seen: web pages and spreadsheets leave such in names."""
        text = as_written(as_text(cell))
        if not text.isprintable():
            text = _SPACE.sub(" ", _UNSEEN.sub("", text)).strip()
        if len(text) > self.max_length:
            raise Unreadable(_("This is longer than %(limit)s characters.") % {"limit": self.max_length})
        if not text or text.upper() in EXCEL_ERRORS:
            raise Unreadable(_("This is not readable text."))
        if wrong := next((one for one in text if not one.isprintable()), None):
            raise Unreadable(_("The character %(code)s cannot be read. Take it out of the cell.") % {"code": f"U+{ord(wrong):04X}"})
        return text


@dataclass(frozen=True, kw_only=True)
class Code(Text):
    """A key, in lower case."""

    def read(self, cell: Cell) -> str:
        """The text in lower case."""
        return super().read(cell).lower()


@dataclass(frozen=True, kw_only=True)
class Choice(Column):
    """One of a few words: what people write (in lower case) -> what it means.

    `told`: the words to name where none was written, in the language of the reader; without it the meanings, which can be written too.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    told: tuple[Promise, ...] = ()

    def read(self, cell: Cell) -> str:
        """The meaning of the word."""
        try:
            return self.words[as_text(cell).casefold()]
        except KeyError:
            allowed = ", ".join(map(str, self.told) if self.told else dict.fromkeys(self.words.values()))
            raise Unreadable(_("Write one of: %(words)s.") % {"words": allowed}) from None


@dataclass(frozen=True, kw_only=True)
class Whole(Column):
    """A whole number between two limits."""

    minimum: int = 0
    maximum: int = 2_147_483_647

    def read(self, cell: Cell) -> int:
        """The number."""
        text = without_zeros(as_text(cell))
        if not re.fullmatch(r"[+-]?\d{1,18}", text, re.ASCII) or not self.minimum <= int(text) <= self.maximum:
            limits = {"minimum": self.minimum, "maximum": self.maximum}
            raise Unreadable(_("Write a whole number from %(minimum)s to %(maximum)s.") % limits)
        return int(text)

    def write(self, value: Any, zone: ZoneInfo | None = None) -> str | int:
        """A number stays a number in a spreadsheet."""
        return "" if value is None else int(value)


@dataclass(frozen=True, kw_only=True)
class Number(Column):
    """A number with decimals, point or comma."""

    def read(self, cell: Cell) -> Decimal:
        """The number, exactly as written."""
        text = as_text(cell).replace(" ", "")
        if _DANISH_NUMBER.fullmatch(text):
            text = text.replace(".", "")
        if not text.isascii() or not _PLAIN_NUMBER.fullmatch(text):
            raise Unreadable(_("Write a number such as 12.5 or 12,5."))
        return Decimal(text.replace(",", "."))


@dataclass(frozen=True, kw_only=True)
class YesNo(Column):
    """Yes or no."""

    def read(self, cell: Cell) -> bool:
        """True for yes and ja."""
        word = as_text(cell).casefold()
        if word not in YES | NO:
            raise Unreadable(_("Write yes or no."))
        return word in YES

    def write(self, value: Any, zone: ZoneInfo | None = None) -> str | int:
        """In words."""
        return "" if value is None else "yes" if value else "no"


@dataclass(frozen=True, kw_only=True)
class Day(Column):
    """A date: 2023-05-17, 17-05-2023, 17.5.2023 or 17/5/23."""

    def read(self, cell: Cell) -> dt.date:
        """The date."""
        if isinstance(cell, dt.datetime) and cell.time() == dt.time():
            return cell.date()
        if isinstance(cell, dt.date) and not isinstance(cell, dt.datetime):
            return cell
        found = _first(_DAYS, as_text(cell))
        if not found:
            raise Unreadable(_("Write a date such as 2023-05-17, 17-05-2023 or 17.5.2023."))
        _day_before_month(found)
        try:
            return dt.date(_year(found["year"]), int(found["month"]), int(found["day"]))
        except ValueError:
            raise Unreadable(_("There is no such day.")) from None


@dataclass(frozen=True, kw_only=True)
class Moment(Column):
    """A date and a time of day; a date alone is its midnight.

    Without an offset it is local: `read` gives it without a zone, and `at_place` puts it in its place.
    """

    def read(self, cell: Cell) -> dt.datetime:
        """Aware when an offset was given, else naive."""
        if isinstance(cell, dt.datetime):
            return (cell + dt.timedelta(microseconds=500_000)).replace(microsecond=0)  # a spreadsheet's fractions of a day are not exact
        found = _first(_MOMENTS, as_text(cell)) or _first(_DAYS, as_text(cell))
        if not found:
            raise Unreadable(_("Write a date and a time such as 2023-05-17 13:45, 17-05-2023 13:45 or 17.5.2023 13.45."))
        _day_before_month(found)
        given = found.groupdict()
        part: dict[str, Any] = {name: int(given.get(name) or 0) for name in ("month", "day", "hour", "minute", "second")}
        part["year"] = _year(given["year"])
        part["microsecond"] = int((given.get("fraction") or "0").ljust(6, "0"))
        offset = (given.get("offset") or "").upper()
        try:
            moment = dt.datetime(**part)  # noqa: DTZ001
            return dt.datetime.fromisoformat(moment.isoformat() + offset).astimezone(dt.UTC) if offset else moment
        except (ValueError, OverflowError):
            raise Unreadable(_("There is no such day or time.")) from None

    def write(self, value: Any, zone: ZoneInfo | None = None) -> str | int:
        """ISO 8601 with offset."""
        return "" if value is None else value.astimezone(zone or dt.UTC).isoformat()


def at_place(moment: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    """A local time as an instant in UTC. When a clock shows it twice, the first is meant. Raises Unreadable when no clock shows it."""
    if moment.tzinfo is not None:
        return moment.astimezone(dt.UTC)
    try:
        instant = moment.replace(tzinfo=zone).astimezone(dt.UTC)
        shown = instant.astimezone(zone).replace(tzinfo=None)
    except OverflowError:
        raise Unreadable(_("There is no such day or time.")) from None
    if shown != moment:
        raise Unreadable(_("There is no such time that day: the clocks went forward."))
    return instant


def as_text(cell: Cell) -> str:
    """A cell as a person reads it."""
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "seconds")
    return str(cell)


def without_zeros(text: str) -> str:
    """2,0 and 2.00 as 2: programs write whole numbers so in a column with gaps. Not 2.000, which may be two thousand."""
    found = _POINT_ZERO.fullmatch(text)
    return found["whole"] if found else text


def _year(text: str) -> int:
    """The year; one of two digits is the one from 80 years ago to 19 years ahead."""
    if len(text) == 4:
        return int(text)
    last = clock.now().year + _YEARS_AHEAD
    return last - (last - int(text)) % 100


def _day_before_month(found: re.Match[str]) -> None:
    """Raise Unreadable where the month stands before the day, as Americans write it: other days of such a table would be read wrongly."""
    if int(found["month"]) > 12 >= int(found["day"]) > 0 and found.start("year") > 0:
        raise Unreadable(_("There is no such month. Write the day first and then the month, such as 17-05-2023."))


def _first(patterns: list[re.Pattern[str]], text: str) -> re.Match[str] | None:
    matches = (pattern.fullmatch(text) for pattern in patterns)
    return next((match for match in matches if match and text.isascii()), None)
