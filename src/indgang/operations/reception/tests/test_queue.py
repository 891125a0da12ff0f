"""Whom a desk calls next: one total order, for any crowd in any order."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from indgang.operations.reception.rules.queue import Waiting, line_for

NOON = dt.datetime(2026, 12, 8, 11, tzinfo=dt.UTC)
minutes = st.integers(-120, 120).map(lambda n: NOON + dt.timedelta(minutes=n))


@st.composite
def crowds(draw: st.DrawFn) -> list[Waiting]:
    count = draw(st.integers(0, 12))
    return [
        Waiting(
            visit=number,
            journey=UUID(int=draw(st.integers(1, 5))),
            service=draw(st.sampled_from(["cpr", "tax", "mitid"])),
            status=draw(st.sampled_from(["waiting", "waiting", "waiting", "called", "serving"])),
            booked_at=draw(st.none() | minutes),
            desk=draw(st.none() | st.integers(1, 3)),
            arrived_at=draw(minutes),
            unmet=draw(st.sampled_from([frozenset[str](), frozenset({"permit"})])),
            language=draw(st.sampled_from(["da", "en", "pl"])),
        )
        for number in range(count)
    ]


@given(crowds(), st.randoms())
def test_the_line_is_one_order_whatever_order_the_rows_came_in(crowd: list[Waiting], random: object) -> None:
    shuffled = list(crowd)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert line_for(1, ["cpr", "tax"], ["da"], shuffled) == line_for(1, ["cpr", "tax"], ["da"], crowd)


@given(crowds())
def test_nobody_is_called_who_is_at_a_desk_who_must_do_something_else_first_or_for_what_the_desk_does_not_do(crowd: list[Waiting]) -> None:
    line = line_for(1, ["cpr", "tax"], ["da"], crowd)
    busy = {step.journey for step in crowd if step.status in ("called", "serving")}
    assert not busy & {step.journey for step in line}
    assert {step.status for step in line} <= {"waiting"}
    assert not any(step.unmet for step in line)
    assert {step.service for step in line} <= {"cpr", "tax"}
    assert all(step.language == "da" or step.desk == 1 for step in line)
    assert len({step.journey for step in line}) == len(line)


@given(crowds())
def test_a_party_waits_for_its_next_step_by_booked_time(crowd: list[Waiting]) -> None:
    for step in line_for(1, ["cpr", "tax"], ["da"], crowd):
        others = [s for s in crowd if s.journey == step.journey and s.status == "waiting" and not s.unmet and s.booked_at]
        assert all(step.booked_at is not None and step.booked_at <= other.booked_at for other in others if other.booked_at)


def waiting(visit: int, booked: int | None, *, desk: int = 2, arrived: int = -60, language: str = "en") -> Waiting:
    at = None if booked is None else NOON + dt.timedelta(minutes=booked)
    return Waiting(visit, UUID(int=visit), "cpr", "waiting", at, desk, NOON + dt.timedelta(minutes=arrived), frozenset(), language)


def test_booked_time_comes_first_then_the_desks_own_then_arrival_then_number() -> None:
    crowd = [waiting(5, 10, arrived=-5), waiting(4, 10), waiting(3, 10), waiting(2, 10, desk=1), waiting(1, 30, desk=1), waiting(6, 0)]
    assert [step.visit for step in line_for(1, ["cpr"], ["en"], crowd)] == [6, 2, 3, 4, 5, 1]
