"""The figures of guidance: what the page and the files say, what is opened, and by whom."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client
from openpyxl import load_workbook

from indgang.foundation.identity.models import Role
from indgang.foundation.measures.counting import Share
from indgang.foundation.measures.declared import RegionScope
from indgang.operations.guidance.measures import MEASURES, MEASURES_OF_GUIDANCE, REST
from indgang.operations.guidance.models import Course
from indgang.operations.guidance.tests.figures_year import HUB, OFFICE, course, establishment, year
from indgang.operations.reception.tests.staff_day import at_instant, logged_in
from indgang.registers.parties.models import Company, Tie, TieKind
from indgang.registers.parties.tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/guidance/figures/"
ROWS = "/guidance/figures/rows/"


@pytest.fixture
def companies(settings: LazySettings) -> dict[str, Company]:
    """The year, in its November."""
    at_instant(settings, dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC))
    return year()


def reader(role: str = Role.CONSULTANT, of: str = HUB, language: str = "en") -> Client:
    user = factories.colleague(role, of).user
    assert user
    return logged_in(user, language)


def cards(response: Any) -> dict[str, str]:
    return {card["label"]: f"{card['value']} {card['note']}".strip() for card in response.context["cards"]}


def lines(response: Any, key: str) -> dict[str, tuple[Any, ...]]:
    return {line.name: line.values for one in response.context["shown"] if one["section"].key == key for line in one["section"].lines}


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_year_in_figures(companies: dict[str, Company]) -> None:
    response = reader().get(PAGE)
    assert cards(response) == {
        "Companies guided": "10",
        "Guidance courses": "11",
        # b was guided the year before, c in confidence; nobody else of the ten
        "New against the year before": "80 % 8 of 10",
        "Companies informed or served": "2",
        "Deliveries": "3",
        "Companies screened": "0",
        "Screening visits held": "0",
    }
    assert lines(response, "category") == {"Growth": (4, 4), "Operations": (4, 4), "Short": (1, 1), "Early Warning": (None, None)}
    assert lines(response, "field") == {"Finance": (4, 5), "Innovation": (1, 1), "None named": (6, 6)}
    assert lines(response, "organisation") == {"Erhvervshus nordjylland": (6, 7), "Erhvervskontor thisted": (4, 4)}
    assert lines(response, "month")["February 2026"] == (4, 4)
    assert "December 2026" not in lines(response, "month")
    assert lines(response, "delivery") == {"Information": (2, 2), "Service": (1, 1)}


def test_a_small_municipality_hides_what_is_confidential_and_the_whole_is_not_more_than_the_sum(companies: dict[str, Company]) -> None:
    shown = lines(reader().get(PAGE), "municipality")
    assert shown == {"Aalborg": (5, 6), "Læsø": (0, 0), "Thisted": (4, 4), "Not told by municipality": (1, 1)}


def test_by_shifting_the_days_nobody_finds_out_who_is_in_confidence(companies: dict[str, Company]) -> None:
    """Where the days cut a month, the figures are the same whether there is Early Warning or not, and the page says so."""
    cut = [{"first": f"2026-01-{day:02}", "last": f"2026-{month:02}-15"} for day in (1, 2) for month in (3, 10)]
    seen = [cards(reader().get(PAGE, days)) for days in cut]
    assert all("not whole months: Early Warning is left out" in text_of(reader().get(PAGE, days)) for days in cut)
    Course.objects.filter(category="early-warning").delete()
    assert [cards(reader().get(PAGE, days)) for days in cut] == seen


def test_until_today_is_the_whole_of_a_month(companies: dict[str, Company]) -> None:
    whole, until_today = (reader().get(PAGE, {"first": "2026-01-01", "last": last}) for last in ("2026-12-31", "2026-11-24"))
    assert cards(whole) == cards(until_today)
    assert "whole months: Early Warning is left out" not in text_of(until_today)


def test_who_moved_here_is_not_new(companies: dict[str, Company]) -> None:
    """The year before it was guided in another municipality."""
    for number in range(6):
        company = factories.company(f"Moved {number}", code="825")
        course(company, started="2025-03-01", ended=dt.date(2025, 4, 1))
        company.municipality = factories.municipality("787")
        course(company)
    assert cards(reader().get(PAGE, {"municipality": "787"}))["New against the year before"] == "40 % 4 of 10"


def test_in_danish(companies: dict[str, Company]) -> None:
    response = reader(language="da").get(PAGE)
    assert cards(response)["Vejledte virksomheder"] == "10"
    assert "Uden for kommunerne" not in text_of(response)
    assert lines(response, "municipality")["Ikke fordelt på kommuner"] == (1, 1)


def test_early_warning_alone_is_told_of_five_companies_and_never_by_municipality(companies: dict[str, Company]) -> None:
    response = reader().get(PAGE, {"category": "early-warning"})
    assert lines(response, "category") == {}
    for number in range(3):
        course(factories.company(f"More {number}", code="851"), "early-warning")
    response = reader().get(PAGE, {"category": "early-warning"})
    assert lines(response, "category") == {"Early Warning": (5, 5)}
    assert lines(response, "municipality") == {}
    response = reader().get(PAGE, {"category": "early-warning", "municipality": "851"})
    assert "Early Warning is not told by municipality" in text_of(response)
    assert response.context["cards"][0]["value"] in ("-", "0")


def test_in_a_municipality_short_courses_and_early_warning_are_told_together(companies: dict[str, Company]) -> None:
    response = reader().get(PAGE, {"municipality": "851"})
    assert lines(response, "category") == {"Growth": (4, 4), "Short and Early Warning together": (1, 1)}


def test_opening_the_whole_says_how_many_are_confidential(companies: dict[str, Company]) -> None:
    opened = reader().get(ROWS)
    assert "11 rows, 10 companies." in text_of(opened)
    assert "2 confidential." in text_of(opened)
    assert "as a number only: Erhvervskontor thisted 4." in text_of(opened)
    assert "Secret ApS" not in text_of(opened)
    assert "Island ApS" not in text_of(opened)


def test_the_team_opens_its_own(companies: dict[str, Company]) -> None:
    opened = reader(Role.EARLY_WARNING).get(ROWS)
    assert "Secret ApS" in text_of(opened)
    assert "confidential." not in text_of(opened)
    other = reader(Role.EARLY_WARNING, OFFICE).get(ROWS)
    assert "Secret ApS" not in text_of(other)
    assert "2 confidential." in text_of(other)


def test_a_small_figure_opens_to_what_it_counts(companies: dict[str, Company]) -> None:
    opened = reader().get(ROWS, {"part": "municipality", "key": "825"})
    assert "0 rows, 0 companies." in text_of(opened)
    assert "confidential" not in text_of(opened)


def test_who_was_in_confidence_the_year_before_is_shown_as_new(companies: dict[str, Company]) -> None:
    opened = text_of(reader().get(ROWS, {"part": "new", "key": ""}))
    assert "C ApS" in opened
    assert "B ApS" not in opened


def test_establishments_are_counted_by_their_number_and_place(companies: dict[str, Company]) -> None:
    place = establishment(companies["a"], "1000000001", "787")
    course(companies["a"], establishment=place)
    response = reader().get(PAGE, {"level": "establishment"})
    assert cards(response)["Establishments guided"] == "11"
    assert lines(response, "municipality")["Thisted"] == (5, 5)
    assert cards(reader().get(PAGE))["Companies guided"] == "10"


def test_records_judged_to_be_the_same_company_are_one(companies: dict[str, Company]) -> None:
    companies["b"].same_as = companies["a"]
    companies["b"].save()
    assert cards(reader().get(PAGE))["Companies guided"] == "9"


def test_one_organisation_alone(companies: dict[str, Company]) -> None:
    response = reader().get(PAGE, {"organisation": OFFICE})
    assert cards(response)["Companies guided"] == "4"
    assert lines(response, "organisation") == {}


def test_the_organisations_to_choose_among_serve_companies_and_what_is_in_confidence_is_no_reason(companies: dict[str, Company]) -> None:
    quiet, secret, office = (factories.organisation(key) for key in ("aa-quiet", "bb-secret", OFFICE))
    for one, confidential in ((secret, True), (office, False)):
        begun = {"started": dt.date(2026, 3, 2), "source": f"test:{one.pk}", "kind": TieKind.COURSE}
        Tie.objects.create(company=companies["a"], organisation=one, confidential=confidential, **begun)

    def offered(**asked: str) -> list[tuple[str, str]]:
        return list(reader().get(PAGE, asked).context["form"].fields["organisation"].choices)

    here = [("", "All"), (HUB, "Erhvervshus nordjylland"), (OFFICE, "Erhvervskontor thisted")]
    assert offered() == here
    assert offered(organisation=quiet.key) == [here[0], *here[1:], (quiet.key, "Aa quiet")]
    assert not reader().get(PAGE, {"organisation": quiet.key}).context["form"].errors


def test_the_files_say_the_same(companies: dict[str, Company]) -> None:
    client = reader()
    table = list(csv.reader(io.StringIO(client.get(f"{PAGE}file/csv/").content.decode("utf-8-sig"))))
    told = {(row[0], row[1], row[3]): row[4] for row in table[1:]}
    assert told["guidance", "guided", "Companies guided"] == "10"
    assert told["municipality", "rest", "Courses"] == "1"
    assert told["category", "early-warning", "Companies"] == ""
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}file/xlsx/").content))
    assert book.sheetnames[0] == "Guidance"
    assert client.get(f"{PAGE}file/pdf/").status_code == 404


@pytest.mark.parametrize("role", [Role.CLERK, Role.FLOORWALKER, Role.ADMINISTRATOR])
def test_others_find_nothing(companies: dict[str, Company], role: str) -> None:
    client = reader(role)
    assert [client.get(address).status_code for address in (PAGE, ROWS, f"{PAGE}file/csv/")] == [404, 404, 404]


@pytest.mark.parametrize(
    "asked",
    [
        {"first": "2026-05-01", "last": "2026-04-01"},
        {"first": "1800-01-01", "last": "2026-04-01"},
        {"first": "x", "last": "2026-04-01"},
        {"organisation": "nobody"},
        {"municipality": "101"},
        {"level": "planet"},
    ],
)
def test_what_cannot_be_asked_is_said_and_this_year_is_shown(companies: dict[str, Company], asked: dict[str, str]) -> None:
    response = reader().get(PAGE, asked)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert cards(response)["Companies guided"] == "10"


def test_nothing_registered_says_what_will_be_here(settings: LazySettings) -> None:
    at_instant(settings, dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC))
    assert "Nothing was registered on these days" in text_of(reader().get(PAGE))


def test_the_number_of_queries_does_not_grow(companies: dict[str, Company], django_assert_max_num_queries: Any) -> None:
    client = reader()
    client.get(PAGE)
    for number in range(30):
        course(factories.company(f"More {number}", code="851"))
    with django_assert_max_num_queries(14):
        client.get(PAGE)


def test_every_measure_has_a_name_of_its_own() -> None:
    keys = [measure.key for measure in MEASURES]
    assert len(keys) == len(set(keys))
    assert {"unique-companies", "screenings", "wheel-self-help", "wheel-courses"} <= set(keys)


def test_the_measures_say_what_the_page_says(companies: dict[str, Company]) -> None:
    scope = RegionScope(factories.region(), dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    figures = {measure.key: measure.figure(scope) for measure in MEASURES_OF_GUIDANCE}
    assert figures == {
        "unique-companies": 10,
        "unique-establishments": 10,
        "new-companies": Share(8, 10),
        "courses": 11,
        "companies-informed-or-served": 2,
        "establishments-informed-or-served": 2,
    }
    splits = {measure.key: measure.split(scope) for measure in MEASURES_OF_GUIDANCE if measure.split}
    assert splits["unique-companies"] == {"787": 4, "825": 0, "851": 5, REST: 1}
    assert splits["courses"] == {"growth": 4, "operations": 4, "short": 1}
    assert {measure.key: measure.evidence(scope).count() for measure in MEASURES_OF_GUIDANCE} == {
        "unique-companies": 11,
        "unique-establishments": 11,
        "new-companies": 11,
        "courses": 11,
        "companies-informed-or-served": 3,
        "establishments-informed-or-served": 3,
    }


def test_a_row_that_is_listed_opens_its_course(companies: dict[str, Company]) -> None:
    client = reader()
    response = client.get(ROWS, {"part": "category", "key": "growth"})
    rows = list(response.context["table"].rows)
    assert rows
    for row in rows:
        address = f"/guidance/courses/{row.pk}/"
        assert f'<a href="{address}">' in response.content.decode()
        assert client.get(address).status_code == 200
