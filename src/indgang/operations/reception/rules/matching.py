"""Who is who: the people a booking names, matched to the travellers that its offer was made for. Pure."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import NamedTuple


class Kind(NamedTuple):
    """What is known of somebody: citizenship as an alpha-3 code ("" = unknown), whether a child, and why they come ("" = not said)."""

    citizenship: str
    child: bool
    purpose: str = ""


def matched(travellers: Sequence[Kind], people: Sequence[Kind]) -> list[int] | None:
    """For each traveller the position of the person who is meant; None when the people are not those of the offer.

    A child is a child, a traveller of known citizenship is somebody of that citizenship, one of unknown citizenship may be anybody, and a
    person who says why they come comes for that. The first traveller gets the first person who leaves a match for the rest, then the
    second, and so on: the contact stays the contact.
    """
    if len(travellers) != len(people):
        return None
    fitting = [[position for position, person in enumerate(people) if fits(traveller, person)] for traveller in travellers]
    match: list[int] = []
    for number, candidates in enumerate(fitting):
        rest = fitting[number + 1 :]
        found = next((one for one in candidates if one not in match and _all_find_somebody(rest, {*match, one})), None)
        if found is None:
            return None
        match.append(found)
    return match


def fits(traveller: Kind, person: Kind) -> bool:
    """Whether the person can be that traveller."""
    return (
        traveller.child == person.child and traveller.citizenship in ("", person.citizenship) and person.purpose in ("", traveller.purpose)
    )


def _all_find_somebody(fitting: Sequence[Sequence[int]], gone: Set[int]) -> bool:
    """Whether each can have somebody of their own: whoever comes later may send an earlier one to somebody else."""
    taken: dict[int, int] = {}

    def settle(number: int, asked: set[int]) -> bool:
        for one in fitting[number]:
            if one not in gone and one not in asked:
                asked.add(one)
                if one not in taken or settle(taken[one], asked):
                    taken[one] = number
                    return True
        return False

    return all(settle(number, set()) for number in range(len(fitting)))
