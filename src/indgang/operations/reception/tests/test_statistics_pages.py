"""The statistics of a house: who sees them, what they say, the rows behind them, and the files."""

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

from indgang.foundation.identity.models import Organisation, Participation, Role
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Journey, Turn, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, logged_in
from indgang.operations.reception.tests.test_figures import DAY, MONDAY, store
from indgang.operations.reception.tests.test_figures import at as clock_on

pytestmark = pytest.mark.django_db
STAYS = ("Door to door by hour of arrival", "Door to door by the weekday")
PAGE = "/statistics/aalborg/?first=2026-03-02&last=2026-03-02"


@pytest.fixture
def house(settings: LazySettings) -> House:
    """Two parties on Monday 2 March: three steps, four citizens."""
    at(settings, 9, 0)
    house = factories.small_house()
    store(house, DAY)
    return house


def leader(of: str = "siri", language: str = "en") -> Client:
    return logged_in(factories.member(Role.LEADER, of), language)


def walker() -> Client:
    return logged_in(factories.member(Role.FLOORWALKER, "ihnd"))


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def cards(response: Any) -> dict[str, tuple[str, str]]:
    return {card.label: (card.value, card.note) for card in response.context["cards"]}


def test_the_figures_of_a_day_in_english_and_in_danish(house: House) -> None:
    english, danish = leader().get(PAGE), leader(language="da").get(PAGE)

    assert cards(english) == {
        "Citizens served": ("4", "each person once a day, however many steps"),
        "Steps finished": ("3", ""),
        "Waiting time": ("10.0", "half at most; nine in ten at most 20.0. Known of 3."),
        "Time on the way to the desk": ("1.0", "half at most; nine in ten at most 2.0. Known of 2."),
        "Time at the desk": ("19.0", "half at most; nine in ten at most 30.0. Known of 3."),
        "From door to door": ("50.0", "half at most; nine in ten at most 50.0. Known of 2."),
        "Did not come": ("0 %", "0 of 1; of the booked parties of whom it is known"),
        "Not known whether they came": ("0", "booked parties that nobody noted"),
        "Not served": ("0", "steps for which people waited until the house closed"),
        "Occupancy of desks": ("4 %", "62 of 1,650; of the minutes that desks were open"),
    }
    assert cards(danish)["Ventetid"][0] == "10,0"
    assert cards(danish)["Skrankernes belægning"] == ("4 %", "62 af 1.650; af de minutter, skrankerne havde åbent")


def test_tables_and_charts_say_the_same(house: House) -> None:
    response = leader().get(PAGE)
    page = text_of(response)

    assert "Most steps begin between 9 and 10 o’clock: 2 of 3." in page
    assert "half of them 20.0 minutes at most (the bar), nine in ten 20.0 (the ring)." in page
    assert "The most frequent service is “EU residence document”: 2 of 3 steps." in page
    assert "Desk 1 was occupied most: 15 % (49 of 330 open minutes)." in page
    assert "The largest group lives in Aalborg: 75 % (3 of 4)." in page
    tables = {
        one.section.key: [[cell for _column, cell in cells] for _link, cells in one.table.body()] for one in response.context["shown"]
    }
    assert tables["hour"] == [["9-10", "2", "5.0", "10.0", "13.0", "1.0"], ["10-11", "1", "20.0", "20.0", "30.0", "-"]]
    assert tables["weekday"][0] == ["Monday", "3", "10.0", "20.0", "19.0", "1.0"]
    assert tables["stay-hour"] == [["9-10", "1", "50.0", "50.0"], ["10-11", "1", "50.0", "50.0"]]
    assert tables["stay-weekday"] == [
        ["Monday", "2", "50.0", "50.0"],
        *([day, "0", "-", "-"] for day in ("Tuesday", "Wednesday", "Thursday", "Friday")),
    ]
    assert (
        "Who comes between 9 and 10 o’clock is here longest: half of them 50.0 minutes at most (the bar), nine in ten 50.0 (the ring)."
        in page
    )
    assert tables["desk"][0] == ["Desk 1", "2", "49", "330", "15 % (49 of 330)"]
    assert tables["municipality"] == [["Aalborg", "3", "75 % (3 of 4)"], ["Not known", "1", "25 % (1 of 4)"]]
    assert "For 1 citizen of 4 no municipality is noted; clerks and floorwalkers note it on the visit behind “Not known”." in page


