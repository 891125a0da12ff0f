"""Who is who: the people a booking names, matched to the travellers that its offer was made for. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

Kind = tuple[str, bool]  # citizenship as an alpha-3 code ("" = unknown), child


def matched(travellers: Sequence[Kind], people: Sequence[Kind]) -> list[int] | None:
    """For each traveller the position of the person who is meant; None when the people are not those of the offer.

    A child is a child, and a traveller of known citizenship is somebody of that citizenship; one of unknown citizenship may be anybody. The
    first traveller gets the first person who leaves a match for the rest, then the second, and so on: the contact stays the contact.
    """
    waiting, there = dict(enumerate(people)), Counter(people)
    wanted = Counter(kind for kind in travellers if kind[0])
    match: list[int] = []
    for citizenship, child in travellers:
        if citizenship:
            fitting = (position for position, kind in waiting.items() if kind == (citizenship, child))
        else:
            fitting = (position for position, kind in waiting.items() if kind[1] == child and there[kind] > wanted[kind])
        position = next(fitting, None)
        if position is None:
            return None
        kind = waiting.pop(position)
        there[kind] -= 1
        wanted[citizenship, child] -= bool(citizenship)
        match.append(position)
    return None if waiting else match
