"""Charts of bars and maps of tiles, drawn as SVG by the server: nothing is fetched, they print, and they are read by shape and number.

A column may carry a mark above its end (such as the 90 % of a length of time). The numbers stand in the picture and in the table beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

COLUMN_HEIGHT, HEAD_ROOM = 150, 36  # pixels; the numbers stand above the columns
ROW_HEIGHT, LABEL_LINE = 44, 20
NUMBER_LINE = 15  # the line of a number: the mark's stands so far above the bar's, however near the two are
WIDEST = 78.0  # per cent of the picture for the longest row; its number stands behind it


@dataclass(frozen=True)
class Bar:
    """What one bar says: its name, its size, the size in words, and where its mark stands and what it says (None: it has none)."""

    label: str
    value: float
    text: str
    mark: float | None = None
    mark_text: str = ""


@dataclass(frozen=True)
class Drawn:
    """A bar with its place as SVG takes it: per cent across, pixels down.

    Numbers stand at `head`, and the bar's at `foot` where its mark says another above it.
    """

    bar: Bar
    width: str
    y: str
    x: str = "0"
    middle: str = ""
    length: str = ""
    mark: str = ""
    head: str = ""
    foot: str = ""


@dataclass(frozen=True)
class Chart:
    """A picture of bars."""

    bars: tuple[Drawn, ...]
    height: int
    baseline: int


def _largest(bars: Sequence[Bar]) -> float:
    return max((max(bar.value, bar.mark or 0) for bar in bars), default=0) or 1


def column_chart(bars: Sequence[Bar]) -> Chart:
    """Standing bars, for hours and weekdays: few, with short names."""
    scale, slot, baseline = COLUMN_HEIGHT / _largest(bars), 100 / max(len(bars), 1), HEAD_ROOM + COLUMN_HEIGHT

    def drawn(index: int, bar: Bar) -> Drawn:
        same = bar.mark is None or bar.mark_text == bar.text
        top, mark = baseline - bar.value * scale, baseline - max(bar.mark or 0, bar.value) * scale
        return Drawn(
            bar,
            width=f"{slot * 0.72:.2f}%",
            y=f"{top:.1f}",
            x=f"{slot * (index + 0.14):.2f}%",
            middle=f"{slot * (index + 0.5):.2f}%",
            length=f"{bar.value * scale:.1f}",
            mark="" if bar.mark is None else f"{mark:.1f}",
            head=f"{mark - 8 if same else min(mark - 8, top - 5 - NUMBER_LINE):.1f}",
            foot="" if same else f"{top - 5:.1f}",
        )

    return Chart(tuple(drawn(index, bar) for index, bar in enumerate(bars)), baseline + 26, baseline)


def row_chart(bars: Sequence[Bar]) -> Chart:
    """Lying bars with their names above them, for what has long names."""
    scale = WIDEST / _largest(bars)

    def drawn(index: int, bar: Bar) -> Drawn:
        return Drawn(bar, width=f"{bar.value * scale:.2f}%", y=str(index * ROW_HEIGHT + LABEL_LINE))

    return Chart(tuple(drawn(index, bar) for index, bar in enumerate(bars)), len(bars) * ROW_HEIGHT, 0)


TILE_WIDTH, TILE_HEIGHT, GAP = 118, 74, 4
SHADES = 5


@dataclass(frozen=True)
class Tile:
    """A municipality on the map: its name, its column and row, its number (None: not told), and the number in words."""

    label: str
    place: tuple[int, int]
    value: float | None
    text: str


@dataclass(frozen=True)
class DrawnTile:
    """A tile with its corner in the picture and its shade, 0 (nothing) to 4 (the most)."""

    tile: Tile
    x: int
    y: int
    shade: int


@dataclass(frozen=True)
class TileMap:
    """A map of tiles."""

    tiles: tuple[DrawnTile, ...]
    width: int
    height: int


def tile_map(tiles: Sequence[Tile]) -> TileMap:
    """A region as tiles that lie about where its municipalities do. The shade says how much, the number says it exactly."""
    most = max((tile.value or 0 for tile in tiles), default=0)

    def shade(tile: Tile) -> int:
        return math.ceil((SHADES - 1) * tile.value / most) if tile.value and most else 0

    drawn = tuple(DrawnTile(tile, tile.place[0] * TILE_WIDTH, tile.place[1] * TILE_HEIGHT, shade(tile)) for tile in tiles)
    columns, rows = (max((tile.place[axis] for tile in tiles), default=-1) + 1 for axis in (0, 1))
    return TileMap(drawn, columns * TILE_WIDTH - GAP, rows * TILE_HEIGHT - GAP)
