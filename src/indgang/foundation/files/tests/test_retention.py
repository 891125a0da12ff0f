"""Files are kept for a year; then their rows and their content go, and nothing that somebody still needs."""

from __future__ import annotations

import datetime as dt
import os
import time
from pathlib import Path
from typing import Any

import pytest

from indgang.foundation.access.actors import system
from indgang.foundation.files.actions import folder, open_file, path_of, store_file
from indgang.foundation.files.models import StoredFile
from indgang.foundation.privacy.retention import carry_out, due_now

pytestmark = pytest.mark.django_db
THEN = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME, settings.CLOCK_STARTS_AT = tmp_path, THEN
    return tmp_path


def hand_in(content: bytes, name: str = "visits.csv") -> StoredFile:
    return store_file(actor=system(), name=name, content=content)


def age(path: Path) -> None:
    """As if it had been written a year and a day ago."""
    long_ago = time.time() - 366 * 86_400
    os.utime(path, (long_ago, long_ago))


def on_disk() -> set[str]:
    return {path.name for path in folder().rglob("*") if path.is_file()}


def test_a_file_goes_a_year_after_it_was_handed_in_and_not_before(settings: Any) -> None:
    old = hand_in(b"old")
    settings.CLOCK_STARTS_AT = THEN + dt.timedelta(days=10)
    young = hand_in(b"young")
    for file in (old, young):
        age(path_of(file.digest))

    settings.CLOCK_STARTS_AT = THEN + dt.timedelta(days=364, hours=23)
    assert carry_out()["files.storedfile"] == 0
    assert on_disk() == {old.digest, young.digest}

    settings.CLOCK_STARTS_AT = THEN + dt.timedelta(days=365, hours=1)
    assert due_now()["files.storedfile"] == 1
    assert carry_out()["files.storedfile"] == 1
    assert (list(StoredFile.objects.all()), on_disk()) == ([young], {young.digest})


def test_content_that_was_handed_in_again_stays_for_the_one_who_did(settings: Any) -> None:
    age(path_of(hand_in(b"same", "first.csv").digest))
    settings.CLOCK_STARTS_AT = THEN + dt.timedelta(days=300)
    again = hand_in(b"same", "again.csv")
    age(path_of(again.digest))
    settings.CLOCK_STARTS_AT = THEN + dt.timedelta(days=366)
    assert carry_out()["files.storedfile"] == 1
    with open_file(again) as stream:
        assert stream.read() == b"same"


def test_what_a_killed_program_left_behind_goes_after_a_year_too() -> None:
    named = hand_in(b"named")
    nobodys = hand_in(b"its import was refused")
    StoredFile.objects.filter(pk=nobodys.pk).delete()
    draft = folder() / "draft-half"
    draft.write_bytes(b"ha")
    carry_out()
    assert on_disk() == {named.digest, nobodys.digest, "draft-half"}  # they might be under way

    for path in (path_of(named.digest), path_of(nobodys.digest), draft):
        age(path)
    carry_out()
    assert on_disk() == {named.digest}


def test_without_any_file_there_is_nothing_to_do() -> None:
    assert carry_out()["files.storedfile"] == 0
    assert not folder().exists()
