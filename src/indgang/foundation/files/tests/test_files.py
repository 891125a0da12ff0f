"""A file is kept whole or not at all, once, and read by the program's own account only."""

from __future__ import annotations

import hashlib
import io
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from indgang.foundation.access.actors import ANONYMOUS, Actor, NotAllowed, citizen, system
from indgang.foundation.database.console import Refused
from indgang.foundation.files import actions
from indgang.foundation.files.actions import open_file, path_of, store_file
from indgang.foundation.files.models import StoredFile

pytestmark = pytest.mark.django_db
TABLE = "reference;house\nÆ1;aalborg\n".encode()


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def on_disk(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "files").rglob("*") if path.is_file())


@pytest.mark.parametrize("content", [TABLE, io.BytesIO(TABLE), [TABLE[:7], TABLE[7:]]], ids=["bytes", "stream", "chunks"])
def test_a_file_comes_back_as_it_was_handed_in(content: Any, home: Path) -> None:
    kept = store_file(actor=system(), name="visits.csv", content=content)

    digest = hashlib.sha256(TABLE).hexdigest()
    assert (kept.digest, kept.name, kept.size) == (digest, "visits.csv", len(TABLE))
    with open_file(kept) as stream:
        assert stream.read() == TABLE
    assert on_disk(home) == [digest]


def test_only_the_programs_own_account_may_read_it(home: Path) -> None:
    path = path_of(store_file(actor=system(), name="visits.csv", content=TABLE).digest)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (path.parent, home / "files")} == {0o700}


def test_the_same_content_is_kept_once(home: Path) -> None:
    store_file(actor=system(), name="a.csv", content=TABLE)
    store_file(actor=system(), name="b.csv", content=TABLE)

    assert StoredFile.objects.count() == 2
    assert len(on_disk(home)) == 1


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\åse\\besøg.csv", "besøg.csv"),
        ("a\nb\0.csv", "ab.csv"),
        ("", "file"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert store_file(actor=system(), name=given, content=TABLE).name == kept


def test_a_file_that_is_too_large_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MAX_BYTES", 2_000_000)

    with pytest.raises(Refused, match=r"The file visits\.csv is too large\. The limit is 2 MB\."):
        store_file(actor=system(), name="visits.csv", content=io.BytesIO(b"x" * 2_000_001))
    assert on_disk(home) == []
    assert not StoredFile.objects.exists()


@contextmanager
def little_room(size: int) -> Iterator[None]:
    """The operating system takes no file above this size."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_no_more_leaves_nothing_half(home: Path) -> None:
    with little_room(4096), pytest.raises(Refused, match=r"^The file visits\.csv could not be kept: .+\. Nothing was changed\.$"):
        store_file(actor=system(), name="visits.csv", content=b"x" * 100_000)
    assert on_disk(home) == []
    assert not StoredFile.objects.exists()


def test_a_lost_or_damaged_file_is_said_so() -> None:
    kept = store_file(actor=system(), name="visits.csv", content=TABLE)
    path_of(kept.digest).write_bytes(b"something else")
    with pytest.raises(Refused, match=r"visits\.csv is damaged"):
        open_file(kept)
    path_of(kept.digest).unlink()
    with pytest.raises(Refused, match=r"visits\.csv is no longer there"):
        open_file(kept)


@pytest.mark.parametrize("actor", [ANONYMOUS, citizen("ABCD")])
def test_nobody_from_outside_hands_in_files(actor: Actor, home: Path) -> None:
    with pytest.raises(NotAllowed):
        store_file(actor=actor, name="visits.csv", content=TABLE)
    assert not (home / "files").exists()
