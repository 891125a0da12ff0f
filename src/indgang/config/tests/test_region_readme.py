"""The description of a region's folder is true: every field that a loader takes stands in it, and it describes no other."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any

import pytest

from indgang.config.region_commands import load_region
from indgang.foundation.places.region_files import SHIPPED, RegionFolder, Table
from indgang.operations.reception.rules import journey_tables

pytestmark = pytest.mark.django_db
Fields = dict[tuple[str, str], set[str]]


def described() -> Fields:
    """By file and table: the fields in the first columns of README.md."""
    found: Fields = defaultdict(set)
    file = table = ""
    for line in (SHIPPED / "README.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            file, table = line.removeprefix("## "), ""
        elif named := re.match(r"`\[{1,2}([a-z_.A-Z]+)\]{1,2}`", line):
            table = named[1].replace("steps.when", "when").removesuffix(".KEY")
        elif line.startswith("| `") and file.endswith(".toml"):
            names = re.findall(r"`\[?([a-z_]+)[^`]*`", line.split("|")[1])
            found[file, table].update(names)
    return dict(found)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> Fields:
    """By file and table: the fields that the loaders ask for while the regions that come with the program are loaded."""
    found: Fields = defaultdict(set)
    done, only = Table.done, journey_tables._only

    def noted(self: Table) -> None:
        if not self.file.startswith("journeys") and (self.name or self.file in ("region.toml", "approach.toml", "playbook.toml")):
            found[self.file, self.name.rstrip(" 0123456789")].update(self._asked)
        done(self)

    def rules_noted(raw: Any, table: str, names: set[str], texts: tuple[str, ...] = ()) -> None:
        name = "when" if table.endswith(".when") else re.split(r"[ .]", table)[0].replace("journeys", "")
        found["journeys.toml", name].update(names | {f"{text}_{language}" for text in texts for language in ("da", "en")})
        only(raw, table, names, texts)

    monkeypatch.setattr(Table, "done", noted)
    monkeypatch.setattr(journey_tables, "_only", rules_noted)
    for region in ("north-denmark", "midtjylland"):
        load_region(RegionFolder.find(region))
    return dict(found)


def test_every_field_is_described_and_every_described_field_is_taken(taken: Fields) -> None:
    told = described()
    assert {place: sorted(fields) for place, fields in taken.items()} == {place: sorted(fields) for place, fields in told.items()}