def test_those_of_whom_it_is_not_known_where_they_live_are_counted_once_it_is_noted(house: House) -> None:
    rows = f"{PAGE.split('?')[0]}steps/?first=2026-03-02&last=2026-03-02&part=municipality&key="
    noting = "Clerks and floorwalkers note on the page of a visit where they live"
    assert noting in text_of(walker().get(rows))
    assert noting not in text_of(walker().get(f"{rows}851"))
    where = f"/journeys/{walker().get(rows).context['pages'][0].journey.reference}/"
    assert "Where do they live?" in text_of(walker().get(where))

    walker().post(f"{where}municipality/?back=journey", {"municipality": "851"})

    response = walker().get(PAGE)
    tables = {
        one.section.key: [[cell for _column, cell in cells] for _link, cells in one.table.body()] for one in response.context["shown"]
    }
    assert tables["municipality"] == [["Aalborg", "4", "100 % (4 of 4)"]]
    assert "no municipality is noted" not in text_of(response)


@pytest.mark.parametrize(
    ("role", "of", "status"),
    [
        (Role.LEADER, "siri", 200),
        (Role.FLOORWALKER, "ihnd", 200),
        (Role.ADMINISTRATOR, "skattestyrelsen", 200),
        (Role.CLERK, "siri", 404),
        (Role.READER, "siri", 404),
    ],
)
def test_the_figures_are_for_those_who_lead_follow_and_administer(house: House, role: str, of: str, status: int) -> None:
    client = logged_in(factories.member(role, of))

    for address in (PAGE, "/statistics/aalborg/steps/", "/statistics/aalborg/file/csv/", "/statistics/aalborg/file/xlsx/"):
        assert client.get(address).status_code == status


def test_another_house_s_leader_finds_nothing_and_nobody_is_sent_to_log_in(house: House) -> None:
    other = House.objects.create(region=house.region, key="hobro", title_da="Hobro", address="", postcode="", city="")
    office = Organisation.objects.create(region=house.region, key="hobro", kind="authority", title_da="Hobro")
    Participation.objects.create(house=other, organisation=office, is_host=True)
    stranger = logged_in(factories.member(Role.LEADER, office))

    assert stranger.get(PAGE).status_code == 404
    assert stranger.get("/statistics/").url == "/statistics/hobro/"
    assert Client().get(PAGE).status_code == 302


def test_a_number_opens_to_the_steps_that_the_reader_may_see(house: House) -> None:
    everything, own = walker().get("/statistics/aalborg/steps/?first=2026-03-02&last=2026-03-02"), None
    own = leader("skattestyrelsen").get("/statistics/aalborg/steps/?first=2026-03-02&last=2026-03-02")
    administrator = logged_in(factories.member(Role.ADMINISTRATOR, "siri")).get(
        "/statistics/aalborg/steps/?first=2026-03-02&last=2026-03-02"
    )

    rows = [[cell for _column, cell in cells] for _link, cells in everything.context["table"].body()]
    assert rows == [
        ["B", "2 Mar 2026", "EU residence document", "Desk 1", "1", "10.00", "10.20", "10.20", "10.50", "20.0", "-", "30.0"],
        ["A", "2 Mar 2026", "Tax card", "Desk 5", "3", "09.00", "09.35", "09.37", "09.50", "5.0", "2.0", "13.0"],
        ["A", "2 Mar 2026", "EU residence document", "Desk 1", "2", "09.00", "09.10", "09.11", "09.30", "10.0", "1.0", "19.0"],
    ]
    assert (everything.context["hidden"], own.context["hidden"], administrator.context["hidden"]) == (0, 1, 3)
    assert "There is no row here that you may open." in text_of(administrator)


