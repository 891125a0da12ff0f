"""A group as a spreadsheet: what is read, what is refused, and all of it at once."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.conf import LazySettings
from django.utils import translation

from indgang.operations.reception.actions.employers import add_people
from indgang.operations.reception.employer_tables import as_csv, as_xlsx, example_row, export_lines, read_group, template_lines
from indgang.operations.reception.models import Desk, EmployerBooking
from indgang.operations.reception.models.journey import Purpose
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.employer_day import booked, group
from indgang.operations.reception.tests.staff_day import at, at_instant

pytestmark = pytest.mark.django_db
DEFAULTS = {"purpose": "work", "stay_months": 24, "municipality": "851", "language": "en"}
HEADER = "Navn;E-mail;Statsborgerskab;Formål;Første dag;Voksne;Børn;Sprog;Eget nummer\r\n"


@pytest.fixture
def booking(settings: LazySettings) -> EmployerBooking:
    at(settings, 8)
    return group(factories.small_house())


def read(booking: EmployerBooking, text: str | bytes) -> tuple[list[tuple[object, ...]], list[str]]:
    content = text.encode() if isinstance(text, str) else text
    found = read_group(io.BytesIO(content), booking=booking, defaults=DEFAULTS)
    people = [(one.name, one.citizenship, one.purpose, one.adults, one.children, one.language, one.reference) for one in found.people]
    return people, [str(problem) for problem in found.problems]


ROWS = "Åse Øster;aase@example.org;Polen;arbejde;2026-12-14;2;1;dansk;007\r\nBo Lind;;DEU;;;;;;\r\n"
READ = [("Åse Øster", "POL", "work", 2, 1, "da", "007"), ("Bo Lind", "DEU", "work", 1, 0, "en", "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_file_is_read_whatever_the_program_that_wrote_it(booking: EmployerBooking, encoding: str, separator: str) -> None:
    assert read(booking, (HEADER + ROWS).replace(";", separator).encode(encoding)) == (READ, [])


def test_the_line_that_tells_excel_the_separator_is_no_row(booking: EmployerBooking) -> None:
    assert read(booking, "sep=;\r\n" + HEADER + ROWS) == (READ, [])
    _people, [fault] = read(booking, "sep=;\r\n" + HEADER + "Bo Lind;;Atlantis;;;;;;\r\n")
    assert fault.startswith("Row 2, Citizenship “Atlantis”: "), "counted as Excel counts, which does not show that line"


@pytest.mark.parametrize(("day", "good"), [("2020-01-01", False), ("7.12.2026", False), ("8.12.2026", True), ("", True)])
def test_a_first_day_that_has_passed_is_refused(booking: EmployerBooking, day: str, good: bool) -> None:
    people, faults = read(booking, HEADER + ROWS + f"Cy Dahl;;;;{day};;;;\r\n")
    told = "This day has passed. Write the first day they can come, today or later, or leave it empty."
    written = {"2020-01-01": "2020-01-01", "7.12.2026": "2026-12-07"}.get(day)
    assert (len(people), faults) == ((3, []) if good else (0, [f"Row 4, First day “{written}”: {told}"]))


def test_the_same_file_is_good_when_its_first_days_have_passed_and_somebody_new_stands_in_it(
    booking: EmployerBooking, settings: LazySettings
) -> None:
    handed_in = read_group(io.BytesIO((HEADER + ROWS).encode()), booking=booking, defaults=DEFAULTS)
    add_people(booking=booking, people=handed_in.people)
    at_instant(settings, dt.datetime(2026, 12, 15, 9, tzinfo=dt.UTC))
    later = read_group(io.BytesIO((HEADER + ROWS + "Cy Dahl;;;;;;;;\r\n").encode()), booking=booking, defaults=DEFAULTS)
    assert later.problems == []
    added = add_people(booking=booking, people=later.people)
    assert ([one.name for one in added.new], added.changed, len(added.unchanged)) == (["Cy Dahl"], [], 2)


def test_a_day_that_has_passed_is_refused_of_who_is_new_and_where_it_is_another_day(
    booking: EmployerBooking, settings: LazySettings
) -> None:
    add_people(booking=booking, people=read_group(io.BytesIO((HEADER + ROWS).encode()), booking=booking, defaults=DEFAULTS).people)
    at_instant(settings, dt.datetime(2026, 12, 15, 9, tzinfo=dt.UTC))
    _people, faults = read(booking, HEADER + ROWS.replace("2026-12-14", "11-12-2026") + "Cy Dahl;;;;14.12.26;;;;\r\n")
    told = "This day has passed. Write the first day they can come, today or later, or leave it empty."
    assert faults == [f"Row 2, First day “2026-12-11”: {told}", f"Row 4, First day “2026-12-14”: {told}"]


def test_excel_is_read_with_its_own_dates_and_numbers(booking: EmployerBooking) -> None:
    lines = [line.split(";") for line in (HEADER + ROWS).split("\r\n") if line]
    assert read(booking, as_xlsx(lines, "people")) == (READ, [])


@pytest.mark.parametrize("language", ["en", "da"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_books_nobody_until_somebody_is_written_in_it_and_its_example_can_be(
    booking: EmployerBooking, language: str, form: str
) -> None:
    with translation.override(language):
        lines = template_lines(booking.house)
        [titles, example] = zip(*example_row(booking.house), strict=True)
    assert lines == [list(titles)]
    lines_read = []
    for written in (lines, [*lines, example]):
        file = as_csv(written) if form == "csv" else as_xlsx(written, "people")
        lines_read.append(read_group(io.BytesIO(file), booking=booking, defaults=DEFAULTS))
    empty, found = lines_read
    assert (empty.people, [str(problem) for problem in empty.problems]) == (
        [],
        ["The file has a header and no people. Write one person in each row."],
    )
    assert (found.problems, found.notices) == ([], [])
    [anna] = found.people
    assert (anna.name, anna.citizenship, anna.stay_months, anna.municipality, anna.adults, anna.children, anna.needed) == (
        "Anna Nowak",
        "POL",
        24,
        "851",
        2,
        1,
        True,
    )


@pytest.mark.parametrize("name", ["Ålborg", "aalborg kommune", "ÅLBORG Kommune", "A\u030alborg", "0851"])
def test_a_municipality_is_known_with_either_spelling_of_the_letter(booking: EmployerBooking, name: str) -> None:
    lines = f"Name;Citizenship;Municipality\r\nAnna Nowak;Poland;{name}\r\n".encode()
    found = read_group(io.BytesIO(lines), booking=booking, defaults={**DEFAULTS, "municipality": ""})
    assert ([one.municipality for one in found.people], found.problems) == (["851"], [])


def test_every_fault_is_told_at_once_with_row_column_and_what_to_do(booking: EmployerBooking) -> None:
    people, faults = read(
        booking,
        HEADER
        + "Anna;anna;Atlantis;sail;soon;0;x;klingon;1\r\n"
        + ";bo@example.org;;;;;;;2\r\n"
        + "Cy;cy@example.org;;;;;;;1\r\n"
        + "Di;CY@example.org;;;;;;;3\r\n"
        + "Ed;ed;;;2020-01-01;3;y;;\r\n",
    )
    assert people == []
    assert [fault.split(":")[0] for fault in faults] == [
        "Row 2, E-mail “anna”",
        "Row 2, Citizenship “Atlantis”",
        "Row 2, Purpose “sail”",
        "Row 2, First day “soon”",
        "Row 2, Adults “0”",
        "Row 2, Children “x”",
        "Row 2, Language “klingon”",
        "Row 3, Name",
        "Row 4, Own number “1”",
        "Row 5, E-mail “cy@example.org”",
        "Row 6, E-mail “ed”",
        "Row 6, First day “2020-01-01”",
        "Row 6, Children “y”",
    ]


def test_a_wrong_address_and_a_number_that_stands_twice_are_named(booking: EmployerBooking) -> None:
    _people, faults = read(booking, HEADER + "Anna;anna;;;;;;;1\r\nCy;;;;;;;;1\r\nDi;;;;;;;;1\r\n")
    assert [fault.split(":")[0] for fault in faults] == [
        "Row 2, E-mail “anna”",
        "Row 3, Own number “1”",
        "Row 4, Own number “1”",
    ]


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0 old", b"\x00\x01\x02", b"What;Ever\r\n1;2\r\n", HEADER.encode()]
)
def test_a_file_that_is_none_is_refused_in_words(booking: EmployerBooking, content: bytes) -> None:
    people, faults = read(booking, content)
    assert (people, len(faults)) == ([], 1)


def test_faults_are_told_in_the_language_of_the_page(booking: EmployerBooking) -> None:
    with translation.override("da"):
        _people, [fault] = read(booking, HEADER + "Anna;;Atlantis;;;;;;\r\n")
    assert fault.startswith("Række 2, Statsborgerskab “Atlantis”: ")


NAMED = {
    "en": ("work, study, job-seeking, family, self-employed", "Arabic, Danish, English"),
    "da": ("arbejde, studie, søge arbejde, familie, selvstændig", "arabisk, dansk, engelsk"),
}


@pytest.mark.parametrize("language", ["en", "da"])
def test_the_words_that_can_be_written_are_named_in_the_language_of_the_page(booking: EmployerBooking, language: str) -> None:
    Desk.objects.filter(house=booking.house).update(languages=["da", "en", "ar"])
    with translation.override(language):
        _people, [purpose, spoken] = read(booking, HEADER + "Anna;;;sail;;;;klingon;\r\n")
        written = [[word.strip() for word in fault.rpartition(": ")[2].removesuffix(".").split(",")] for fault in (purpose, spoken)]
        good = [f"Anna {number};;;{word};;;;;\r\n" for number, word in enumerate(written[0])]
        good += [f"Bo {number};;;;;;;{word};\r\n" for number, word in enumerate(written[1])]
        people, faults = read(booking, HEADER + "".join(good))
    assert tuple(", ".join(words) for words in written) == NAMED[language]
    assert ([one[2] for one in people[:5]], [one[5] for one in people[5:]], faults) == (list(Purpose), ["ar", "da", "en"], [])


def test_more_than_fifty_are_refused_before_they_are_many(booking: EmployerBooking) -> None:
    text = HEADER + "".join(f"Person {number};;;;;;;;{number}\r\n" for number in range(1, 60_000))
    _people, [fault] = read(booking, text)
    assert "50" in fault


def test_the_contacts_own_address_is_no_address_of_an_employee(booking: EmployerBooking) -> None:
    found = read_group(io.BytesIO((HEADER + "Anna;HR@nordvaerk.example;;;;;;;\r\n").encode()), booking=booking, defaults=DEFAULTS)
    assert [one.email for one in found.people] == [""]


def test_what_is_taken_out_holds_times_and_no_formula(booking: EmployerBooking) -> None:
    house = booking.house
    other = group(house, "=1+1", emails=False, company="Other", email="other@example.org")
    lines = list(export_lines(booked(other), {"booked": "Booked"}))
    [_header, line] = list(csv.reader(io.StringIO(as_csv(lines).decode("utf-8-sig")), delimiter=";"))
    assert (line[0], line[3:8]) == ("'=1+1", ["Booked", "2026-12-15", "09:00", "09:15", "1"])
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx(lines, "group"))).active
    assert sheet["A2"].value == "=1+1"
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize(("language", "day"), [("da", "d.m.yyyy"), ("en", "d mmm yyyy")])
def test_days_and_times_of_the_list_for_excel_can_be_sorted_and_read_as_on_the_page(
    booking: EmployerBooking, language: str, day: str
) -> None:
    other = group(booking.house, "Anna Nowak", company="Other", email="other@example.org")
    with translation.override(language):
        content = as_xlsx(list(export_lines(booked(other), {"booked": "Booked"})), "group")
    cells = openpyxl.load_workbook(io.BytesIO(content)).active[2][4:7]
    assert [cell.value for cell in cells] == [dt.datetime(2026, 12, 15), dt.time(9), dt.time(9, 15)]  # noqa: DTZ001
    assert [cell.number_format for cell in cells] == [day, 'h"."mm', 'h"."mm']
