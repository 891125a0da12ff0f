"""Measured times, and the table they are printed as."""

from __future__ import annotations

from dataclasses import dataclass, field

HEADINGS = ("measure", "target", "n", "p50", "p95", "max", "errors", "verdict")


@dataclass
class Measure:
    """Times of one thing, in seconds. The target is for the 95th percentile."""

    name: str
    target: float
    times: list[float] = field(default_factory=list)
    errors: int = 0

    def add(self, seconds: float, *, counts: bool = True) -> None:
        """One more time; warming up does not count."""
        if counts:
            self.times.append(seconds)

    def percentile(self, share: float) -> float:
        """The time that so large a share of all did not exceed."""
        times = sorted(self.times)
        return times[max(0, -(-int(len(times) * share * 1000) // 1000) - 1)]

    @property
    def met(self) -> bool:
        """Whether the target is met, without an error."""
        return self.percentile(0.95) <= self.target and not self.errors

    def row(self) -> tuple[str, ...]:
        """As the table shows it."""
        values = (self.percentile(0.5), self.percentile(0.95), max(self.times))
        counted = str(len(self.times)), *map(_shown, values), str(self.errors)
        return (self.name, f"p95 <= {_shown(self.target)}", *counted, "ok" if self.met else "MISSED")


@dataclass
class Check:
    """Something that must hold, with what was seen."""

    name: str
    target: str
    seen: str
    met: bool

    def row(self) -> tuple[str, ...]:
        """As the table shows it."""
        return (self.name, self.target, self.seen, "", "", "", "", "ok" if self.met else "MISSED")


def _shown(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 10 else f"{seconds * 1000:.0f} ms"


def printed(rows: list[Measure | Check]) -> str:
    """The table."""
    lines = [HEADINGS, *(row.row() for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEADINGS))]
    text = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([text[0], "  ".join("-" * width for width in widths), *text[1:]])
