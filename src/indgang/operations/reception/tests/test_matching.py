"""People and travellers: a match is found whenever there is one, whatever is known of whom, and in the order that they are named."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indgang.operations.reception.rules.matching import Kind, fits, matched

CITIZENSHIPS, PURPOSES = st.sampled_from(["", "DEU", "IND"]), st.sampled_from(["", "work", "family"])
KINDS = st.builds(Kind, CITIZENSHIPS, st.booleans(), PURPOSES)


@given(st.lists(KINDS, max_size=5), st.lists(KINDS, max_size=5))
@example([Kind("", False), Kind("DEU", False)], [Kind("DEU", False), Kind("IND", False)])
@example([Kind("", False), Kind("DEU", False)], [Kind("DEU", False), Kind("DEU", False)])
@example([Kind("DEU", False, "work"), Kind("DEU", False, "family")], [Kind("DEU", False, "family"), Kind("DEU", False)])
def test_it_is_the_first_of_all_matches_that_there_are(travellers: list[Kind], people: list[Kind]) -> None:
    orders = permutations(range(len(people))) if len(travellers) == len(people) else iter(())
    matches = (list(order) for order in orders if all(map(fits, travellers, (people[position] for position in order))))
    assert matched(travellers, people) == next(matches, None)


@pytest.mark.parametrize(
    ("traveller", "person", "fit"),
    [
        (Kind("DEU", False, "work"), Kind("DEU", False), True),
        (Kind("", False, "work"), Kind("DEU", False, "work"), True),
        (Kind("DEU", False), Kind("IND", False), False),
        (Kind("DEU", False), Kind("DEU", True), False),
        (Kind("IND", False, "family"), Kind("IND", False, "work"), False),
    ],
)
def test_who_can_be_whom(traveller: Kind, person: Kind, fit: bool) -> None:
    assert fits(traveller, person) is fit
