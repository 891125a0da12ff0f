"""Whoever writes down a company is shown the ones that it probably is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.identity.models import Role
from indgang.registers.parties.models import Company
from indgang.registers.parties.queries.probable import probable_doubles
from indgang.registers.parties.rules.alike import Agreement, agreement, names_alike, probably_same
from indgang.registers.parties.tests.factories import CVRS, colleague, company, municipality

pytestmark = pytest.mark.django_db
NAME = st.text("abdefghiklmnoprstuæøå ", max_size=30)
COLUMNS = ("cvr", "name", "phone", "email", "address", "postcode", "city", "municipality")
FACTS = st.fixed_dictionaries({name: st.sampled_from(["", "1", "2"]) for name in COLUMNS})


@given(NAME, NAME)
def test_alike_is_alike_both_ways(one: str, other: str) -> None:
    assert 0 <= names_alike(one, other) <= 1
    if one.strip():
        assert names_alike(one, one.upper()) == 1.0
    assert agreement(one, other) == agreement(other, one)


@given(FACTS, FACTS)
def test_two_numbers_are_two_companies_and_one_is_one(one: dict[str, str], other: dict[str, str]) -> None:
    if one["cvr"] and other["cvr"]:
        assert probably_same(one, other) == (one["cvr"] == other["cvr"])


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [("Ålborg", "aalborg", "agrees"), ("Nørre Alle 1", "Nørre Alle 1", "agrees"), ("", "x", "unknown"), ("a", "b", "differs")],
)
def test_what_agrees_however_it_is_written(one: str, other: str, said: str) -> None:
    assert agreement(one, other) == Agreement(said)


@pytest.fixture
def bakery() -> Company:
    """One of several."""
    company("Nordjysk Tømrer A/S", CVRS[1], phone="+4598112255")
    company("Fjordens Bageri ApS", CVRS[2], code="787", postcode="7700", city="Thisted")
    return company("Fjordens Bageri ApS", CVRS[0], phone="+4598112233", email="post@fjord.example", postcode="9000", city="Aalborg")


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "Fjordens Bageri", "city": "Ålborg"},
        {"name": "fjordns bageri v/ Holm", "postcode": "9000"},
        {"name": "Bageriet Fjorden", "phone": "+4598112233"},
        {"name": "Fjordens Brødhus", "email": "POST@fjord.example"},
        {"name": "Whatever", "cvr": CVRS[0]},
    ],
)
def test_who_writes_it_down_again_is_shown_it(bakery: Company, facts: dict[str, Any]) -> None:
    assert probable_doubles(colleague(), facts) == [bakery]


@pytest.mark.parametrize(
    "facts",
    [
        {"name": "Fjordens Bageri", "cvr": CVRS[3], "city": "Aalborg"},
        {"name": "Havnens Fiskehus", "city": "Aalborg"},
        {"name": "Fjordens Bageri", "city": "Skagen"},
        {"name": ""},
    ],
)
def test_what_is_another_company_is_not_shown(bakery: Company, facts: dict[str, Any]) -> None:
    assert probable_doubles(colleague(), facts) == []


def test_a_municipality_tells_two_of_a_name_apart_and_the_same_is_shown_once(bakery: Company) -> None:
    company("Fjordens Bageri", None, same_as=bakery)
    found = probable_doubles(colleague(), {"name": "Fjordens Bageri", "municipality": municipality("851")})
    assert [one.same_as_id or one.pk for one in found] == [bakery.pk]


def test_who_may_not_see_companies_is_shown_none(bakery: Company) -> None:
    assert probable_doubles(colleague(Role.CLERK), {"name": "Fjordens Bageri", "city": "Aalborg"}) == []
