"""Versions of the playbook and the wheel: complete, and never changed once they were used."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indgang.config.region_commands import load_region
from indgang.foundation.database.console import Refused
from indgang.foundation.places.models import Region
from indgang.foundation.places.region import RegionFolder
from indgang.operations.guidance.models import Playbook, Wheel, WheelUse
from indgang.operations.guidance.rules.playbooks import Book

pytestmark = pytest.mark.django_db
# The agreement on the green transition, figure 2, and the topics of the issue.
TOPICS = ["resources", "reuse", "materials", "matchmaking", "eco-design", "certification", "value-chain", "greenwashing", "co2"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """North Denmark's files, to change."""
    copy = tmp_path / "region"
    shutil.copytree(RegionFolder.find("north-denmark").path, copy)
    load_region(RegionFolder(copy))
    return copy


def book() -> Book:
    return Playbook.objects.get(region=Region.objects.get()).book


def test_the_playbook_has_its_topics_with_questions_in_both_languages(folder: Path) -> None:
    topics = book().topics
    assert [topic.key for topic in topics] == TOPICS
    assert [topic.step for topic in topics] == [1, 1, 1, 1, 2, 2, 2, 2, 2]
    for topic in topics:
        assert 2 <= len(topic.questions) <= 4
        for words in (topic.title, topic.lead, *(question.text for question in topic.questions)):
            assert set(words) == {"da", "en"} and all(words.values())
    assert [set(words) for words in book().scale] == [{"da", "en"}] * 5


def test_loading_again_changes_nothing(folder: Path) -> None:
    assert not load_region(RegionFolder(folder)).changed


def test_a_version_that_nobody_used_may_be_corrected_and_one_that_was_used_may_not(folder: Path) -> None:
    file = folder / "wheel.toml"
    file.write_text(file.read_text().replace("Mennesker", "Folk"))
    assert load_region(RegionFolder(folder)).changed
    wheel = Wheel.objects.get()
    WheelUse.objects.create(wheel=wheel, on="2026-11-24", key_digest="x")
    file.write_text(file.read_text().replace("Folk", "Os"))
    with pytest.raises(Refused, match=r"wheel.toml, field version: version 1 has been used and cannot be changed"):
        load_region(RegionFolder(folder))


def test_a_new_version_stands_beside_the_old_one(folder: Path) -> None:
    text = (folder / "wheel.toml").read_text()
    (folder / "wheel-2.toml").write_text(text.replace("version = 1", "version = 2").replace("Mennesker", "Folk"))
    load_region(RegionFolder(folder))
    assert [wheel.dimensions[-1].title["da"] for wheel in Wheel.objects.order_by("version")] == ["Mennesker", "Folk"]


def test_what_the_document_does_not_name_is_marked_as_ours(folder: Path) -> None:
    assert [one.key for one in Wheel.objects.get().dimensions if one.ours] == ["people"]


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("playbook.toml", 'key = "reuse"', 'key = "resources"', "topics 2.*, field key: .* stands in the file twice"),
        ("playbook.toml", 'key = "reuse-sorted"', 'key = "resources-saved"', "field key: .* stands in the file twice"),
        ("playbook.toml", "score = 4", "score = 3", "field scale: must have each score from 0 to 4 once"),
        ("playbook.toml", "step = 1", "step = 3", "field step: is 1"),
        ("playbook.toml", "version = 1", "version = 0", "field version: must be at least 1"),
        ("playbook.toml", "valid_from = 2024-01-01", "", "field valid_from: is missing"),
        ("playbook.toml", 'text_en = "How well', 'txt_en = "How well', "field text_en: is missing"),
        ("wheel.toml", 'source = "ours"', 'source = "hub"', "field source: .* is no source"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_field(folder: Path, file: str, old: str, new: str, message: str) -> None:
    path = folder / file
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(Refused, match=f"{file}.*{message}"):
        load_region(RegionFolder(folder))
