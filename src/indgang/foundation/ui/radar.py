"""A radar chart as SVG: one drawing for the page and for the paper, with numbers and words, and read without colour.

An axis that nobody answered is unknown, not zero: it is dotted, ends in an open ring, and no area is drawn across it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

INK, MUTED, LINE, PAPER = "#1b2733", "#4f5d6b", "#cdd6dd", "#ffffff"
MAIN, BESIDE = "#0f4c5c", "#8a4b00"
WIDTH, HEIGHT, RADIUS = 740.0, 500.0, 180.0
FONT = "IBM Plex Sans, system-ui, Segoe UI, Roboto, sans-serif"
LABEL_LETTERS = 16  # a longer name is set in two lines or three


@dataclass(frozen=True)
class Series:
    """What is drawn as one shape: its name and a value for each axis, None where it is not known."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Spot:
    """A place in the picture."""

    x: float
    y: float

    def __str__(self) -> str:
        return f"{self.x:.1f},{self.y:.1f}"


def spot(axis: int, axes: int, share: float) -> Spot:
    """Where a share (0 to 1) of an axis lies; the first axis points up, the others follow the clock."""
    angle = 2 * math.pi * axis / axes
    return Spot(WIDTH / 2 + RADIUS * share * math.sin(angle), HEIGHT / 2 - 14 - RADIUS * share * math.cos(angle))


def radar_svg(labels: Sequence[str], series: Sequence[Series], *, most: int, said: str) -> SafeString:
    """The picture. `said` is what a screen reader says instead of it; the numbers stand in a table beside."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" aria-label="{escape(said)}" '
        f'font-family="{FONT}" class="i-radar">',
        *_grid(len(labels), most),
        *_axes(labels, [one for one in series if one.values]),
    ]
    for place, one in reversed(list(enumerate(series))):
        parts += _shape(one, len(labels), most, main=place == 0)
    return mark_safe("".join([*parts, *_legend(series), "</svg>"]))  # every word in it is escaped where it is written


def _grid(axes: int, most: int) -> Iterator[str]:
    for ring in range(1, most + 1):
        corners = " ".join(str(spot(axis, axes, ring / most)) for axis in range(axes))
        yield f'<polygon points="{corners}" fill="none" stroke="{LINE}" stroke-width="{1.6 if ring == most else 1}"/>'
    for ring in range(1, most + 1):
        at = spot(0, axes, ring / most)
        yield f'<text x="{at.x + 5:.1f}" y="{at.y - 3:.1f}" font-size="11" fill="{MUTED}">{ring}</text>'


def _axes(labels: Sequence[str], series: Sequence[Series]) -> Iterator[str]:
    count, centre = len(labels), spot(0, 1, 0)
    for axis, label in enumerate(labels):
        end, known = spot(axis, count, 1), bool(series) and series[0].values[axis] is not None
        dots = "" if known else ' stroke-dasharray="2 5"'
        yield f'<line x1="{centre.x}" y1="{centre.y}" x2="{end.x:.1f}" y2="{end.y:.1f}" stroke="{LINE}" stroke-width="1"{dots}/>'
        if not known:
            yield f'<circle cx="{end.x:.1f}" cy="{end.y:.1f}" r="5" fill="{PAPER}" stroke="{MUTED}" stroke-width="1.5"/>'
        yield from _label(axis + 1, label, spot(axis, count, 1.14))


def _label(number: int, label: str, at: Spot) -> Iterator[str]:
    """The name with its number; on a phone, where names would be too small, the style sheet shows the number alone."""
    lines = broken(f"{number}\u00a0{label}")
    side = at.x - WIDTH / 2
    anchor = "middle" if abs(side) < 12 else "start" if side > 0 else "end"
    up = at.y < HEIGHT / 2 - 14 - RADIUS
    top = at.y - (len(lines) - 1) * (17 if up else 8.5) + 5
    yield f'<g class="i-radar-name" font-size="14" text-anchor="{anchor}" fill="{INK}">'
    for place, line in enumerate(lines):
        yield f'<text x="{at.x:.1f}" y="{top + 17 * place:.1f}">{escape(line)}</text>'
    yield f'</g><text x="{at.x:.1f}" y="{at.y + 9:.1f}" display="none" class="i-radar-number" text-anchor="middle">{number}</text>'


def broken(label: str) -> list[str]:
    """A name in lines that fit beside the picture."""
    lines: list[str] = []
    for word in label.split(" "):
        if lines and len(lines[-1]) + 1 + len(word) <= LABEL_LETTERS:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(word)
    return lines


def _shape(series: Series, axes: int, most: int, *, main: bool) -> Iterator[str]:
    colour, dashes = (MAIN, "") if main else (BESIDE, ' stroke-dasharray="7 5"')
    spots = [None if value is None else spot(axis, axes, value / most) for axis, value in enumerate(series.values)]
    centre = spot(0, 1, 0)
    for axis in range(len(spots)):
        here, there = spots[axis], spots[(axis + 1) % axes]
        if here is None or there is None:
            continue
        if main:
            yield f'<polygon points="{centre} {here} {there}" fill="{colour}" fill-opacity="0.16"/>'
        ends = f'x1="{here.x:.1f}" y1="{here.y:.1f}" x2="{there.x:.1f}" y2="{there.y:.1f}"'
        yield f'<line {ends} stroke="{colour}" stroke-width="2.5"{dashes}/>'
    for here in filter(None, spots):
        yield _mark(here, colour, main=main)


def _mark(at: Spot, colour: str, *, main: bool) -> str:
    """A full dot for what is now, a hollow square for what it is compared with."""
    if main:
        return f'<circle cx="{at.x:.1f}" cy="{at.y:.1f}" r="5" fill="{colour}"/>'
    return f'<rect x="{at.x - 4.5:.1f}" y="{at.y - 4.5:.1f}" width="9" height="9" fill="{PAPER}" stroke="{colour}" stroke-width="2"/>'


def _legend(series: Sequence[Series]) -> Iterator[str]:
    if len(series) < 2:
        return
    x, y = WIDTH / 2 - 190, HEIGHT - 12
    for place, one in enumerate(series):
        colour, dashes = (MAIN, "") if place == 0 else (BESIDE, ' stroke-dasharray="7 5"')
        yield f'<line x1="{x}" y1="{y - 5}" x2="{x + 40}" y2="{y - 5}" stroke="{colour}" stroke-width="2.5"{dashes}/>'
        yield _mark(Spot(x + 20, y - 5), colour, main=place == 0)
        yield f'<text x="{x + 48}" y="{y}" font-size="14" fill="{INK}">{escape(one.name)}</text>'
        x += 200
