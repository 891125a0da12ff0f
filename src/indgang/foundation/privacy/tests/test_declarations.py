"""No model may be silent about the people in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import models

import indgang
from indgang.foundation.database.personal import NOTHING_PERSONAL, Personal
from indgang.foundation.privacy.declarations import declarations, faults, table_of_processing
from indgang.foundation.privacy.documents import with_table

DOCUMENT = Path(indgang.__file__).parents[2] / "docs" / "privacy.md"


def model(personal: object = None) -> type[models.Model]:
    """A model outside the registry, in the house."""
    attributes = {"__module__": "indgang.foundation.privacy", "Meta": type("Meta", (), {"abstract": True, "app_label": "privacy"})}
    attributes["name"] = models.CharField(max_length=1)
    if personal is not None:
        attributes["personal"] = personal
    return type("Thing", (models.Model,), attributes)


def test_every_model_says_what_it_holds_and_why() -> None:
    assert faults() == []


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (NOTHING_PERSONAL, []),
        (Personal(("name",), "To greet.", "A day.", "A name."), []),
        (None, ["privacy.Thing does not say what it holds about people."]),
        (("name",), ["privacy.Thing does not say what it holds about people."]),
        (Personal(("nam",), "To greet.", "A day.", "A name."), ["privacy.Thing names nam, a field it does not have."]),
        (Personal(("name",), "To greet.", "", "A name."), ["privacy.Thing does not say why and for how long."]),
        (Personal(("name",), "", "A day.", "A name."), ["privacy.Thing does not say why and for how long."]),
        (Personal(("name",), "To greet.", "A day."), ["privacy.Thing does not say in plain words what it holds."]),
        (Personal((), "To greet.", ""), ["privacy.Thing gives a purpose for nothing."]),
    ],
)
def test_a_fault_is_named(said: object, expected: list[str]) -> None:
    assert faults([model(said)]) == expected


def test_a_librarys_table_that_nobody_described_is_a_fault() -> None:
    stranger = type(
        "Stranger", (models.Model,), {"__module__": "library", "Meta": type("Meta", (), {"abstract": True, "app_label": "library"})}
    )

    assert faults([stranger]) == ["library.Stranger does not say what it holds about people."]


def test_the_table_has_a_row_for_every_model_with_personal_data() -> None:
    lines = table_of_processing().splitlines()

    assert len(lines) == 2 + len(declarations())
    assert all(line.count("|") == 6 for line in lines)


def test_the_table_in_the_privacy_page_is_current() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")

    assert text == with_table(text), "run: indgang privacy record --into docs/privacy.md"


def test_a_document_without_markers_is_left_alone() -> None:
    with pytest.raises(ValueError, match="markers"):
        with_table("# Privacy\n")
