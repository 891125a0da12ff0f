"""That a company is in another municipality than the register had until now."""

from __future__ import annotations

from collections.abc import Iterable

from indgang.foundation.database import clock
from indgang.foundation.database.bulk import copy_in
from indgang.registers.parties.models import Move


def note_moves(changes: Iterable[tuple[int, int | None, int | None]]) -> None:
    """Of companies that are written anew: which, in which municipality it was, in which it is.

    To learn where a company is, or to know it no longer, is not a move: nothing says that it was elsewhere before.
    """
    today = clock.today()
    copy_in(Move, [Move(company_id=pk, on=today, municipality_id=was) for pk, was, now in changes if was and now and was != now])
