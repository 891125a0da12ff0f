"""The shape of figures that are shown, printed and downloaded alike: tables with charts, and how their values are written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from indgang.foundation.measures.counting import Share
from indgang.foundation.ui.charts import Bar, Tile
from indgang.foundation.ui.words import number_in_words, share_in_words

Value = int | dt.timedelta | Share | None
Row = TypeVar("Row")
MINUTE = dt.timedelta(minutes=1)


@dataclass(frozen=True)
class Line:
    """A row of a table: its name, its values, and by what the rows behind it are found (`key` of the section)."""

    key: str
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Picture:
    """A chart: its message, its bars, and whether they lie. With `tiles` the page shows a map of the region instead of the bars."""

    caption: str
    bars: tuple[Bar, ...]
    lying: bool = False
    tiles: tuple[Tile, ...] = ()


@dataclass(frozen=True)
class Section:
    """A table with its charts. `charted` are the columns that Excel draws; `note` says what is to know about it or to do."""

    key: str
    title: str
    heading: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    pictures: tuple[Picture, ...]
    charted: tuple[int, ...] = (0,)
    note: str = ""


def as_minutes(length: dt.timedelta | None) -> float | None:
    """A length of time as minutes."""
    return None if length is None else length / MINUTE


def in_minutes(length: dt.timedelta | None) -> str:
    """A length of time as "12.5"."""
    return number_in_words(as_minutes(length), 1)


def part_of_whole(share: Share) -> str:
    """ "67 % (12 of 18)"."""
    facts = {"share": share_in_words(share.value), "part": number_in_words(share.part), "whole": number_in_words(share.whole)}
    return _("%(share)s (%(part)s of %(whole)s)") % facts if share.whole else "-"


def in_words(value: Value) -> str:
    """A value as the page's language writes it."""
    if isinstance(value, Share):
        return part_of_whole(value)
    return number_in_words(value) if isinstance(value, int) else in_minutes(value)


def largest(rows: Sequence[Row], size: Callable[[Row], Any]) -> tuple[Row, list[Row]]:
    """The first of the largest rows, and the others that are level with it."""
    most = max(rows, key=size)
    return most, [row for row in rows if size(row) == size(most) and row is not most]


def with_level(said: str, names: Sequence[str]) -> str:
    """What is said of the largest, and who is level with it."""
    return _("%(said)s Level with it: %(others)s.") % {"said": said, "others": ", ".join(names)} if names else said
