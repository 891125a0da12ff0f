"""The questions after a visit in a region's folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indgang.config.tests.test_region_commands import SHIPPED, edit, load
from indgang.foundation.database.console import Refused
from indgang.operations.reception.models import AfterVisit, Question

pytestmark = pytest.mark.django_db
FILE = "after_visit.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of North Denmark that a test may change."""
    return Path(shutil.copytree(SHIPPED / "north_denmark", tmp_path / "north"))


def test_the_questions_come_with_the_file_and_go_with_it(folder: Path) -> None:
    load(folder)
    assert AfterVisit.objects.get().mail
    assert list(Question.objects.values_list("key", "kind")) == [("done", "yes-partly-no"), ("wait", "scale"), ("better", "text")]
    edit(folder, FILE, "mail = true", "mail = false")
    edit(folder, FILE, "Was the waiting time all right?", "Was the wait all right?")
    load(folder)
    assert not AfterVisit.objects.get().mail
    assert Question.objects.get(key="wait").title_en == "Was the wait all right?"
    (folder / FILE).unlink()
    load(folder)
    assert not AfterVisit.objects.exists()
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('kind = "scale"', 'kind = "text"', "a house has one question that is answered in words"),
        ('kind = "scale"', 'kind = "stars"', "stars"),
        ("mail = true", "mail = true\nsms = true", "sms"),
    ],
)
def test_what_a_house_cannot_ask_is_refused_by_name(folder: Path, old: str, new: str, message: str) -> None:
    edit(folder, FILE, old, new, 1)
    with pytest.raises(Refused, match=message):
        load(folder)
