"""Who is offered a place that has become free.

The rules, in words a floorwalker can say aloud:

1. The list has one order: whoever confirmed their e-mail address first is first.
2. A free place is offered to the first in that order whose whole journey, everybody's steps in it, fits into their days with it: in one
   visit where a day holds all of it, else over the fewest days, and the offer says so. Nobody is passed over because they are many, and
   nobody is offered half a journey.
3. It is held for `HELD_MINUTES`. When nobody answers, or they decline, it goes to the next who fits. They keep their place in the order and
   are not offered the same time again.
4. Nothing is offered that begins within `NOTICE_MINUTES`: they must be able to come.
5. Whoever leaves `UNANSWERED_AT_MOST` offers in a row unanswered is offered nothing more until they say that they still wait.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field

HELD_MINUTES = 10
NOTICE_MINUTES = 60
UNANSWERED_AT_MOST = 3


@dataclass(frozen=True)
class Span:
    """From `starts` until before `ends`."""

    starts: dt.datetime
    ends: dt.datetime


def was_refused(starts: dt.datetime, ends: dt.datetime, refused: Iterable[Span]) -> bool:
    """Whether somebody has let go of these times, or of a part of them, before."""
    return any(starts < span.ends and span.starts < ends for span in refused)


@dataclass
class Sieve:
    """What cannot be planned now, so that it is looked for once and not for everybody who asks for the same.

    Places are only taken while it is used: what did not fit into some days does not fit into fewer of them.
    """

    _failed: dict[Hashable, list[tuple[dt.date, dt.date]]] = field(default_factory=dict)

    def holds_back(self, shape: Hashable, earliest: dt.date, latest: dt.date) -> bool:
        """Whether it is known already that nothing fits for that shape of party within those days."""
        return any(first <= earliest and latest <= last for first, last in self._failed.get(shape, ()))

    def note(self, shape: Hashable, earliest: dt.date, latest: dt.date) -> None:
        """Nothing fits for that shape of party within those days."""
        self._failed.setdefault(shape, []).append((earliest, latest))
