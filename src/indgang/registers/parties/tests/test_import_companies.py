"""A table of companies: what it says stands, said once or again; what is wrong with it is told, and then nothing is written."""

from __future__ import annotations

import datetime as dt
import tracemalloc
from pathlib import Path

import pytest
from django.conf import LazySettings

from indgang.foundation.database.console import Refused
from indgang.foundation.files.actions import MAX_BYTES, store_file
from indgang.foundation.imports.actions import preview_import
from indgang.foundation.imports.tests.factories import xlsx
from indgang.foundation.journal.models import Entry
from indgang.registers.parties.import_companies import COMPANIES, CompaniesWork
from indgang.registers.parties.import_establishments import ESTABLISHMENTS
from indgang.registers.parties.models import Company, Establishment, Move
from indgang.registers.parties.queries.search import companies_found
from indgang.registers.parties.tests import factories
from indgang.registers.parties.tests.companies_table import (
    FJORD,
    HEADER,
    PAIR,
    VVS,
    apply,
    counts,
    done,
    exported,
    facts,
    refused,
    register,
)
from indgang.registers.parties.tests.factories import company, municipality

pytestmark = pytest.mark.django_db
UNKNOWN = "No municipality with this code is known."
WRONG_CVR = "This is not a CVR number: eight digits, of which the last checks the others."


