"""What a model promises about keeping is carried out by somebody."""

from __future__ import annotations

import pytest

from indgang.foundation.privacy import retention
from indgang.foundation.privacy.declarations import declarations


def test_every_promised_period_is_carried_out() -> None:
    assert declarations()
    assert retention.broken_promises() == []


def test_every_model_is_carried_out_by_name_once() -> None:
    """So that the counts of the command and of its dry run are those of one model each."""
    counted = [carried.models[0] for carried in retention.registered()]
    assert len(counted) == len(set(counted))


@pytest.mark.parametrize("forgotten", ["reception.note", "files.storedfile", "identity.user"])
def test_a_promise_that_nothing_carries_out_is_noticed(forgotten: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = [carried for carried in retention.registered() if forgotten not in carried.models]
    monkeypatch.setattr(retention, "_registered", rest)
    assert f"{forgotten} says how long it is kept, and nothing carries it out." in retention.broken_promises()


def test_a_retention_for_a_model_that_is_gone_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    first = retention.registered()[0]
    stale = retention.Retention(models=("reception.gone",), due=first.due, forget=first.forget)
    monkeypatch.setattr(retention, "_registered", [*retention.registered(), stale])
    assert retention.broken_promises() == ["reception.gone is to be forgotten in time, but there is no such model."]
