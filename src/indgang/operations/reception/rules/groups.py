"""A group that an employer books for: whether enough of it has a time, times that keep their distance, and who is in it already. Pure."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ALL, AT_LEAST, NAMED = "all", "at-least", "named"


@dataclass(frozen=True)
class Member:
    """One of the group: whether there is a time (booked or proposed), and whether nothing is to be booked without this person."""

    has_time: bool
    needed: bool = False


def enough(when: str, at_least: int, members: Sequence[Member]) -> bool:
    """Whether the group may be booked under the employer's own condition. Where nobody has a time there is nothing to book."""
    with_time = sum(member.has_time for member in members)
    if not with_time:
        return False
    if when == AT_LEAST:
        return with_time >= at_least
    if when == NAMED:
        return all(member.has_time for member in members if member.needed)
    return with_time == len(members)


def next_start(begin: dt.datetime, taken: Iterable[dt.datetime], apart: int) -> dt.datetime:
    """The first moment from `begin` on that lies `apart` minutes or more from every one in `taken`."""
    distance = dt.timedelta(minutes=apart)
    for other in sorted(taken):
        if abs(other - begin) < distance:
            begin = other + distance
    return begin


@dataclass(frozen=True)
class Identity:
    """What tells one employee from another: the employer's own number, else the name with the e-mail address."""

    reference: str
    name: str
    email: str

    def is_same(self, other: Identity) -> bool:
        """Two different numbers are two people; one number is one person. Without numbers the name decides, and two addresses differ."""
        if self.reference and other.reference:
            return _folded(self.reference) == _folded(other.reference)
        if _folded(self.name) != _folded(other.name):
            return False
        return not self.email or not other.email or self.email.casefold() == other.email.casefold()


def known_as(wanted: Identity, known: Sequence[Identity]) -> int | None:
    """The place in `known` of the person who is wanted; None for somebody new."""
    return next((place for place, identity in enumerate(known) if identity.is_same(wanted)), None)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