@pytest.fixture(autouse=True)
def home(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    factories.region()


def test_what_a_table_says_stands_with_one_journal_entry_and_comes_out_as_it_went_in() -> None:
    done(PAIR)

    assert Entry.objects.values_list("verb", "after__created").get() == ("batch.imported", 2)
    assert exported().splitlines() == PAIR.replace(",", exported()[3]).splitlines()
    assert [one.name for one in companies_found("bageri havnegade")] == ["Fjordens Bageri ApS"]


def test_the_same_table_again_changes_nothing() -> None:
    done(PAIR)
    before = register()
    assert counts(PAIR) == (0, 0, 2)
    assert counts(exported()) == (0, 0, 2)
    assert register() == before


def test_danish_headers_windows_letters_and_what_spreadsheets_do_to_numbers() -> None:
    table = (
        "CVR-nr;Navn;Kommunekode;Branchekode;Brancheversion;Antal ansatte;Stiftet;Reklamebeskyttet;E-mail;Telefon;Adresse;Postnr;By\n"
        "DK-30 00 00 05;Ærøs Øl & Åse;0851;11100;2007;12,0;17/5-01;ja;post@øl.dk;98 11 22 33;Østergade 1;9000;Aalborg\n"
    )
    done(table.encode("cp1252"))
    facts_of = facts("30000005", *HEADER.strip().replace("municipality", "municipality__code").split(",")[1:])
    told = ("Ærøs Øl & Åse", "851", "011100", "DB07", 12, dt.date(2001, 5, 17), True, "post@øl.dk", "+4598112233", "Østergade 1")
    assert facts_of == (*told, "9000", "Aalborg")


def test_an_excel_file_with_numbers_where_there_are_codes() -> None:
    header = ("cvr", "name", "municipality", "industry_code", "industry_version", "phone", "founded", "postcode")
    done(xlsx(header, (30000005, "Fjord", 851, 11100.0, "DB25", 98112233, dt.date(2020, 2, 29), 9000)).getvalue())
    names = ("municipality__code", "industry_code", "phone", "founded", "postcode")
    assert facts("30000005", *names) == ("851", "011100", "+4598112233", dt.date(2020, 2, 29), "9000")


def test_a_broken_excel_file_is_refused_whole() -> None:
    content = xlsx(("cvr", "name"), ("30000005", "Fjord")).getvalue()
    message = "The Excel file is broken or protected by a password and cannot be read."
    assert refused(content[: len(content) // 2]) == [(0, "", "", message)]


def test_empty_cells_keep_what_is_known_and_columns_may_be_left_out() -> None:
    done(PAIR)
    assert counts("cvr,name,employees,city\n30000005,,15,\n30000013,,,\n") == (0, 1, 1)
    assert facts("30000005", "name", "employees", "city", "email") == ("Fjordens Bageri ApS", 15, "Aalborg", "post@fjord.example")


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("cvr", "30000006", WRONG_CVR),
        ("cvr", "3000000", WRONG_CVR),
        ("cvr", "03000000", WRONG_CVR),
        ("cvr", "Fjord", WRONG_CVR),
        ("cvr", "", "This must be filled in."),
        ("name", "", "This must be filled in: the company is not known yet."),
        ("postcode", "DK-9000 Aalborg", "This is longer than 10 characters."),
        ("municipality", "101", UNKNOWN),
        ("municipality", "Aalborg", "Write the municipality's code, such as 851 or 0851."),
        ("industry_code", "6201", "Write the industry code with six digits, such as 620100 or 62.01.00."),
        ("industry_code", "10712a", "Write the industry code with six digits, such as 620100 or 62.01.00."),
        ("industry_version", "", "Say of which version the code is (industry_version: DB07 or DB25)."),
        ("industry_version", "DB93", "Write one of: DB07, DB25."),
        ("employees", "-1", "Write a whole number from 0 to 1000000."),
        ("employees", "2.5", "Write a whole number from 0 to 1000000."),
        ("founded", "31.2.2020", "There is no such day."),
        ("advertising_protected", "perhaps", "Write yes or no."),
        ("email", "post.fjord.example", "This is not an e-mail address."),
    ],
)
def test_a_cell_is_refused_with_its_row_column_value_and_the_reason(column: str, value: str, message: str) -> None:
    names = HEADER.strip().split(",")
    cells = dict(zip(names, FJORD.strip().split(","), strict=True)) | {column: value}
    where = ("industry_code", "107120") if column == "industry_version" and not value else (column, value)

    assert refused(HEADER + VVS + ",".join(cells.values()) + "\n") == [(3, *where, message)]


def test_the_same_company_twice_names_both_rows() -> None:
    twice = [(4, "cvr", "30000005", "Row 2 and row 4 have the same cvr.")]
    assert refused(PAIR + FJORD.replace("30000005", "DK 30 00 00 05")) == [(4, "cvr", "30000005", twice[0][3])]


def test_all_faults_of_all_rows_are_told_in_one_go() -> None:
    table = "cvr,name,municipality,employees\n30000006,,101,many\n30000005,Fjord,999,2,surplus\n"
    assert refused(table) == [
        (2, "cvr", "30000006", WRONG_CVR),
        (2, "employees", "many", "Write a whole number from 0 to 1000000."),
        (2, "name", "", "This must be filled in: the company is not known yet."),
        (2, "municipality", "101", UNKNOWN),
        (3, "", "surplus", "The row has more cells than the header."),
        (3, "municipality", "999", UNKNOWN),
    ]


def test_a_table_that_moves_a_company_leaves_where_it_was_before(settings: LazySettings) -> None:
    settings.CLOCK_STARTS_AT = dt.datetime(2026, 12, 8, 9, tzinfo=dt.UTC)
    done(PAIR)
    done("cvr,municipality\n30000005,787\n30000013,825\n")
    known = Move.objects.values_list("company__cvr", "on", "municipality__code")
    assert list(known) == [("30000005", dt.date(2026, 12, 8), "851")]


def test_somebody_who_is_quicker_than_a_table_is_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    done(PAIR)
    write = CompaniesWork.update

    def late(work: CompaniesWork, rows: list[object]) -> None:
        Company.objects.filter(cvr="30000005").update(phone="+4598112299")
        write(work, rows)  # type: ignore[arg-type]

    monkeypatch.setattr(CompaniesWork, "update", late)
    with pytest.raises(Refused):
        apply("cvr,employees\n30000005,13\n")
    assert facts("30000005", "employees") == (12,)


def test_reading_a_thousand_rows_takes_as_many_queries_as_reading_two(django_assert_num_queries: object) -> None:
    done(PAIR)
    work = CompaniesWork(factories.operator())
    for keys in ([("30000005",)], [("30000005",), ("30000013",), *((str(number),) for number in range(1_000))]):
        with django_assert_num_queries(1):  # type: ignore[operator]
            work.existing(keys)


class Endless:
    """A file of two hundred megabytes that is nowhere."""

    def __init__(self) -> None:
        self.left = 200_000_000

    def read(self, size: int) -> bytes:
        """So many bytes of it, as long as there are any."""
        size = min(size, self.left)
        self.left -= size
        return b"x" * size


def test_two_hundred_megabytes_are_refused_without_being_read_into_memory() -> None:
    assert MAX_BYTES == 100_000_000
    tracemalloc.start()
    with pytest.raises(Refused, match=r"The file big.csv is too large. The limit is 100 MB."):
        store_file(actor=factories.operator(), name="big.csv", content=Endless())  # type: ignore[arg-type]
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


def test_a_preview_says_what_would_be_and_writes_nothing() -> None:
    done(PAIR)
    before = register()
    stream = xlsx(("cvr", "name", "employees"), ("30000005", None, 13), ("30000021", "New", None), ("30000013", "A.P. VVS", None))
    report = preview_import(actor=factories.colleague("leader", of="ihnd"), kind=COMPANIES, stream=stream)
    assert [(row.row, row.outcome, row.changes) for row in report.rows] == [
        (2, "update", {"employees": ("12", "13")}),
        (3, "create", {}),
        (4, "unchanged", {}),
    ]
    assert register() == before


PLACES = "p_number,cvr,name,municipality\n1000000001,30000005,Bageriet i Nibe,851\n1000000002,30000013,,825\n"


def test_establishments_come_in_and_out_and_belong_to_their_company() -> None:
    done(PAIR)
    done(PLACES, ESTABLISHMENTS)
    assert counts(PLACES, ESTABLISHMENTS) == (0, 0, 2)
    assert exported(ESTABLISHMENTS).splitlines() == PLACES.replace(",", exported()[3]).splitlines()
    assert counts("P-nummer;Navn;Kommunekode\n1000000002;På havnen;0787\n".encode("cp1252"), ESTABLISHMENTS) == (0, 1, 0)
    last = Establishment.objects.values_list("company__cvr", "name", "municipality__code").get(p_number="1000000002")
    assert last == ("30000013", "På havnen", "787")
    assert [one.cvr for one in companies_found("1000000001")] == ["30000005"]


def test_every_fault_of_a_table_of_establishments() -> None:
    done(PAIR)
    table = "p_number,cvr,municipality\n123,30000005,851\n1000000001,,851\n1000000002,30000021,101\n"
    table += "1000000003,30000006,851\n1000000003,30000005,\n"
    nobody = "No company with this CVR number is known. Import the companies first."
    assert refused(table, ESTABLISHMENTS) == [
        (2, "p_number", "123", "This is not a P-number: ten digits."),
        (3, "cvr", "", "This must be filled in: the establishment is not known yet."),
        (4, "cvr", "30000021", nobody),
        (4, "municipality", "101", UNKNOWN),
        (5, "cvr", "30000006", WRONG_CVR),
        (6, "p_number", "1000000003", "Row 5 and row 6 have the same p_number."),
    ]


def test_a_company_that_was_about_to_start_is_not_in_a_table_of_numbers() -> None:
    company("About to start", None)
    assert exported().splitlines()[1:] == []
    assert municipality("851").code == "851"
