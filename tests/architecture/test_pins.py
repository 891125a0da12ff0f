"""What is installed is pinned: `make requirements` was run after the last change of pyproject.toml, and no file names a host."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.architecture.plan import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
PINS = ["requirements.txt", "requirements-test.txt", "requirements-node.txt"]


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower() for requirement in requirements}


def pinned(file: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / file).read_text(), re.M))


def test_every_dependency_is_pinned() -> None:
    assert names(PROJECT["dependencies"]) - pinned("requirements.txt") == set()
    assert names(PROJECT["optional-dependencies"]["test"]) - pinned("requirements-test.txt") == set()
    assert pinned("requirements.txt") <= pinned("requirements-test.txt")


@pytest.mark.parametrize("file", PINS)
def test_every_pin_has_a_hash_and_no_file_names_a_host(file: str) -> None:
    text = (ROOT / file).read_text()
    pins = re.split(r"^(?=[a-z0-9])", text, flags=re.M)[1:]
    assert [pin.split()[0] for pin in pins if "--hash=sha256:" not in pin] == []
    assert "://" not in text


def test_the_design_system_is_locked_by_its_content_and_brings_nothing_else() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert set(packages) == {"", "node_modules/dkfds", "node_modules/htmx.org"}
    assert [name for name, package in packages.items() if name and not package["integrity"].startswith("sha512-")] == []
    assert "://" not in (ROOT / "package-lock.json").read_text()
