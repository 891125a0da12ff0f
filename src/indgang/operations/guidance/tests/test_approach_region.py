"""The division of labour is region data: North Denmark's says what the agreement says, and a wrong file is refused by name."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from indgang.config.region_commands import load_region
from indgang.foundation.database.console import Refused
from indgang.foundation.places.models import Region
from indgang.foundation.places.region import RegionFolder
from indgang.foundation.places.region_files import SHIPPED
from indgang.operations.guidance.models import DivisionOfLabour
from indgang.operations.guidance.queries.division import division_in_force
from indgang.registers.parties.models import EIGHT

pytestmark = pytest.mark.django_db


def test_north_denmark_has_a_hub_eleven_offices_and_eight_fields() -> None:
    load_region(RegionFolder.find("north-denmark"))
    division = division_in_force(Region.objects.get(), dt.date(2026, 11, 24))
    assert division is not None
    assert division.hub is not None
    assert (division.hub.key, len(division.offices), division.rules.specialised) == (
        "erhvervshus-nordjylland",
        11,
        frozenset(map(str, EIGHT)),
    )
    assert (division.rules.employees_up_to, division.since, division.confirm_after_days) == (250, dt.date(2020, 1, 1), 180)
    assert division.remind_before_days == 7
    assert not load_region(RegionFolder.find("north-denmark")).changed
    assert division_in_force(Region.objects.get(), dt.date(2019, 12, 31)) is None


def test_a_region_without_the_file_has_no_division() -> None:
    load_region(RegionFolder.find("midtjylland"))
    assert division_in_force(Region.objects.get(), dt.date(2026, 11, 24)) is None


def test_a_new_version_leaves_the_old_one_in_force_before_its_day(tmp_path: Path) -> None:
    folder = tmp_path / "north"
    shutil.copytree(SHIPPED / "north_denmark", folder)
    text = (folder / "approach.toml").read_text()
    (folder / "approach-2027.toml").write_text(
        text.replace("2020-01-01", "2027-01-01").replace("employees_up_to = 250", "employees_up_to = 100")
    )
    load_region(RegionFolder.find(str(folder)))
    limits = [division_in_force(Region.objects.get(), day) for day in (dt.date(2026, 12, 31), dt.date(2027, 1, 1))]
    assert [found.rules.employees_up_to for found in limits if found] == [250, 100]


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('large = "agreed"', 'large = "nobody"', r"approach.toml, table \[shares\], field large: “nobody” is no party"),
        ('hub = "erhvervshus-nordjylland"', 'hub = "moon"', "field hub: “moon” is no organisation"),
        ("employees_up_to = 250", "employees_up_to = 0", "field employees_up_to: must be at least 1"),
        ('"finance"', '"magic"', "field specialised: “magic” is no field"),
        ("entrepreneur_years = 3", "entrepreneur_years = 30", "entrepreneur_years: must be a whole number from 0 to 20"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_field(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    folder = tmp_path / "north"
    shutil.copytree(SHIPPED / "north_denmark", folder)
    text = (folder / "approach.toml").read_text()
    assert right in text
    (folder / "approach.toml").write_text(text.replace(right, wrong))
    with pytest.raises(Refused, match=told):
        load_region(RegionFolder.find(str(folder)))
    assert DivisionOfLabour.objects.count() == 0
