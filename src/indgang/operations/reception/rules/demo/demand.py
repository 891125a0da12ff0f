"""How many made-up parties want to come on which day, and when in the day. Pure; everything follows from the random source given.

Months weigh differently (students arrive in August, September and January; nobody moves in July), a day as much as its desks are open, and
bookings ahead thin out the further ahead they are.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from random import Random

MONTHS = {1: 1.3, 2: 1.08, 3: 0.95, 4: 0.9, 5: 0.85, 6: 0.88, 7: 0.7, 8: 1.42, 9: 1.45, 10: 1.05, 11: 0.92, 12: 0.7}
LEAD_DAYS = 38.0  # bookings ahead thin out by a factor of e in so many days
LEAD_MOST = 1.45


def wanted(days: Mapping[dt.date, int], source: Random) -> dict[dt.date, float]:
    """The weight of each open day: what it offers (desk minutes), the season, and some luck."""
    return {date: minutes * MONTHS[date.month] * source.uniform(0.82, 1.18) for date, minutes in days.items() if minutes}


def booked_ahead(weights: Mapping[dt.date, float], today: dt.date) -> dict[dt.date, float]:
    """The weights of the days ahead as far as people book ahead."""
    return {date: weight * LEAD_MOST * math.exp(-(date - today).days / LEAD_DAYS) for date, weight in weights.items()}


def spread(total: int, weights: Mapping[dt.date, float]) -> dict[dt.date, int]:
    """Whole numbers that add up to `total`, each day as near to its share as a running sum can be."""
    whole = sum(weights.values())
    counts: dict[dt.date, int] = {}
    seen, given = 0.0, 0
    for date, weight in weights.items():
        seen += weight
        upto = round(total * seen / whole)
        counts[date] = upto - given
        given = upto
    return counts


def expected(rate: float, weights: Mapping[dt.date, float]) -> dict[dt.date, int]:
    """Whole numbers near `rate` x weight for each day, without losing what is under one."""
    return spread(round(rate * sum(weights.values())), weights) if weights else {}


def arrival_cell(open_cells: Sequence[int], source: Random) -> int:
    """The cell of the day at which a party would like to begin: most like the morning."""
    place = source.betavariate(1.15, 1.9)
    return open_cells[min(int(place * len(open_cells)), len(open_cells) - 1)]


def booked_before(source: Random, *, at_least: int = 0) -> dt.timedelta:
    """How long before its visit a party booked: a few hours to six weeks, half of them within eight days."""
    days = at_least + min(source.expovariate(1 / 11.0), 42.0)
    return dt.timedelta(days=days, seconds=source.randrange(3600))
