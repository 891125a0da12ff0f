"""What a process keeps in memory: for as long as it is asked for, and by many at once."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from indgang.operations.reception.queries import kept as keeping
from indgang.operations.reception.queries.kept import forget_all, kept


@pytest.fixture(autouse=True)
def room_for_two(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(keeping, "AT_MOST", 2)
    forget_all()
    yield
    forget_all()


def test_what_is_asked_for_stays_and_what_nobody_asks_for_goes() -> None:
    for what in ("asked for", "forgotten", "asked for", "new"):
        kept(what, "1", lambda: "first")
    read_again = [kept(what, "1", lambda: "again") for what in ("asked for", "new", "forgotten")]
    assert read_again == ["first", "first", "again"]
    assert kept("forgotten", "2", lambda: "changed") == "changed"


def test_many_at_once_put_one_another_out_and_all_get_an_answer() -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda number: kept(number % 5, "1", lambda: number % 5), range(4_000)))
    assert answers == [number % 5 for number in range(4_000)]
