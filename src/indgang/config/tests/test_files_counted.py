"""Companies, courses and deliveries through their files: what comes in is what is counted, and what goes out. Counted here from the files
alone, in another way than the program does."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest
from stdnum.dk import cvr as danish

from indgang.config import program
from indgang.foundation.identity.models import Organisation
from indgang.foundation.measures.counting import Share
from indgang.foundation.measures.declared import RegionScope
from indgang.foundation.places.models import Region
from indgang.operations.guidance.measures import MEASURES, REST

pytestmark = pytest.mark.django_db
PLACES = ["851", "860", "787", "825"]
HUB, OFFICE, IHND = "erhvervshus-nordjylland", "erhvervskontor-thisted", "ihnd"
CATEGORIES = ["growth", "operations", "short", "early-warning"]
FIELDS = ["finance", "innovation", "green-circular", "ccus"]
Table = list[dict[str, str]]


def numbers(source: Random, many: int) -> list[str]:
    found: set[str] = set()
    while len(found) < many:
        number = str(source.randrange(10_000_000, 99_999_999))
        if danish.checksum(number) == 0:
            found.add(number)
    return sorted(found)


def made_up(source: Random) -> dict[str, Table]:
    """A register of 160 companies with places, three years of courses, and deliveries."""
    companies = [
        {"cvr": number, "name": f"Company {at} ApS", "municipality": source.choices(PLACES, [9, 5, 4, 1])[0]}
        for at, number in enumerate(numbers(source, 160))
    ]
    places = [
        {"p_number": str(1_000_000_000 + at), "cvr": source.choice(companies)["cvr"], "name": "", "municipality": source.choice(PLACES)}
        for at in range(80)
    ]
    courses = [course(source, at, companies, places) for at in range(240)]
    deliveries = [
        {
            "reference": f"D{at}",
            "cvr": source.choice(companies)["cvr"],
            "p_number": "",
            "organisation": IHND,
            "kind": source.choice(["information", "service"]),
            "topic": "Spouses",
            "date": day(source, 2024).isoformat(),
        }
        for at in range(120)
    ]
    return {"companies": companies, "establishments": places, "courses": courses, "deliveries": deliveries}


def day(source: Random, year: int) -> dt.date:
    return dt.date(year, 1, 1) + dt.timedelta(days=source.randrange(365))


def course(source: Random, at: int, companies: Table, places: Table) -> dict[str, str]:
    place = source.choice(places) if source.random() < 0.3 else None
    began = day(source, source.choice([2022, 2023, 2024]))
    return {
        "reference": f"C{at}",
        "cvr": place["cvr"] if place else source.choice(companies)["cvr"],
        "p_number": place["p_number"] if place else "",
        "organisation": source.choice([HUB, HUB, OFFICE]),
        "category": source.choices(CATEGORIES, [4, 4, 4, 2])[0],
        "fields": "|".join(source.sample(FIELDS, source.randrange(3))),
        "started": began.isoformat(),
        "ended": "" if source.random() < 0.2 else (began + dt.timedelta(days=source.randrange(300))).isoformat(),
        "hours": str(source.randrange(60) / 2),
        "consultant": "",
    }


def written(path: Path, rows: Table) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    program.run_or_refuse(arguments)
    return capsys.readouterr().out


@pytest.fixture(params=[1, 2])
def files(request: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Table]:
    """Made-up tables, brought in one after the other."""
    tables = made_up(Random(request.param))
    told(capsys, "region", "load", "north-denmark")
    for kind, rows in tables.items():
        report = json.loads(told(capsys, "import", kind, written(tmp_path / f"{kind}.csv", rows), "--json"))
        assert report == {"created": len(rows), "updated": 0, "unchanged": 0, "refused": []} | report
        assert report["created"] == len(rows)
    return tables


def ran_in(row: dict[str, str], year: int) -> bool:
    return row["started"][:4] <= str(year) and (row["ended"] or "9999")[:4] >= str(year)


def figures(year: int, organisation: str = "") -> tuple[dict[str, Any], dict[str, Any]]:
    region = Region.objects.get(key="north-denmark")
    whose = Organisation.objects.get(key=organisation) if organisation else None
    scope = RegionScope(region, dt.date(year, 1, 1), dt.date(year, 12, 31), whose)
    return {one.key: one.figure(scope) for one in MEASURES}, {one.key: one.split(scope) for one in MEASURES if one.split}


@pytest.mark.parametrize("organisation", ["", HUB, OFFICE])
def test_the_figures_are_those_of_the_files(files: dict[str, Table], organisation: str) -> None:
    for year in (2022, 2023, 2024):
        rows = [row for row in files["courses"] if ran_in(row, year) and organisation in ("", row["organisation"])]
        before = {row["cvr"] for row in files["courses"] if ran_in(row, year - 1) and organisation in ("", row["organisation"])}
        companies = {row["cvr"] for row in rows}
        given = [row for row in files["deliveries"] if row["date"].startswith(str(year)) and organisation in ("", row["organisation"])]
        found, parts = figures(year, organisation)
        assert found["unique-companies"] == len(companies)
        assert found["unique-establishments"] == len({row["p_number"] or row["cvr"] for row in rows})
        assert found["new-companies"] == Share(len(companies - before), len(companies))
        assert found["courses"] == len(rows)
        assert found["companies-informed-or-served"] == len({row["cvr"] for row in given})
        openly = {category: sum(row["category"] == category for row in rows) for category in CATEGORIES[:3]}
        assert {category: parts["courses"].get(category, 0) for category in openly} == openly


def test_the_municipalities_are_those_of_the_files_and_together_not_less_than_the_whole(files: dict[str, Table]) -> None:
    home = {row["cvr"]: row["municipality"] for row in files["companies"]}
    for year in (2022, 2023, 2024):
        rows = [row for row in files["courses"] if ran_in(row, year)]
        everybody = {place: {row["cvr"] for row in rows if home[row["cvr"]] == place} for place in PLACES}
        openly = {
            place: {row["cvr"] for row in rows if home[row["cvr"]] == place and row["category"] != "early-warning"} for place in PLACES
        }
        found, parts = figures(year)
        told_parts = parts["unique-companies"]
        assert sum(told_parts.values()) >= found["unique-companies"]
        for place in PLACES:
            assert told_parts[place] in (len(everybody[place]), len(openly[place]))
        if not told_parts[REST]:
            assert {place: told_parts[place] for place in PLACES} == {place: len(everybody[place]) for place in PLACES}


def test_what_goes_out_is_what_came_in(files: dict[str, Table], capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for kind, rows in files.items():
        out = list(csv.DictReader(io.StringIO(told(capsys, "export", kind).lstrip("\ufeff"))))
        expected = [row for row in rows if row.get("category") != "early-warning"]
        key = next(iter(expected[0]))
        by_key = {row[key]: row for row in out}
        assert by_key.keys() == {row[key] for row in expected}
        for row in expected:
            given = {name: value for name, value in row.items() if name not in ("hours", "fields")}
            assert {name: by_key[row[key]][name] for name in given} == given
            if "hours" in row:
                assert float(by_key[row[key]]["hours"]) == float(row["hours"])
                assert set(by_key[row[key]]["fields"].split("|")) == set(row["fields"].split("|"))
        again = written(tmp_path / "again.csv", out)
        report = json.loads(told(capsys, "import", kind, again, "--json"))
        assert (report["created"], report["updated"], report["unchanged"], report["refused"]) == (0, 0, len(out), [])
