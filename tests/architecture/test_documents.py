"""The documents tell the truth: rooms, commands, targets, settings and links in them exist."""

from __future__ import annotations

import argparse
import ast
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils import translation

from indgang.config.api import api
from indgang.config.navigation import AT_WORK
from indgang.config.program import parser
from indgang.foundation.identity.models import Role
from indgang.foundation.imports.kinds import KINDS
from indgang.operations.guidance.models import Category, DeliveryKind
from indgang.registers.parties.models import Field
from tests.architecture.plan import PACKAGE, ROOT, rooms

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md")), PACKAGE / "regions" / "README.md"]
PRESENT = [path for path in DOCUMENTS if path.exists()]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))
LARGEST_PICTURE = 150_000
SETTING = re.compile(r"\b(INDGANG_[A-Z_]+|DATABASE_URL|TEST_DATABASE_URL|PORT)\b")


GLOSSARY = {
    word
    for line in (ROOT / "docs" / "glossary.md").read_text().splitlines()
    if line.startswith("| ")
    for word in line.split(" | ")[0].removeprefix("| ").split(", ")
}


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


def anchors(path: Path) -> set[str]:
    """The anchors that headings get, as code sites make them."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(), re.M)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PRESENT, ids=name)
def test_anchors_in_the_documents_are_headings(path: Path) -> None:
    links = re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", path.read_text())
    assert [f"{file}#{anchor}" for file, anchor in links if anchor not in anchors(path.parent / file if file else path)] == []


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_the_words_a_room_owns_stand_in_the_glossary(room: Path) -> None:
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
    owned = re.search(r"Owns the words?: ([^.]+)\.", said)
    assert owned
    words = re.sub(r"\([^)]*\)", "", owned[1]).split(",")
    assert {" ".join(word.split()) for word in words} - GLOSSARY == set()


NO_PAGES = {"operator.md", "scripts.md"}  # what is bold there is no word of a page
OF_PAGES = [f"{folder}{path.name}" for path in GUIDES if path.name not in NO_PAGES for folder in ("", "da/")]


def labels(guide: str) -> set[str]:
    """What a guide prints bold: words that stand on a page."""
    found = re.findall(r"\*\*(.+?)\*\*", (ROOT / "docs" / "guides" / guide).read_text(), re.S)
    return {" ".join(label.split()) for label in found}


@pytest.mark.parametrize("guide", OF_PAGES)
def test_what_a_guide_prints_bold_stands_on_a_page(guide: str) -> None:
    with (PACKAGE / "locale" / "da" / "LC_MESSAGES" / "django.po").open("rb") as file:
        messages = [message for message in read_po(file, locale="da") if isinstance(message.id, str)]
    shown = {str(message.string if guide.startswith("da/") else message.id).partition("<")[0] for message in messages}
    assert labels(guide) - shown == set()


@pytest.mark.parametrize(("language", "folder"), [("en", ""), ("da", "da/")])
def test_every_page_of_the_menu_is_named_in_a_guide(language: str, folder: str) -> None:
    named = {label for guide in OF_PAGES if guide.startswith("da/") == bool(folder) for label in labels(guide)}
    with translation.override(language):
        assert {str(page.label) for page in AT_WORK} - named == set()


@pytest.mark.parametrize("guide", ["administrator.md", "da/administrator.md"])
def test_the_administrators_guide_names_every_role_column_and_key(guide: str) -> None:
    text = (ROOT / "docs" / "guides" / guide).read_text()
    named = set(re.findall(r"`([\w-]+)`", text)) | set(re.findall(r"^\| `?([\w-]+)", text, re.M))
    keys = {*Role.values, *Category.values, *Field.values, *DeliveryKind.values}
    assert {*KINDS, *(column.name for kind in KINDS.values() for column in kind.columns), *keys} - named == set()


@pytest.mark.parametrize("guide", GUIDES, ids=name)
def test_every_guide_is_there_in_danish_with_the_same_examples(guide: Path) -> None:
    english, danish = guide.read_text(), (guide.parent / "da" / guide.name).read_text()
    assert examples(danish) == examples(english)
    assert len(re.findall(r"^#+ ", danish, re.M)) == len(re.findall(r"^#+ ", english, re.M))


def examples(text: str) -> list[str]:
    """What is to be typed or read by a program, as it is printed."""
    return re.findall(r"^```\w+\n[^`]+^```|(?<=\n\n)(?:    [^\n]*\n)+", text, re.M)


def test_the_calls_of_the_api_are_those_in_its_document() -> None:
    paths = api.get_openapi_schema()["paths"]
    offered = {f"{method.upper()} {path.removeprefix('/api/v1/')}" for path, methods in paths.items() for method in methods}
    told = re.findall(r"^\| `((?:GET|POST) [^`?]+)", (ROOT / "docs" / "api.md").read_text(), re.M)
    assert {re.sub(r"{\w+}", "{}", call) for call in told} == {re.sub(r"{\w+}", "{}", call) for call in offered}


def test_pictures_are_shown_small_and_made_by_the_script() -> None:
    pictures = {path.name: path.stat().st_size for path in (ROOT / "docs" / "pictures").glob("*")}
    shown = {Path(link).name for path in PRESENT for link in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", path.read_text())}
    assert set(pictures) == shown
    assert {picture for picture, size in pictures.items() if size > LARGEST_PICTURE} == set()
    assert {picture for picture in pictures if f'"{picture}"' not in (ROOT / "tests" / "browser" / "pictures.py").read_text()} == set()


def test_every_setting_is_described_and_every_described_setting_exists() -> None:
    read = {
        setting
        for path in [*PACKAGE.rglob("*.py"), *(ROOT / "tests").rglob("*.py"), ROOT / "Makefile", *(ROOT / "scripts").iterdir()]
        if path.is_file() and path != Path(__file__)
        for setting in SETTING.findall(path.read_text())
    }
    assert set(SETTING.findall((ROOT / "docs" / "operations.md").read_text())) == read
