"""A hall played forward follows the line, on any day; a plain day is checked by hand."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from indgang.operations.reception.rules.hall import Errand, OpenDesk, play
from indgang.operations.reception.rules.line import LineRules

RULES = LineRules()
OPEN = ((0.0, 120.0), (150.0, 300.0))


@st.composite
def crowds(draw: st.DrawFn) -> list[Errand]:
    found = []
    for key in range(draw(st.integers(0, 14))):
        booked = draw(st.none() | st.integers(0, 280).map(float))
        found.append(
            Errand(
                key=key,
                arrived=draw(st.integers(0, 280).map(float)),
                minutes=draw(st.integers(1, 40).map(float)),
                planned=draw(st.integers(5, 30).map(float)),
                desks=tuple(draw(st.permutations([1, 2, 3]))[: draw(st.integers(1, 3))]),
                booked=booked,
                head_start=draw(st.sampled_from([0.0, 20.0])),
                after=(draw(st.integers(0, key - 1)),) if key and draw(st.booleans()) else (),
                walk=draw(st.sampled_from([0.0, 5.0])),
            )
        )
    return found


@given(crowds())
@settings(max_examples=150)
def test_a_desk_serves_one_at_a_time_while_it_is_open_and_nobody_goes_before_their_turn(crowd: list[Errand]) -> None:
    served = play(crowd, [OpenDesk(key, 0.0, OPEN) for key in (1, 2, 3)], RULES)
    by_key = {errand.key: errand for errand in crowd}
    for one in served.values():
        errand = by_key[one.key]
        assert one.desk in errand.desks
        assert one.called >= errand.arrived
        assert one.ended == one.called + errand.minutes
        assert any(opens <= one.called < closes for opens, closes in OPEN)
        assert all(served[key].ended + errand.walk <= one.called for key in errand.after)
    for desk in (1, 2, 3):
        turns = sorted((one.called, one.ended) for one in served.values() if one.desk == desk)
        assert all(ended <= called for (_, ended), (called, _) in pairwise(turns))


@given(crowds())
@settings(max_examples=150)
def test_at_one_desk_nobody_who_could_be_called_is_passed_over(crowd: list[Errand]) -> None:
    """Tickets only, one desk: whoever is called counted from the earliest moment of all who were there."""
    tickets = [Errand(e.key, e.arrived, e.minutes, e.planned, (1,), None, e.head_start) for e in crowd]
    served = play(tickets, [OpenDesk(1, 0.0, ((0.0, 10_000.0),))], RULES)
    assert len(served) == len(tickets)
    for errand in tickets:
        called = served[errand.key].called
        there = [other for other in tickets if other.arrived <= called <= served[other.key].called]
        assert min((other.place(RULES), other.key) for other in there) == (errand.place(RULES), errand.key)


def test_a_short_day_by_hand() -> None:
    """Booked at 30; a long ticket at 10 would run into it and waits, a short one at 12 fits."""
    crowd = [
        Errand(1, 0, 20, 20, (1,)),
        Errand(2, 10, 20, 20, (1,)),
        Errand(3, 12, 8, 10, (1,)),
        Errand(4, 28, 15, 15, (1,), booked=30.0),
    ]
    served = play(crowd, [OpenDesk(1, 0.0, ((0.0, 120.0),))], RULES)
    assert [(key, served[key].called, served[key].ended) for key in (1, 3, 4, 2)] == [(1, 0, 20), (3, 20, 28), (4, 28, 43), (2, 43, 63)]


def test_a_desk_that_has_closed_calls_nobody() -> None:
    assert play([Errand(1, 200, 5, 5, (1,))], [OpenDesk(1, 0.0, ((0.0, 100.0),))], RULES) == {}
