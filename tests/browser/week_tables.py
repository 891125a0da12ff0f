"""The made-up register of a week: companies, their places of work, and what was done for them before."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass

HUB, OFFICE, ELSEWHERE, IHND = "erhvervshus-nordjylland", "erhvervskontor-aalborg", "erhvervskontor-hjoerring", "ihnd"
WEIGHTS = (2, 7, 6, 5, 4, 3, 2, 1)

# Name; municipality; industry; employees; founded; postcode and city. Nobody in particular is meant.
COMPANIES = """
Vindeholt Maskinværksted ApS;851;256200;24;1998;9220 Aalborg Øst
Sælvang Bageri A/S;851;107120;31;1987;9000 Aalborg
Lyngvad Software ApS;851;620100;14;2015;9000 Aalborg
Kragholt Entreprise A/S;851;412000;62;1979;9200 Aalborg SV
Bølgeland Ingeniører ApS;851;711210;19;2009;9400 Nørresundby
Hvidbakke Reklame ApS;851;731110;4;2018;9000 Aalborg
Kobberlund Metal A/S;851;256200;310;1961;9220 Aalborg Øst
Fyrlund Transport ApS;851;494100;22;2004;9240 Nibe
Rørmose Consult;851;702200;1;2025;9000 Aalborg
Månebæk El A/S;851;432100;27;1992;9200 Aalborg SV
Stenløkke Møbler ApS;851;310900;36;1984;9400 Nørresundby
Lærkedal Data ApS;851;620100;9;2020;9000 Aalborg
Sandagerby Spisehus ApS;851;561010;12;2016;9000 Aalborg
Gryholt VVS ApS;851;432200;8;2011;9240 Nibe
Hjelmdal Fiskeri A/S;860;031100;7;1974;9850 Hirtshals
Nordvråby Tømrer & Snedker ApS;860;412000;16;2001;9800 Hjørring
Askemark Maskinservice ApS;860;331200;13;1996;9870 Sindal
Tjørnelund Logistik A/S;860;494100;41;1999;9850 Hirtshals
Brinkmose Brødhus ApS;860;107120;6;2019;9800 Hjørring
Klitmose Havfisk A/S;787;031100;18;1969;7730 Hanstholm
Havreager Byg ApS;787;412000;11;2007;7700 Thisted
Ravnsøhus Møbler A/S;787;310900;58;1958;7700 Thisted
Strandvejle Restaurant ApS;787;561010;9;2017;7700 Thisted
Tornvig Smedje ApS;813;256200;17;1990;9900 Frederikshavn
Engdalen Elteknik ApS;813;432100;8;2012;9300 Sæby
Mosevrå Rådgivning ApS;813;702200;3;2021;9990 Skagen
Rimtofte Skibsservice A/S;813;331200;44;1983;9900 Frederikshavn
Tågeby Træindustri A/S;840;310900;29;1977;9530 Støvring
Skovlund Reparation ApS;840;331200;5;2014;9520 Skørping
Vrågård Kommunikation ApS;773;731110;2;2022;7900 Nykøbing Mors
Dybdal Spåntagning ApS;773;256200;21;1995;7900 Nykøbing Mors
Nørretoft Salon;825;960210;1;2013;9940 Læsø
"""

# P-number; company; municipality: places of work, one of them in another municipality than its company.
ESTABLISHMENTS = """
1003000001;Vindeholt Maskinværksted ApS;851
1003000002;Vindeholt Maskinværksted ApS;860
1003000003;Kragholt Entreprise A/S;851
1003000004;Kragholt Entreprise A/S;840
1003000005;Tjørnelund Logistik A/S;860
1003000006;Sælvang Bageri A/S;851
"""

# Organisation; company; P-number; category; fields; started; ended: what ran before the week.
COURSES = """
erhvervshus-nordjylland;Lyngvad Software ApS;;growth;digitalisation-automation|internationalisation;2025-03-03;2025-11-28
erhvervshus-nordjylland;Kragholt Entreprise A/S;1003000004;growth;green-circular;2025-10-06;2026-02-27
erhvervshus-nordjylland;Bølgeland Ingeniører ApS;;operations;management-organisation;2026-01-12;2026-06-30
erhvervshus-nordjylland;Klitmose Havfisk A/S;;growth;green-circular|finance;2026-02-02;
erhvervshus-nordjylland;Ravnsøhus Møbler A/S;;operations;sales-marketing;2026-04-13;2026-09-30
erhvervshus-nordjylland;Stenløkke Møbler ApS;;short;innovation;2026-05-04;2026-05-04
erhvervskontor-aalborg;Hvidbakke Reklame ApS;;short;sales-marketing;2026-03-10;2026-03-24
erhvervskontor-aalborg;Stenløkke Møbler ApS;;short;finance;2026-08-17;2026-08-31
erhvervskontor-aalborg;Sandagerby Spisehus ApS;;operations;;2025-05-05;2025-12-19
erhvervskontor-hjoerring;Tjørnelund Logistik A/S;1003000005;short;qualified-labour;2026-11-16;
erhvervskontor-hjoerring;Askemark Maskinservice ApS;;operations;management-organisation;2025-09-01;2026-01-30
"""

# Organisation; company; P-number; kind; topic; date.
DELIVERIES = """
ihnd;Kobberlund Metal A/S;;information;International medarbejdere;2026-09-15
ihnd;Lyngvad Software ApS;;service;Registrering af tre medarbejdere;2026-10-06
ihnd;Tjørnelund Logistik A/S;1003000005;information;Skat for udlændinge;2026-10-20
ihnd;Lyngvad Software ApS;;information;Sprogskole;2026-11-03
ihnd;Dybdal Spåntagning ApS;;information;Sprogskole;2025-11-04
erhvervskontor-hjoerring;Nordvråby Tømrer & Snedker ApS;;service;Tilbudslov;2026-06-02
"""


@dataclass(frozen=True)
class Company:
    """A company of the table."""

    cvr: str
    name: str
    municipality: str
    industry_code: str
    employees: str
    founded: str
    postcode: str
    city: str


def numbers() -> Iterator[str]:
    """CVR numbers, as their rule makes them, from where none are given out."""
    for first in range(1_100_000, 10_000_000):
        for last in range(10):
            number = f"{first}{last}"
            if sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=True)) % 11 == 0:
                yield number


def rows_of(text: str) -> list[list[str]]:
    """The cells of one of the tables above."""
    return list(csv.reader(io.StringIO(text.strip()), delimiter=";"))


def register() -> dict[str, Company]:
    """The companies by name."""
    found = {}
    for number, (name, municipality, industry, employees, year, place) in zip(numbers(), rows_of(COMPANIES), strict=False):
        postcode, _space, city = place.partition(" ")
        found[name] = Company(number, name, municipality, industry, employees, f"{year}-03-01", postcode, city)
    return found


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    """A file as a spreadsheet saves it."""
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows([list(head), *map(list, rows)])
    return text.getvalue().encode()


def companies_file(companies: Iterable[Company]) -> bytes:
    """The register as a table."""
    head = ["cvr", "name", "municipality", "industry_code", "employees", "founded", "postcode", "city", "industry_version"]
    return table(head, ([*astuple(one), "DB07"] for one in companies))


def establishments_file(companies: dict[str, Company]) -> bytes:
    """The places of work as a table."""
    rows = ([number, companies[name].cvr, name, place] for number, name, place in rows_of(ESTABLISHMENTS))
    return table(["p_number", "cvr", "name", "municipality"], rows)


def courses_file(companies: dict[str, Company], organisation: str) -> bytes:
    """What an organisation did before the week, as it hands it in."""
    head = ["reference", "cvr", "p_number", "organisation", "category", "fields", "started", "ended"]
    own = [(number, row) for number, row in enumerate(rows_of(COURSES)) if row[0] == organisation]
    return table(head, ([f"before-{number}", companies[name].cvr, place, owner, *rest] for number, (owner, name, place, *rest) in own))


def deliveries_file(companies: dict[str, Company]) -> bytes:
    """Information and service that everybody gave before the week, as the operator hands it in."""
    head = ["reference", "cvr", "p_number", "organisation", "kind", "topic", "date"]
    rows = enumerate(rows_of(DELIVERIES))
    return table(head, ([f"given-{n}", companies[name].cvr, place, owner, *rest] for n, (owner, name, place, *rest) in rows))
