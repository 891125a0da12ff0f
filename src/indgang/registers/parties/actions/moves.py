"""That a company is in another municipality than the register had until now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from indgang.foundation.database import clock
from indgang.foundation.database.bulk import copy_in
from indgang.registers.parties.models import Company, Move


def note_moves(changes: Iterable[tuple[int, int | None, int | None]]) -> None:
    """Of companies that are written anew: which, in which municipality it was, in which it is.

    To learn where a company is, or to know it no longer, is not a move: nothing says that it was elsewhere before.
    """
    today = clock.today()
    copy_in(Move, [Move(company_id=pk, on=today, municipality_id=was) for pk, was, now in changes if was and now and was != now])


def never_moved(company: Company, since: dt.datetime) -> None:
    """That it moved was written down by mistake, at that moment: it was where it is again all the time. No other move was noted since."""
    last = Move.objects.filter(company=company, on=since.astimezone(clock.now_zone()).date()).order_by("-pk").first()
    if last is not None and last.municipality_id == company.municipality_id:
        last.delete()