@pytest.mark.parametrize(
    ("query", "references"),
    [
        ("part=hour&key=9", ["A", "A"]),
        ("part=hour&key=10", ["B"]),
        ("part=weekday&key=0", ["B", "A", "A"]),
        ("part=weekday&key=1", []),
        ("part=service&key=tax-card", ["A"]),
        ("part=stay-hour&key=9", ["A"]),
        ("part=stay-hour&key=10", ["B"]),
        ("part=stay-weekday&key=0", ["B", "A"]),
        ("part=stay-weekday&key=1", []),
        ("part=desk&key=siri-1", ["B", "A"]),
        ("part=desk&key=", []),
        ("part=municipality&key=851", ["A", "A"]),
        ("part=municipality&key=", ["B"]),
        ("measure=walking", ["A", "A"]),
        ("measure=no-shows", ["A"]),
        ("measure=citizens-served", ["B", "A", "A"]),
    ],
)
def test_each_part_opens_to_its_own_steps(house: House, query: str, references: list[str]) -> None:
    response = walker().get(f"/statistics/aalborg/steps/?first=2026-03-02&last=2026-03-02&{query}")

    assert [visit.journey.reference for visit in response.context["pages"]] == references


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ("period=week", "2026-12-07", "2026-12-13"),
        ("period=month", "2026-12-01", "2026-12-31"),
        ("period=year", "2026-01-01", "2026-12-31"),
        ("period=nonsense", "2026-12-01", "2026-12-31"),
        ("first=2026-03-02&last=2026-03-09", "2026-03-02", "2026-03-09"),
    ],
)
def test_periods(house: House, query: str, first: str, last: str) -> None:
    scope = leader().get(f"/statistics/aalborg/?{query}").context["scope"]

    assert (scope.first.isoformat(), scope.last.isoformat()) == (first, last)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("first=2026-03-09&last=2026-03-02", "Choose a last day that is not before the first."),
        ("first=1900-01-01&last=2026-03-02", "Choose ten years at most."),
        ("first=9999-01-01&last=9999-12-31", "Choose a day that is not so far ahead."),
        ("first=&last=", "Choose the first day."),
        ("first=abc&last=2026-03-02", "Enter a valid date."),
    ],
)
def test_days_that_cannot_be_used_are_said_beside_the_field(house: House, query: str, message: str) -> None:
    response = leader().get(f"/statistics/aalborg/?{query}")

    assert message in text_of(response)
    assert response.context["scope"].first == dt.date(2026, 12, 1)


def test_a_period_without_anybody_says_so(house: House) -> None:
    assert "Nobody was received on these days" in text_of(leader().get("/statistics/aalborg/?first=2020-01-01&last=2020-01-31"))


def test_the_workbook_says_what_the_page_says_and_has_charts(house: House) -> None:
    response = leader().get("/statistics/aalborg/file/xlsx/?first=2026-03-02&last=2026-03-02")
    book = load_workbook(io.BytesIO(response.content))

    assert response["Content-Disposition"] == 'attachment; filename="aalborg-2026-03-02-2026-03-02.xlsx"'
    assert book.sheetnames == [
        "House",
        "By the hour",
        "By the weekday",
        "By service",
        *STAYS,
        "Occupancy of desks",
        "By municipality of residence",
    ]
    house_rows = {row[0]: row[1] for row in book["House"].iter_rows(min_row=3, values_only=True)}
    assert house_rows["Citizens served"] == 4
    assert house_rows["Waiting time: half at most (minutes)"] == 10
    assert house_rows["Occupancy of desks"] == 62 / 1650
    assert [list(row) for row in book["By the hour"].iter_rows(min_row=2, values_only=True)] == [
        ["9-10", 2, 5, 10, 13, 1],
        ["10-11", 1, 20, 20, 30, ""],
    ]
    assert [list(row) for row in book[STAYS[0]].iter_rows(min_row=2, values_only=True)] == [["9-10", 1, 50, 50], ["10-11", 1, 50, 50]]
    assert [cell.value for cell in book["Occupancy of desks"][2]] == ["Desk 1", 2, 49, 330, 49 / 330]
    assert [len(book[name]._charts) for name in book.sheetnames] == [0, 2, 2, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "International House, Aalborg, 2 Mar 2026 to 3 Mar 2026. Source: Indgang, 8 Dec 2026 at 9.00."),
        ("da", "International House, Aalborg, 2.3.2026 til 3.3.2026. Kilde: Indgang, 8.12.2026 kl. 9.00."),
    ],
)
def test_the_workbook_says_of_which_days_it_is_and_when_it_was_written_as_its_reader_writes_them(
    house: House, language: str, said: str
) -> None:
    client = leader("skattestyrelsen", language)
    book = load_workbook(io.BytesIO(client.get("/statistics/aalborg/file/xlsx/?first=2026-03-02&last=2026-03-03").content))
    assert book.worksheets[0]["A1"].value == said
    assert book.worksheets[-1].oddFooter.left.text == said


