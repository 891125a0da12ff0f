"""A turned wheel: what a form or an address says, and how far there is to go."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.guidance.rules.wheels import STEPS, furthest, is_finished, read_turned

KEYS = list("abcdef")
said = st.dictionaries(
    st.sampled_from([f"{part}-{key}" for key in KEYS for part in ("now", "wanted")]), st.text(max_size=3) | st.sampled_from(STEPS)
)


@given(said)
def test_what_is_no_step_is_no_answer_and_nothing_else_is_lost(answers: dict[str, str]) -> None:
    turned = read_turned(KEYS, answers)
    assert list(turned) == KEYS
    for key, (now, wanted) in turned.items():
        for value, text in ((now, answers.get(f"now-{key}")), (wanted, answers.get(f"wanted-{key}"))):
            assert (value is not None) == (text in STEPS)
            assert value is None or str(value) == text
    assert is_finished(turned) == (sum(answers.get(f"now-{key}") in STEPS for key in KEYS) >= 3)


@given(said)
def test_the_longest_way_comes_first_and_there_is_a_way(answers: dict[str, str]) -> None:
    turned = read_turned(KEYS, answers)
    ways = [(wanted or 0) - (now or 0) for now, wanted in (turned[key] for key in furthest(turned))]
    assert ways == sorted(ways, reverse=True)
    assert all(way > 0 for way in ways)
    assert len(ways) <= 3
