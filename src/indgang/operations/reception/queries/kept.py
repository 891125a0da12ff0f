"""What is asked for again and again and seldom changes, kept in memory by each process for as long as its rows stand as they are.

The database says in one query whether they do: a version made of the versions of the rows (migrations/0002_state_of_day.py).
What is kept is shared by everybody who asks, so nobody may change it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar

from django.db import connection

from indgang.foundation.places.models import House

Value = TypeVar("Value")
AT_MOST = 500
_kept: OrderedDict[Hashable, tuple[str, object]] = OrderedDict()  # what was asked for last stands last
_one_at_a_time = Lock()


def version_of_house(house: House) -> str:
    """Changes with every change to what the house offers and when: services, desks, hours, closures, rules, names."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reception_version_of_house(%s, %s)", [house.pk, house.region_id])
        version: str = cursor.fetchone()[0]
    return version


def kept(what: Hashable, version: str, read: Callable[[], Value]) -> Value:
    """What was read in that version, or read now. Only the latest version is kept, and of what nobody asks for any more, nothing."""
    with _one_at_a_time:
        known = _kept.get(what)
        if known and known[0] == version:
            _kept.move_to_end(what)
            return known[1]  # type: ignore[return-value]
    value = read()  # outside the lock: reading takes longer than everything else here
    with _one_at_a_time:
        _kept[what] = version, value
        _kept.move_to_end(what)
        while len(_kept) > AT_MOST:
            _kept.popitem(last=False)
    return value


def forget_all() -> None:
    """Begin anew, as a process that has just started."""
    with _one_at_a_time:
        _kept.clear()
