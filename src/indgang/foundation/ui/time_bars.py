"""A day's appointments as a bar: where each block, walk and wait begins and how wide it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from indgang.foundation.ui import words

MOST_LABELS = 4  # on a phone, five times side by side touch each other
NARROW = 0.045


@dataclass(frozen=True)
class Piece:
    """A stretch of the bar: an appointment, a walk to the next desk, or a wait. `x`, `middle`, `end` and `width` are SVG percentages.

    A `narrow` piece has no room for its number.
    """

    kind: str
    starts: dt.datetime
    ends: dt.datetime
    x: str
    middle: str
    end: str
    width: str
    narrow: bool
    number: int = 0
    appointment: Any = None

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return round((self.ends - self.starts).total_seconds() / 60)


@dataclass(frozen=True)
class Tick:
    """A time on the scale; `anchor` keeps the outer labels inside the picture."""

    x: str
    label: str
    anchor: str


@dataclass(frozen=True)
class Bar:
    """A day as a row of pieces over a scale."""

    pieces: tuple[Piece, ...]
    ticks: tuple[Tick, ...]

    @property
    def walking(self) -> int:
        """Minutes of walking in all."""
        return sum(piece.minutes for piece in self.pieces if piece.kind == "walk")

    @property
    def waiting(self) -> int:
        """Minutes of waiting in all."""
        return sum(piece.minutes for piece in self.pieces if piece.kind == "wait")


def _of(appointment: Any, name: str, default: Any = None) -> Any:
    return appointment.get(name, default) if isinstance(appointment, Mapping) else getattr(appointment, name, default)


def _percent(share: float) -> str:
    return f"{share * 100:.2f}%"


def bar_of(appointments: Iterable[Any], zone: ZoneInfo | None = None) -> Bar | None:
    """The bar of one day's appointments, or None without any.

    An appointment is an object or mapping with `starts` and `ends`; `walk_minutes` (optional) is the walk that leads to it.
    """
    ordered = sorted(appointments, key=lambda appointment: _of(appointment, "starts"))
    if not ordered:
        return None
    first, last = _of(ordered[0], "starts"), max(_of(appointment, "ends") for appointment in ordered)
    step = _step(last - first)
    left = _floor(first, step, zone)
    count = max(-(-(last - left) // step), 1)
    whole = count * step

    def piece(kind: str, starts: dt.datetime, ends: dt.datetime, number: int = 0, appointment: Any = None) -> Piece:
        x, end = (starts - left) / whole, (ends - left) / whole
        middle, width = _percent((x + end) / 2), _percent(end - x)
        return Piece(kind, starts, ends, _percent(x), middle, _percent(end), width, end - x < NARROW, number, appointment)

    pieces: list[Piece] = []
    free_from = first
    for number, appointment in enumerate(ordered, start=1):
        starts, ends = _of(appointment, "starts"), _of(appointment, "ends")
        walked = min(free_from + dt.timedelta(minutes=_of(appointment, "walk_minutes") or 0), starts)
        if walked > free_from:
            pieces.append(piece("walk", free_from, walked))
        if starts > max(walked, free_from):
            pieces.append(piece("wait", max(walked, free_from), starts))
        pieces.append(piece("appointment", starts, ends, number, appointment))
        free_from = max(free_from, ends)
    return Bar(tuple(pieces), _ticks(left, step, count, zone))


def _step(length: dt.timedelta) -> dt.timedelta:
    """So many minutes apart that the scale has two to eight steps."""
    return next((dt.timedelta(minutes=m) for m in (15, 30, 60) if length <= 6 * dt.timedelta(minutes=m)), dt.timedelta(hours=2))


def _floor(moment: dt.datetime, step: dt.timedelta, zone: ZoneInfo | None) -> dt.datetime:
    """The last full step before the moment, on the local clock."""
    here = words.local(moment, zone)
    return moment - dt.timedelta(hours=here.hour, minutes=here.minute, seconds=here.second, microseconds=here.microsecond) % step


def _ticks(left: dt.datetime, step: dt.timedelta, count: int, zone: ZoneInfo | None) -> tuple[Tick, ...]:
    every = -(-count // MOST_LABELS)
    return tuple(
        Tick(
            _percent(index / count),
            words.time_in_words(left + index * step, zone),
            "start" if index == 0 else "end" if index == count else "middle",
        )
        for index in range(0, count + 1, every)
    )
