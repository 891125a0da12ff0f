"""Data files: every fault is named by file, table and field."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from indgang.foundation.database.console import Refused
from indgang.foundation.places.region_files import RegionFolder, Table


def table(**raw: object) -> Table:
    return Table("things.toml", "things 1", raw)


def test_values_come_as_what_they_are() -> None:
    one = table(
        key="desk-1",
        title_da="Skranke",
        title_en="Desk",
        minutes=20,
        operator=True,
        first_day=dt.date(2026, 12, 24),
        opens="9:05",
        closes="17.30",
        languages=["da", "en"],
        summary_da="Kort",
        summary_en="Short",
        summary_de="Kurz",
    )
    assert one.key() == "desk-1"
    assert one.titles() == {"title_da": "Skranke", "title_en": "Desk"}
    assert (one.number("minutes"), one.flag("operator"), one.flag("national")) == (20, True, False)
    assert (one.day("first_day"), one.day("last_day")) == (dt.date(2026, 12, 24), None)
    assert (one.time("opens"), one.time("closes")) == (dt.time(9, 5), dt.time(17, 30))
    assert one.words("languages") == ["da", "en"]
    assert one.texts("summary") == {"da": "Kort", "en": "Short", "de": "Kurz"}
    assert one.texts("directions", required=False) == {}


def test_facts_in_two_languages_become_one_fact() -> None:
    raw = {"operator": {"name_da": "Huset", "name_en": "The house", "email": "a@b.example"}, "code": "1081", "since": dt.date(2026, 1, 1)}
    assert table(facts=raw).facts("facts") == {
        "operator": {"name": {"da": "Huset", "en": "The house"}, "email": "a@b.example"},
        "code": "1081",
        "since": "2026-01-01",
    }


@pytest.mark.parametrize(
    ("raw", "ask", "message"),
    [
        ({}, lambda one: one.text("title_da"), "field title_da: is missing"),
        ({"title_da": "  "}, lambda one: one.text("title_da"), "field title_da: is missing"),
        ({"title_da": 1}, lambda one: one.text("title_da"), "field title_da: must be a text"),
        ({"minutes": True}, lambda one: one.number("minutes"), "field minutes: must be a whole number"),
        ({"minutes": -1}, lambda one: one.number("minutes"), "field minutes: must be at least 0"),
        ({"first_day": "2026-12-24"}, lambda one: one.day("first_day"), "field first_day: must be a date such as 2026-12-24"),
        ({"opens": "24:00"}, lambda one: one.time("opens"), "field opens: “24:00” is no time of day"),
        ({"languages": ["da", "da"]}, lambda one: one.words("languages"), "field languages: names something twice"),
        ({"languages": [1]}, lambda one: one.words("languages"), "field languages: must be a list of texts"),
        ({"things": [1]}, lambda one: one.tables("things"), "must be tables, each headed [[things]]"),
        ({"summary_da": "Kort"}, lambda one: one.texts("summary", required=False), "field summary_en: is missing"),
        ({"facts": {"name_da": "Huset"}}, lambda one: one.facts("facts"), "table [things 1.facts], field name_en: is missing"),
        ({"colour": "red"}, lambda one: one.done(), "field colour: is not known"),
    ],
)
def test_a_fault_is_named(raw: dict, ask, message: str) -> None:
    with pytest.raises(Refused) as refusal:
        ask(table(**raw))
    assert message in str(refusal.value)
    assert str(refusal.value).startswith("things.toml, table [things 1")


def test_a_folder_is_found_by_path_and_a_shipped_region_by_either_spelling(tmp_path: Path) -> None:
    (tmp_path / "region.toml").write_text('key = "mine"', encoding="utf-8")
    assert RegionFolder.find(str(tmp_path)).file("region.toml").key() == "mine"
    assert RegionFolder.find("north-denmark").path == RegionFolder.find("north_denmark").path
    with pytest.raises(Refused, match="no folder with a region"):
        RegionFolder.find(str(tmp_path / "nothing"))


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    (tmp_path / "region.toml").write_bytes("title_da = 'Nordjylland æøå'".encode("latin-1"))
    with pytest.raises(Refused, match=r"region\.toml: is not written in UTF-8"):
        RegionFolder(tmp_path).file("region.toml")
    (tmp_path / "desks.toml").write_text("[[desks]\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"desks\.toml: cannot be read as TOML.*line 1"):
        RegionFolder(tmp_path).file("desks.toml")


def test_files_that_nobody_read_are_known(tmp_path: Path) -> None:
    for name in ("region.toml", "desk.toml", "README.md"):
        (tmp_path / name).write_text("", encoding="utf-8")
    folder = RegionFolder(tmp_path)
    folder.file("region.toml")
    folder.file("desks.toml")
    assert folder.unread() == ["desk.toml"]
