"""The register of companies: a table of 300,000 at once, finding one among them, and writing down a new one beside them."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

from django.db import connection

from bench.table import Check, Measure
from indgang.config.region_commands import load_region, prepare_database
from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.database.bulk import copy_in
from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.foundation.places.models import Municipality
from indgang.foundation.places.region import RegionFolder
from indgang.registers.parties.import_columns import COMPANY_COLUMNS
from indgang.registers.parties.models import Company, Contact
from indgang.registers.parties.queries.probable import probable_doubles
from indgang.registers.parties.queries.search import companies_found
from indgang.registers.parties.rules.words import traces_of

COMPANIES = 300_000
SECONDS, BYTES = 60, 1_000_000_000
PEOPLE = 100_000
ASKED, WARMING = 400, 20
WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
PARTS = (
    *("ka", "lo", "mi", "ra", "ve", "so", "da", "ni", "be", "tu", "fa", "gri", "hol", "sten", "berg", "lund", "gaard", "skov"),
    *("by", "vest", "nord", "syd", "øst", "ål", "æb", "møl", "kjær", "bro", "dal", "høj"),
)
ENDS = ("", "sen", "gaard", "s")
TRADES = (
    *("Byg", "Tømrer", "VVS", "El", "Auto", "Transport", "Consult", "IT", "Design", "Ejendomme", "Holding", "Invest", "Handel"),
    *("Service", "Maskiner", "Fisk", "Klinik", "Café", "Energi"),
)
FORMS = ("ApS", "A/S", "I/S", "", "v/", "IVS")
CITIES = ("Aalborg", "Hjørring", "Brønderslev", "Frederikshavn", "Thisted", "Hobro", "Aars", "Støvring", "Læsø", "Skagen", "Sæby", "Hals")


def measured(folder: Path) -> list[Measure | Check]:
    """All of it, in a home with a region."""
    rows: list[Measure | Check] = [_imported(folder)]
    source = Random(7)
    actor = _consultant()
    names: list[Any] = list(Company.objects.order_by("pk").values_list("name", "city", "cvr", "phone")[:: COMPANIES // ASKED])
    people = _people(actor, source)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    questions = [_question(number, *names[number % len(names)], people, source) for number in range(ASKED + WARMING)]
    rows.append(_timed(f"finding one of {COMPANIES:,} companies", 0.100, lambda asked: companies_found(asked, actor=actor), questions))
    written = [{"name": _slipped(name, source), "city": city, "phone": ""} for name, city, _cvr, _phone in names]
    rows.append(_timed("who writes one down is shown it", 0.300, lambda facts: probable_doubles(actor, facts), written))
    return rows


def prepare() -> None:
    """A database with the region, where nothing else is measured."""
    prepare_database()
    load_region(RegionFolder.find("north-denmark"))


def _imported(folder: Path) -> Check:
    """In a process of its own, as on a server, so that its memory is its own."""
    table = folder / "companies.csv"
    with table.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(column.name for column in COMPANY_COLUMNS)
        writer.writerows(_made_up())
    command = [sys.executable, "-c", "from indgang.config.commands import main; main()", "import", "companies", str(table), "--json"]
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    told = json.loads(process.stdout.read())
    _pid, _status, used = os.wait4(process.pid, 0)
    seconds, memory = time.perf_counter() - began, used.ru_maxrss * 1024
    table.unlink()
    met = told["created"] == COMPANIES and seconds <= SECONDS and memory <= BYTES
    seen = f"{told['created']:,} in {seconds:.1f} s, {memory / 1e9:.2f} GB"
    return Check(f"importing {COMPANIES:,} companies", "<= 60 s, <= 1 GB", seen, met)


def _made_up() -> Iterator[Sequence[object]]:
    source = Random(5)
    words = _words(source)
    codes = list(Municipality.objects.order_by("code").values_list("code", flat=True))
    numbers = _cvr_numbers()
    for number in range(COMPANIES):
        place = source.randrange(len(CITIES))
        yield (
            next(numbers),
            f"{source.choice(words)} {source.choice(TRADES)} {source.choice(FORMS)}".strip(),
            codes[place % len(codes)],
            f"{source.randrange(11_000, 990_000):06d}",
            source.choice(("DB07", "DB25")),
            source.choice((0, 1, 2, 3, 5, 8, 15, 40, 120, 400)),
            f"{source.randrange(1, 28)}.{source.randrange(1, 13)}.{source.randrange(1970, 2025)}",
            source.choice(("ja", "nej")),
            f"post@{number}.example",
            source.randrange(20_000_000, 99_999_999),
            f"{source.choice(words)}vej {source.randrange(1, 200)}",
            9000 + place,
            CITIES[place],
        )


def _words(source: Random) -> list[str]:
    parts = ("".join(source.choice(PARTS) for _part in range(source.choice((2, 2, 3)))) for _word in range(60_000))
    return [part.capitalize() + source.choice(ENDS) for part in parts]


def _cvr_numbers() -> Iterator[str]:
    """Made up, with right check digits."""
    for number in range(1_000_000, 9_999_999):
        weighed = sum(int(digit) * weight for digit, weight in zip(f"{number:07d}", WEIGHTS, strict=True))
        if weighed % 11 != 1:
            yield f"{number:07d}{-weighed % 11}"


def _consultant() -> Actor:
    hub = Organisation.objects.order_by("-is_operator", "pk")[0]
    user = User.objects.create_user("consultant@bench.example")
    Membership.objects.create(user=user, organisation=hub, role=Role.CONSULTANT)
    return staff(user)


def _people(actor: Actor, source: Random) -> list[str]:
    """Contacts at every third company, with names that many share."""
    given, family = _words(source)[:500], _words(source)[:5_000]
    names = [f"{source.choice(given)} {source.choice(family)}" for _person in range(PEOPLE)]
    companies = list(Company.objects.order_by("pk").values_list("pk", flat=True)[:: COMPANIES // PEOPLE])
    told = zip(names, companies, strict=False)
    copy_in(Contact, [Contact(company_id=one, organisation=actor.organisation, name=name, traces=traces_of(name)) for name, one in told])
    return names


def _question(number: int, name: str, city: str, cvr: str, phone: str, people: Sequence[str], source: Random) -> str:
    """What somebody writes who looks for this company, each kind in turn."""
    first = name.split()[0]
    asked = (
        name,
        first,
        first[: max(4, len(first) // 2)],
        f"{first} {city}",
        _slipped(first, source),
        name.lower().replace("ø", "oe").replace("å", "aa").replace("æ", "ae"),
        f"{cvr[:2]} {cvr[2:4]} {cvr[4:]}",
        phone.removeprefix("+45"),
        people[number % len(people)],
        people[number % len(people)].split()[1],
    )
    return asked[number % len(asked)]


def _slipped(text: str, source: Random) -> str:
    at = source.randrange(1, max(2, len(text)))
    return text[:at] + text[at + 1 :]


def _timed(name: str, target: float, do: Callable[[Any], object], asked: Sequence[Any]) -> Measure:
    measure = Measure(name, target)
    for number, one in enumerate(asked):
        began = time.perf_counter()
        do(one)
        measure.add(time.perf_counter() - began, counts=number >= WARMING)
    return measure
