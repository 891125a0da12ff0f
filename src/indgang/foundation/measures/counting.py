"""How figures are counted. Plain Python and whole numbers, so that two ways of counting the same thing agree to the last digit."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Share:
    """A part of a whole, as two counts."""

    part: int
    whole: int

    @property
    def value(self) -> float | None:
        """Between 0 and 1 (or above, where the part may be larger); None of nothing."""
        return self.part / self.whole if self.whole else None


@dataclass(frozen=True)
class Spread:
    """How long something took: of how many, altogether, and the values that half and nine tenths of them do not exceed."""

    count: int = 0
    total: dt.timedelta = dt.timedelta()
    median: dt.timedelta | None = None
    p90: dt.timedelta | None = None


def quantile(ordered: Sequence[dt.timedelta], share: float) -> dt.timedelta | None:
    """The smallest value that so large a share of them, given in ascending order, does not exceed. Always one of them, never a mean.

    As PostgreSQL's percentile_disc counts.
    """
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1] if ordered else None


def spread_of(values: Sequence[dt.timedelta]) -> Spread:
    """The spread of some lengths of time."""
    ordered = sorted(values)
    return Spread(len(ordered), sum(ordered, dt.timedelta()), quantile(ordered, 0.5), quantile(ordered, 0.9))