def test_the_csv_file_has_every_figure_with_its_counts(house: House) -> None:
    response = leader().get("/statistics/aalborg/file/csv/?first=2026-03-02&last=2026-03-02")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    known = {(row["table"], row["key"], row["figure"]): (row["value"], row["part"], row["whole"]) for row in rows}

    assert known["house", "citizens-served", "Citizens served"] == ("4", "", "")
    assert known["house", "no-shows", "Did not come"] == ("0.0", "0", "1")
    assert known["municipality", "", "Citizens served"] == ("1", "", "")
    assert known["service", "tax-card", "Waiting, half at most (minutes)"] == ("5.0", "", "")
    assert known["stay-hour", "9", "From door to door, half at most (minutes)"] == ("50.0", "", "")
    assert known["desk", "siri-1", "Occupancy"] == (str(49 / 330), "49", "330")


def test_both_files_write_every_number_with_the_same_digits(house: House) -> None:
    """Lengths that are no whole tenths of a minute, too."""
    Turn.objects.filter(journey__reference="B").update(ended_at=clock_on(10, 50) + dt.timedelta(microseconds=1234567))
    query, client = "?first=2026-03-02&last=2026-03-02", leader()
    table = list(csv.DictReader(io.StringIO(client.get(f"/statistics/aalborg/file/csv/{query}").content.decode("utf-8-sig"))))
    danish = leader("skattestyrelsen", "da").get(f"/statistics/aalborg/file/csv/{query}").content
    assert danish.startswith(b"\xef\xbb\xbftable;key;name;figure;value;part;whole\r\n"), "as Excel opens it in Denmark"
    in_danish = list(csv.DictReader(io.StringIO(danish.decode("utf-8-sig")), delimiter=";"))
    assert [row["value"].replace(",", ".") for row in in_danish] == [row["value"] for row in table]
    assert not any("." in row["value"] for row in in_danish) and any("," in row["value"] for row in in_danish)
    book = load_workbook(io.BytesIO(client.get(f"/statistics/aalborg/file/xlsx/{query}").content))

    in_csv = sorted(float(row["value"]) for row in table if row["value"])
    in_book = [
        cell.value for sheet in book for row in sheet.iter_rows(min_row=2) for cell in row[1:] if isinstance(cell.value, int | float)
    ]
    counts = [
        share for row in book["House"].iter_rows(min_row=3, min_col=3, max_col=4, values_only=True) for share in row if share is not None
    ]
    for one in counts:
        in_book.remove(one)
    assert in_csv == sorted(in_book)


def test_who_is_level_with_the_first_is_named(house: House) -> None:
    assert "Who comes between 9 and 10 o’clock is here longest" in text_of(leader().get(PAGE))
    assert "nine in ten 50.0 (the ring). Level with it: 10-11." in text_of(leader().get(PAGE))


def test_an_unknown_file_or_part_is_not_found(house: House) -> None:
    client = leader()

    assert client.get("/statistics/aalborg/file/pdf/").status_code == 404
    assert client.get("/statistics/aalborg/steps/?part=person&key=1").status_code == 404


def test_the_pages_ask_as_often_for_one_party_as_for_many(house: House, django_assert_max_num_queries: Any) -> None:
    client = walker()
    steps = "/statistics/aalborg/steps/?first=2026-03-02&last=2026-03-02"
    for address in (PAGE, steps):
        client.get(address)
    Visit.objects.exclude(journey__reference="B").delete()
    few = [_queries(client, address) for address in (PAGE, steps)]
    Journey.objects.exclude(reference="B").delete()
    store(house, [one for one in DAY if one.journey == "A"])

    assert [_queries(client, address) for address in (PAGE, steps)] == few
    assert max(few) <= 29


def _queries(client: Client, address: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


def test_the_figures_name_nobody(house: House) -> None:
    factories.book(house, name="Quirina Example", on=MONDAY + dt.timedelta(days=365), days=5)

    assert "Quirina" not in text_of(walker().get("/statistics/aalborg/?period=year"))
