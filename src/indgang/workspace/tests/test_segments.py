"""The page of lists: filter, keep, take out; for whom, and in how many queries."""

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
from indgang.foundation.journal.models import Entry
from indgang.operations.reception.tests.staff_day import at_instant, logged_in
from indgang.registers.parties.models import Company, Consent, Segment
from indgang.registers.parties.tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/companies/lists/"
HUB, OFFICE = "erhvervshus-nordjylland", "erhvervskontor-aalborg"


@pytest.fixture
def companies(settings: LazySettings) -> list[Company]:
    """Two in Aalborg, one on Læsø; one of them wants letters."""
    at_instant(settings, dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC))
    made = [
        factories.company("Bryggen ApS", cvr="30000005", code="851", employees=7),
        factories.company("Havnen A/S", cvr="30000013", code="851", advertising_protected=True),
        factories.company("Klitten I/S", cvr="30000021", code="825"),
    ]
    Consent.objects.create(company=made[0], organisation=factories.organisation(HUB), kind="marketing")
    return made


def browser(role: str = Role.CONSULTANT, of: str = HUB, language: str = "en") -> Client:
    user = factories.colleague(role, of).user
    assert user
    return logged_in(user, language)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_a_filter_finds_those_who_have_it_in_common(companies: list[Company]) -> None:
    nothing = text_of(browser().get(PAGE))
    assert "3 companies are in the register" in nothing
    assert "Bryggen" not in nothing
    found = text_of(browser().get(PAGE, {"municipalities": "851"}))
    assert "2 companies" in found
    assert ("Bryggen ApS" in found, "Klitten I/S" in found) == (True, False)
    assert "1 have given none to your organisation" in found


def test_in_danish(companies: list[Company]) -> None:
    found = text_of(browser(language="da").get(PAGE, {"sizes": "5-9"}))
    assert "1 virksomhed" in found
    assert "Bryggen ApS" in found


def test_a_list_is_kept_removed_and_brought_back(companies: list[Company]) -> None:
    client = browser()
    answer = client.post(f"{PAGE}?municipalities=851&served=never", {"name": "Aalborg, never served"}, follow=True)
    assert answer.redirect_chain == [(f"{PAGE}?municipalities=851&served=never", 302)]
    assert "is kept for everybody in your organisation" in text_of(answer)
    segment = Segment.objects.get()
    assert segment.criteria == {"municipalities": ["851"], "served": "never"}
    assert "Aalborg, never served" in text_of(browser(Role.READER).get(PAGE))
    assert "Aalborg, never served" not in text_of(browser(of=OFFICE).get(PAGE))
    assert "is removed" in text_of(client.post(f"{PAGE}{segment.pk}/remove/", follow=True))
    assert "Aalborg, never served" not in text_of(client.get(PAGE))
    assert "is back" in text_of(client.post(f"{PAGE}{segment.pk}/bring-back/", follow=True))
    assert [browser(of=OFFICE).post(f"{PAGE}{segment.pk}/remove/").status_code, Segment.objects.get().removed_at] == [404, None]


def test_without_a_name_nothing_is_kept_and_the_page_says_so(companies: list[Company]) -> None:
    answer = browser().post(f"{PAGE}?municipalities=851", {"name": " "})
    assert "Give the list a name." in text_of(answer)
    assert not Segment.objects.exists()


def test_the_files_have_the_columns_of_the_import(companies: list[Company]) -> None:
    client = browser()
    everybody = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}file/csv/?municipalities=851").content.decode("utf-8-sig"))))
    assert [(row["cvr"], row["name"], row["municipality"], row["employees"]) for row in everybody] == [
        ("30000005", "Bryggen ApS", "851", "7"),
        ("30000013", "Havnen A/S", "851", ""),
    ]
    book = load_workbook(io.BytesIO(client.get(f"{PAGE}file/xlsx/?municipalities=851&whom=marketing").content))
    assert [row[1] for row in book.worksheets[0].iter_rows(values_only=True)] == ["name", "Bryggen ApS"]
    assert [entry.after["marketing"] for entry in Entry.objects.filter(verb="companies.exported").order_by("id")] == [False, True]
    assert client.get(f"{PAGE}file/pdf/").status_code == 404


def test_a_reader_takes_nothing_out_and_others_find_nothing(companies: list[Company]) -> None:
    assert [browser(Role.READER).get(PAGE).status_code, browser(Role.READER).get(f"{PAGE}file/csv/").status_code] == [200, 404]
    assert [browser(Role.CLERK).get(address).status_code for address in (PAGE, f"{PAGE}file/csv/")] == [404, 404]


def test_what_cannot_be_read_is_said(companies: list[Company]) -> None:
    assert "Write digits, such as 62 or 62.01." in text_of(browser().get(PAGE, {"industry": "bread"}))


def test_the_number_of_queries_does_not_grow(companies: list[Company], django_assert_max_num_queries: Any) -> None:
    client = browser()
    client.get(PAGE, {"municipalities": "851"})
    for number in range(30):
        factories.company(f"More {number}", code="851")
    with django_assert_max_num_queries(14):
        client.get(PAGE, {"municipalities": "851"})
