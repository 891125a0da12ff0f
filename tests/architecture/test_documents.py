"""The documents tell the truth: rooms, commands, targets, settings and links in them exist."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from indgang.config.program import parser
from tests.architecture.plan import PACKAGE, ROOT, rooms

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")), PACKAGE / "regions" / "README.md"]
PRESENT = [path for path in DOCUMENTS if path.exists()]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
SETTING = re.compile(r"\b(INDGANG_[A-Z_]+|DATABASE_URL|TEST_DATABASE_URL|PORT)\b")


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_every_room_appears_in_the_architecture_page(room: Path) -> None:
    assert re.search(rf"\b{room.name}\b", (ROOT / "docs" / "architecture.md").read_text())


@pytest.mark.parametrize("number", range(1, len(DECISIONS) + 1))
def test_decisions_are_numbered_and_say_why_what_and_what_follows(number: int) -> None:
    path = DECISIONS[number - 1]
    text = path.read_text()
    assert path.name.startswith(f"{number:04}-")
    assert text.startswith(f"# {number}. ")
    assert re.findall(r"^## (.+)$", text, re.M) == ["Context", "Decision", "Consequences"]
    assert path.name in (ROOT / "docs" / "architecture.md").read_text()


def subcommands(commands: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    found: dict[str, argparse.ArgumentParser] = {}
    for action in commands._actions:
        if isinstance(action, argparse._SubParsersAction):
            found.update(action.choices)
    return found


@pytest.mark.parametrize("path", PRESENT, ids=name)
def test_commands_in_the_documents_exist(path: Path) -> None:
    unknown = []
    for words in re.findall(r"(?:^|`)\s*(?:\$ )?(?:\.venv/bin/)?indgang ([a-z][^`\n]*)", path.read_text(), re.M):
        level = parser()
        for word in words.split():
            below = subcommands(level)
            if not below:
                break
            if word not in below:
                unknown.append(words)
                break
            level = below[word]
    assert unknown == []


@pytest.mark.parametrize("path", PRESENT, ids=name)
def test_make_targets_in_the_documents_exist(path: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"(?:`|^\s*)make ([a-z]+)", path.read_text(), re.M)) <= targets


@pytest.mark.parametrize("path", PRESENT, ids=name)
def test_links_in_the_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", path.read_text())
    assert [link for link in links if "://" not in link and not link.startswith("mailto:") and not (path.parent / link).exists()] == []


def test_every_setting_is_described_and_every_described_setting_exists() -> None:
    operations = ROOT / "docs" / "operations.md"
    if not operations.exists():
        pytest.skip("docs/operations.md is not written")
    read = {
        setting
        for path in [*PACKAGE.rglob("*.py"), ROOT / "Makefile", *(ROOT / "scripts").iterdir()]
        if path.is_file()
        for setting in SETTING.findall(path.read_text())
    }
    assert set(SETTING.findall(operations.read_text())) == read
