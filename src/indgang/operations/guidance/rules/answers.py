"""Two people fill in one visit: whose answer stands, and what is asked again.

Each form says of every field what it showed when it was opened (`shown`). What somebody did not touch never overwrites a colleague; what
both changed to different things is a conflict, and is decided by a person who sees both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

Value = TypeVar("Value")
Key = TypeVar("Key")


@dataclass(frozen=True)
class Merged(Generic[Key, Value]):
    """What is to be written, and what both changed: {key: (mine, theirs)}."""

    write: Mapping[Key, Value]
    conflicts: Mapping[Key, tuple[Value, Value]]


def merge(shown: Mapping[Key, Value], mine: Mapping[Key, Value], standing: Mapping[Key, Value], empty: Value) -> Merged[Key, Value]:
    """What becomes of a form that showed `shown` and came back as `mine`, where `standing` is written by now. A key that is nowhere is
    `empty`."""
    write: dict[Key, Value] = {}
    conflicts: dict[Key, tuple[Value, Value]] = {}
    for key, value in mine.items():
        before, there = shown.get(key, empty), standing.get(key, empty)
        if value in (before, there):
            continue  # not touched, or the same as what stands already
        if there == before:
            write[key] = value
        else:
            conflicts[key] = (value, there)
    return Merged(write, conflicts)
