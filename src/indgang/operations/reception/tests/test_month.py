"""A busy month as this house does it, beside first come, first served on the same arrivals."""

from __future__ import annotations

import pytest

from indgang.operations.reception.rules.line import LineRules
from indgang.operations.reception.rules.month import MONTHS, Busy, played_month


@pytest.mark.parametrize("busy", MONTHS, ids=lambda busy: busy.key)
def test_parties_with_several_steps_wait_less_between_them_and_no_fewer_finish_the_same_day(busy: Busy) -> None:
    months = [played_month(busy, seed, LineRules()) for seed in (1, 2, 3)]
    for ours, plain in months:
        assert ours.parties == plain.parties, "the same arrivals"
    assert sum(ours.p90_between for ours, _ in months) < sum(plain.p90_between for _, plain in months)
    assert sum(ours.finished for ours, _ in months) >= sum(plain.finished for _, plain in months) - 0.003 * len(months)


def test_the_same_month_goes_the_same_way() -> None:
    assert played_month(MONTHS[0], 7, LineRules()) == played_month(MONTHS[0], 7, LineRules())
