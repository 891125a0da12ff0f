"""What every room has, and what none may have."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.architecture.plan import PACKAGE, ROOT, rooms

LONGEST = 400
NAMES_THAT_EXPLAIN_NOTHING = {"utils", "util", "common", "helpers", "helper", "manager", "managers", "core", "misc", "base", "tools"}
PYTHON = [path for folder in (ROOT / "src", ROOT / "tests") for path in sorted(folder.rglob("*.py")) if "migrations" not in path.parts]


@pytest.mark.parametrize("room", rooms(), ids=lambda room: room.name)
def test_a_room_says_what_it_is_for_which_words_it_owns_and_what_it_uses(room: Path) -> None:
    said = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
    assert re.search("Owns the words?:", said)
    assert "Uses" in said


def test_no_file_is_longer_than_a_file_should_be() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in PYTHON}
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_no_name_explains_nothing() -> None:
    parts = {str(path.relative_to(PACKAGE)): {*path.relative_to(PACKAGE).with_suffix("").parts} for path in PACKAGE.rglob("*.py")}
    found = {path for path, names in parts.items() if names & NAMES_THAT_EXPLAIN_NOTHING}
    assert found == {"foundation/database/backend/base.py"}  # Django looks for a database backend under this name


def test_no_import_is_hidden_in_a_function() -> None:
    hidden = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in PYTHON
        if "tests" not in path.parts
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert hidden == []
