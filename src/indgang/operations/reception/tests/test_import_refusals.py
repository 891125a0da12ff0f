"""A visits table that cannot be: every fault with its row, its column, its value and the reason, and nothing written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from indgang.foundation.imports.reports import Problem
from indgang.foundation.places.models import House, Region
from indgang.operations.reception.models import Journey
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.visits_table import PAIR, apply, done, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings: Any, tmp_path: Path) -> House:
    settings.HOME = tmp_path
    return factories.small_house()


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("house", "odense", "No house has this key. There are: aalborg."),
        ("service", "passport", "The region has no service with this key."),
        ("municipality", "101", "No municipality with this code is known."),
        ("municipality", "Aalborg", "Write the municipality's code, such as 851 or 0851."),
        ("citizenship", "Germany", "Write the country's code of three letters (ISO 3166), such as DEU."),
        ("citizenship", "DE", "Write the country's code of three letters (ISO 3166), such as DEU."),
        ("citizenship", "XYZ", "Write the country's code of three letters (ISO 3166), such as DEU."),
        ("people", "0", "Write a whole number from 1 to 1000."),
        ("people", "two", "Write a whole number from 1 to 1000."),
        ("arrived", "5/3 2024", "Write a date and a time such as 2023-05-17 13:45, 17-05-2023 13:45 or 17.5.2023 13.45."),
        ("arrived", "31.3.2024 2.30", "There is no such time that day: the clocks went forward."),
        ("outcome", "lost", "Write one of: done, documents-missing, refused, no-show, cancelled."),
        ("reference", "=SUM(A1)", "A reference begins with a letter or a digit."),
        ("reference", "x" * 61, "This is longer than 60 characters."),
        ("reference", "", "This must be filled in."),
        ("service", "", "This must be filled in."),
        ("house", "", "This must be filled in: the journey is not known yet."),
    ],
)
def test_a_cell_is_refused_with_its_row_column_value_and_the_reason(column: str, value: str, message: str) -> None:
    cells = {"reference": "J-2", "house": "aalborg", "service": "mitid", column: value}
    names = list(cells)
    text = ";".join(names) + "\nJ-1" + (";aalborg;mitid" + ";" * (len(names) - 3)) + "\n" + ";".join(cells.values()) + "\n"
    batch, report = apply(text)

    assert batch is None
    assert report.refused == [Problem(3, column, value, message)]
    assert not Journey.objects.exists()


def test_times_out_of_order_are_refused_at_the_later_one() -> None:
    rows = "J-1,mitid,2024-03-05 10:00,2024-03-05 9:00,\nJ-2,mitid,2024-03-05 10:00,,2024-03-05 9:00\n"

    assert refused("reference,service,arrived,started,ended,house\n" + rows.replace("\n", ",aalborg\n")) == [
        (2, "started", "This lies before arrived."),
        (3, "ended", "This lies before arrived."),
    ]


def test_an_update_is_checked_with_what_is_stored() -> None:
    done(PAIR)

    assert refused("reference,service,ended\nJ-1,mitid,\nJ-1,siri-residence,2024-03-05 9:05\n") == [
        (3, "ended", "This lies before started.")
    ]


def test_rows_of_a_journey_must_agree() -> None:
    House.objects.create(region=Region.objects.get(), key="hobro", title_da="Hobro", address="", postcode="", city="")
    text = "reference,house,service,municipality,citizenship\nJ-1,aalborg,mitid,851,DEU\nJ-1,hobro,tax-card,787,POL\n"

    assert refused(text) == [
        (3, "house", "Row 2 and row 3 are of the same journey and must have the same house; row 2 has “aalborg”."),
        (3, "municipality", "Row 2 and row 3 are of the same journey and must have the same municipality; row 2 has “851”."),
        (3, "citizenship", "Row 2 and row 3 are of the same journey and must have the same citizenship; row 2 has “DEU”."),
    ]


def test_all_faults_of_all_rows_are_told_in_one_go() -> None:
    text = (
        "reference,house,service,municipality,citizenship,people,arrived,started,ended,outcome\n"
        "J-1,aalborg,passport,101,Germany,0,2024-03-05 10:00,2024-03-05 9:00,2024-03-05 8:00,lost\n"
        ",odense,mitid,850,DEU,1,,,,done\n"
        "J-2,aalborg,mitid,851,DEU,two,2024-03-05 25:00,2024-03-05 9:00,soon,,surplus\n"
        "J-2,aalborg,tax-card,851,DEU,1,,2024-03-05 9:30,,\n"
    )

    assert refused(text) == [
        (2, "citizenship", "Write the country's code of three letters (ISO 3166), such as DEU."),
        (2, "people", "Write a whole number from 1 to 1000."),
        (2, "outcome", "Write one of: done, documents-missing, refused, no-show, cancelled."),
        (2, "service", "The region has no service with this key."),
        (2, "municipality", "No municipality with this code is known."),
        (2, "started", "This lies before arrived."),
        (2, "ended", "This lies before started."),
        (3, "reference", "This must be filled in."),
        (3, "house", "No house has this key. There are: aalborg."),
        (3, "municipality", "No municipality with this code is known."),
        (3, "ended", "This must be filled in when the outcome is “done”. A step without it is still running."),
        (4, "", "The row has more cells than the header."),
        (4, "people", "Write a whole number from 1 to 1000."),
        (4, "arrived", "There is no such day or time."),
        (4, "ended", "Write a date and a time such as 2023-05-17 13:45, 17-05-2023 13:45 or 17.5.2023 13.45."),
    ]


def test_a_cell_that_cannot_be_read_is_no_reason_for_another_fault() -> None:
    done(PAIR)

    assert refused("reference,service,arrived,started\nJ-1,siri-residence,2024-03-05 9:05,later\n") == [
        (2, "started", "Write a date and a time such as 2023-05-17 13:45, 17-05-2023 13:45 or 17.5.2023 13.45.")
    ]


def test_a_journey_stays_in_its_house() -> None:
    done(PAIR)
    House.objects.create(region=Region.objects.get(), key="hobro", title_da="Hobro", address="", postcode="", city="")

    expected = [(2, "house", "The journey is registered in the house aalborg.")]
    assert refused("reference,house,service\nJ-1,hobro,siri-residence\n") == expected


def test_the_same_step_twice_names_both_rows() -> None:
    assert refused(PAIR + "J-1,aalborg,siri-residence,,,,,,,\n") == [(4, "reference", "Row 2 and row 4 have the same reference + service.")]


def test_a_party_is_at_one_desk_at_a_time() -> None:
    text = "reference,house,service,started\nJ-1,aalborg,mitid,2024-03-05 9:00\nJ-1,aalborg,tax-card,2024-03-05 9:30\n"

    message = "The journey's step mitid is still running; a party is at one desk at a time."
    assert refused(text) == [(3, "ended", message)]


@pytest.mark.parametrize("outcome", ["done", "documents-missing", "refused"])
def test_a_step_without_end_is_still_running_and_has_no_outcome_yet(outcome: str) -> None:
    message = f"This must be filled in when the outcome is “{outcome}”. A step without it is still running."
    text = "reference,house,service,started,ended,outcome\nJ-1,aalborg,mitid,2024-03-05 9:00,{ended},{outcome}\n"
    assert refused(text.format(ended="", outcome=outcome)) == [(2, "ended", message)]
    done(text.format(ended="2024-03-05 9:10", outcome=outcome))
    assert refused(text.format(ended="soon", outcome=outcome).replace("J-1", "J-2"))[0][1:] == (
        "ended",
        "Write a date and a time such as 2023-05-17 13:45, 17-05-2023 13:45 or 17.5.2023 13.45.",
    )


def test_nobody_who_did_not_come_was_at_a_desk() -> None:
    header = "reference,house,service,arrived,started,ended,outcome\n"
    text = header + "J-1,aalborg,mitid,2024-03-05 9:00,2024-03-05 9:10,2024-03-05 9:20,no-show\n"
    message = "This must be empty when the outcome is “no-show”."
    assert refused(text) == [(2, "started", message), (2, "ended", message)]
    done(text.replace("2024-03-05 9:10,2024-03-05 9:20", ","))


def test_a_year_that_must_be_a_slip_of_the_pen_is_refused(settings: LazySettings) -> None:
    at(settings, 14)
    header = "reference,house,service,arrived,started,ended\n"
    ahead, behind = "This lies more than a year ahead. Look at the year.", "Look at the year."
    not_yet = "This lies in the future. Leave it empty until it has taken place."
    rows = {
        "2026-12-08 13:50,2062-12-08 14:00,2062-12-08 14:30": [("started", ahead), ("ended", ahead)],
        "2026-12-08 13:50,2026-12-08 13:55,2027-12-10 14:05": [("ended", ahead)],
        "2026-12-08 14:05,,": [("arrived", not_yet)],
        "2026-12-08 13:50,2026-12-08 14:05,": [("started", not_yet)],
        "1926-12-08 13:50,,": [("arrived", f"This lies more than 20 years back. {behind}")],
    }
    for times, faults in rows.items():
        assert refused(f"{header}J-1,aalborg,mitid,{times}\n") == [(2, column, message) for column, message in faults]
    done(header + "J-1,aalborg,mitid,2026-12-08 14:00,,\nJ-2,aalborg,mitid,2008-01-02 09:00,2008-01-02 09:00,2008-01-02 09:10\n")


def test_a_time_that_stands_is_no_fault_of_a_row_that_says_something_else(settings: LazySettings) -> None:
    at(settings, 14)
    text = "reference,house,service,people,arrived\nJ-1,aalborg,mitid,1,2026-12-08 13:50\n"
    done(text)
    at(settings, 13)
    done(text.replace(",1,", ",2,"))
