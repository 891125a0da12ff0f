"""How promises are carried out: in bounded batches, as often as one likes, and for every room even where one fails."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from indgang.foundation.database.models import CacheRow
from indgang.foundation.privacy import retention
from indgang.foundation.privacy.retention import Retention, carry_out, due_now

pytestmark = pytest.mark.django_db


def rows(count: int) -> None:
    CacheRow.objects.bulk_create(CacheRow(cache_key=f"{number:04}", value="", expires=timezone.now()) for number in range(count))


def kept() -> list[str]:
    return list(CacheRow.objects.order_by("pk").values_list("pk", flat=True))


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Attempts are forgotten two at a time; here stands what was taken each time."""
    taken: list[list[str]] = []

    def forget(some: QuerySet[CacheRow]) -> None:
        taken.append(list(some.order_by("pk").values_list("pk", flat=True)))
        some.delete()

    monkeypatch.setattr(retention, "AT_ONCE", 2)
    due = Retention(models=("database.cacherow",), due=CacheRow.objects.all, forget=forget)
    monkeypatch.setattr(retention, "_registered", [due])
    return taken


def test_everything_goes_a_few_rows_at_a_time_and_the_second_time_nothing(batches: list[list[str]]) -> None:
    rows(5)
    assert carry_out() == {"database.cacherow": 5}
    assert (batches, kept()) == ([["0000", "0001"], ["0002", "0003"], ["0004"]], [])
    assert carry_out() == {"database.cacherow": 0}


def test_counting_changes_nothing(batches: list[list[str]]) -> None:
    rows(3)
    assert due_now() == {"database.cacherow": 3}
    assert (batches, len(kept())) == ([], 3)


def test_one_that_is_stopped_keeps_what_it_did_and_the_next_does_the_rest(
    monkeypatch: pytest.MonkeyPatch, batches: list[list[str]]
) -> None:
    rows(5)
    whole = retention.registered()[0]

    def stopped(some: QuerySet[CacheRow]) -> None:
        whole.forget(some)
        if len(batches) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(retention, "_registered", [Retention(models=whole.models, due=whole.due, forget=stopped)])
    with pytest.raises(KeyboardInterrupt):
        carry_out()
    assert kept() == ["0002", "0003", "0004"]  # the first two are gone for good; the two under way are back
    monkeypatch.setattr(retention, "_registered", [whole])
    assert carry_out() == {"database.cacherow": 3}


def test_where_one_room_fails_the_others_do_theirs_and_the_error_is_told(monkeypatch: pytest.MonkeyPatch, batches: list[list[str]]) -> None:
    rows(1)

    def fail(_some: QuerySet[Any]) -> None:
        raise ZeroDivisionError

    broken = Retention(models=("database.other",), due=CacheRow.objects.all, forget=fail)
    monkeypatch.setattr(retention, "_registered", [broken, *retention.registered()])
    with pytest.raises(ZeroDivisionError):
        carry_out()
    assert kept() == []


def test_it_ends_where_something_stays_due(monkeypatch: pytest.MonkeyPatch) -> None:
    rows(5)
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    stubborn = Retention(models=("database.cacherow",), due=CacheRow.objects.all, forget=lambda some: some.update(value="seen"))
    monkeypatch.setattr(retention, "_registered", [stubborn])
    assert carry_out() == {"database.cacherow": 5}


def test_what_lies_outside_the_database_is_tidied_up_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    rows(1)
    seen: list[list[str]] = []
    tidy = Retention(
        models=("database.cacherow",),
        due=lambda: CacheRow.objects.filter(expires__lt=timezone.now() + dt.timedelta(days=1)),
        forget=lambda some: some.delete(),
        afterwards=lambda: seen.append(kept()),
    )
    monkeypatch.setattr(retention, "_registered", [tidy])
    carry_out()
    assert seen == [[]]
