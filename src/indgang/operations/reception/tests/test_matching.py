"""People and travellers: a match is found whenever there is one, whatever is known of whom, and in the order that they are named."""

from __future__ import annotations

from itertools import permutations

from hypothesis import example, given
from hypothesis import strategies as st

from indgang.operations.reception.rules.matching import Kind, matched

KINDS = st.tuples(st.sampled_from(["", "DEU", "IND"]), st.booleans())


def fits(traveller: Kind, person: Kind) -> bool:
    return traveller[1] == person[1] and traveller[0] in ("", person[0])


@given(st.lists(KINDS, max_size=5), st.lists(KINDS, max_size=5))
@example([("", False), ("DEU", False)], [("DEU", False), ("IND", False)])
@example([("", False), ("DEU", False)], [("DEU", False), ("DEU", False)])
def test_it_is_the_first_of_all_matches_that_there_are(travellers: list[Kind], people: list[Kind]) -> None:
    orders = permutations(range(len(people))) if len(travellers) == len(people) else iter(())
    matches = (list(order) for order in orders if all(map(fits, travellers, (people[position] for position in order))))
    assert matched(travellers, people) == next(matches, None)
