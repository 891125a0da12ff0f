"""A company that people wrote down, and then a table brings: the register knows better, and nothing that was written is lost unseen."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile

from indgang.foundation.identity.models import Role
from indgang.foundation.identity.tests.factories import logged_in
from indgang.foundation.imports.actions import Undone, preview_import, undo_batch
from indgang.foundation.imports.models import BatchRow
from indgang.foundation.imports.reports import Problem
from indgang.registers.parties.actions.companies import change_company, create_company
from indgang.registers.parties.import_companies import COMPANIES
from indgang.registers.parties.models import Company
from indgang.registers.parties.retention import forget_companies
from indgang.registers.parties.tests import factories
from indgang.registers.parties.tests.companies_table import FJORD, HEADER, PAIR, apply, done, facts, register
from indgang.registers.parties.tests.factories import colleague, operator

pytestmark = pytest.mark.django_db
TYPED = {"name": "Fjord Bageri", "municipality": "787", "employees": 12, "phone": "98 11 22 44", "city": "Aalborg"}
GIVES_WAY = [
    Problem(2, "name", "Fjordens Bageri ApS", "People here had written “Fjord Bageri”. The table’s word is taken."),
    Problem(2, "municipality", "851", "People here had written “787”. The table’s word is taken."),
    Problem(2, "phone", "+4598112233", "People here had written “+4598112244”. The table’s word is taken."),
]


@pytest.fixture(autouse=True)
def home(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    factories.region()


def written_down(**facts: Any) -> Company:
    return create_company(actor=colleague(), cvr="30000005", **{**TYPED, **facts})


def test_the_preview_names_what_people_wrote_and_the_table_has_otherwise() -> None:
    written_down()
    before = register()
    report = preview_import(actor=operator(), kind=COMPANIES, stream=io.BytesIO(PAIR.encode()))
    assert (report.replaced, report.kept, report.updated) == (GIVES_WAY, [], 1)
    assert register() == before


def test_the_register_knows_better_and_taking_the_table_back_leaves_exactly_what_was_written() -> None:
    written_down(founded=dt.date(2001, 5, 17))
    before = register()
    batch = done(PAIR)
    assert facts("30000005", "name", "employees", "phone", "municipality__code") == ("Fjordens Bageri ApS", 12, "+4598112233", "851")
    assert BatchRow.objects.get(record_id=str(Company.objects.get(cvr="30000005").pk)).replaced == ["name", "municipality", "phone"]

    assert undo_batch(actor=operator(), batch=batch) == Undone(removed=1, restored=1)
    assert register()[0] == before[0]
    assert apply(PAIR)[1].replaced == GIVES_WAY


def test_what_the_table_said_once_is_the_registers_and_what_people_change_then_stays() -> None:
    company = written_down()
    done(HEADER + FJORD)
    assert apply("cvr,name,phone\n30000005,Fjordens Konditori,98112255\n")[1].replaced == []

    change_company(actor=colleague(), company=company, phone="98 11 22 66")
    report = apply("cvr,phone\n30000005,98112277\n")[1]
    assert (report.replaced, [problem.column for problem in report.kept]) == ([], ["phone"])


def test_what_no_table_has_said_yet_is_named_when_the_first_one_does() -> None:
    written_down()
    assert [problem.column for problem in apply("cvr,name\n30000005,Fjordens Bageri ApS\n")[1].replaced] == ["name"]
    assert [problem.column for problem in apply("cvr,name,phone\n30000005,Fjordens Bageri ApS,98112233\n")[1].replaced] == ["phone"]


def test_an_empty_cell_and_the_same_again_replace_nothing() -> None:
    written_down()
    batch, report = apply("cvr,name,phone,employees\n30000005,Fjord Bageri,,12\n")
    assert (batch, report.replaced, report.unchanged) == (None, [], 1)


def test_a_company_that_got_its_number_later_is_told_of_likewise() -> None:
    company = create_company(actor=colleague(), **TYPED)
    change_company(actor=colleague(), company=company, cvr="30000005")
    assert apply(HEADER + FJORD)[1].replaced == GIVES_WAY


def test_the_pages_name_it_before_and_after_the_import() -> None:
    written_down()
    operator()
    leader = colleague(Role.LEADER, of="ihnd")
    assert leader.user is not None
    TOTP.activate(leader.user, generate_totp_secret())
    browser = logged_in(leader.user)
    sent = browser.post("/imports/", {"kind": "companies", "file": SimpleUploadedFile("table.csv", PAIR.encode())})
    address = sent.headers["Location"]
    words = "People here had written “+4598112244”."
    preview = browser.get(address).content.decode()
    assert ("What people had written, and gives way to the table" in preview, preview.count(words)) == (True, 1)

    page = browser.post(address, follow=True).content.decode()
    assert "3 cells of the table replaced what people had written here." in page
    assert ("What people had written, and gave way to the table" in page, page.count(words)) == (True, 1)


def test_what_was_written_is_forgotten_with_the_company() -> None:
    company = written_down()
    factories.company("Kajens Kro", "30000013")
    forget_companies(Company.objects.filter(pk=company.pk))
    assert not Company.objects.exclude(typed={}).exists()
