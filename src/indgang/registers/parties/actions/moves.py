"""That a company is in another municipality than the register had until now, and who else is told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable

from indgang.foundation.database import clock
from indgang.foundation.database.bulk import copy_in
from indgang.registers.parties.models import Company, Move

Change = tuple[int, int | None, int | None]  # a company, the municipality it was in, the one it is in
Follower = Callable[[Collection[int], Collection[int]], None]
_FOLLOWERS: dict[str, Follower] = {}


def follow_moves(room: str, follower: Follower) -> None:
    """Have a room told, in the same transaction, of which companies and which establishments the register says another municipality now:
    whoever keeps where something was, keeps it as if the register had said so from the beginning."""
    _FOLLOWERS[room] = follower


def tell_moved(*, companies: Collection[int] = (), establishments: Collection[int] = ()) -> None:
    """Tell all rooms that follow, once the register says it."""
    if companies or establishments:
        for follower in _FOLLOWERS.values():
            follower(companies, establishments)


def note_moves(changes: Iterable[Change]) -> None:
    """Of companies that are written anew: which, in which municipality it was, in which it is.

    To learn where a company is, or to know it no longer, is not a move: nothing says that it was elsewhere before.
    """
    today, changed = clock.today(), [change for change in changes if change[1] != change[2]]
    copy_in(Move, [Move(company_id=pk, on=today, municipality_id=was) for pk, was, now in changed if was and now])
    tell_moved(companies=[pk for pk, _was, _now in changed])


def take_back_moves(changes: Iterable[Change], noted: dt.datetime) -> None:
    """What a table noted at that moment was wrong: of the companies that are written as they were before it, that one move goes, and no
    other is noted."""
    changed = {pk: now for pk, was, now in changes if was != now}
    first = noted.astimezone(clock.now_zone()).date()
    days = first, first + dt.timedelta(days=1)  # a long table may end on the day after
    found: dict[int, int] = {}
    for pk, company, municipality in (
        Move.objects.filter(company__in=changed, on__in=days).order_by("-on", "pk").values_list("pk", "company_id", "municipality_id")
    ):
        if municipality == changed[company]:
            found[company] = pk
    Move.objects.filter(pk__in=found.values()).delete()
    tell_moved(companies=changed)


def never_moved(company: Company, since: dt.datetime) -> None:
    """That it moved was written down by mistake, at that moment: it was where it is again all the time. No other move was noted since."""
    last = Move.objects.filter(company=company, on=since.astimezone(clock.now_zone()).date()).order_by("-pk").first()
    if last is not None and last.municipality_id == company.municipality_id:
        last.delete()
    tell_moved(companies=[company.pk])
