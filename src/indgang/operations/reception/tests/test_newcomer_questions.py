"""Plan my arrival: one question per page, whatever is answered."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.conf import LazySettings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.identifiers.countries import UnknownCountry, countries
from indgang.foundation.places.models import House
from indgang.operations.reception.forms.countries import country_code, country_names
from indgang.operations.reception.forms.interview import Interview
from indgang.operations.reception.rules.journeys import Traveller
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.newcomer_day import ALONE, FAMILY, everything, newcomer, text_of
from indgang.operations.reception.tests.staff_day import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings: LazySettings) -> House:
    at(settings, 8)
    return factories.small_house()


def ask(answers: dict[str, str], language: str = "en"):
    return newcomer(language).get(f"/arrive/?{urlencode(answers)}")


def next_question(answers: dict[str, str], **answer: str) -> tuple[str, dict[str, str]]:
    """Where an answer leads: the question's key ("plan" for the plan), and the answers in the address."""
    response = ask({**answers, **answer})
    assert response.status_code == 302, text_of(response)
    address = urlsplit(response["Location"])
    carried = {name: values[0] for name, values in parse_qs(address.query, keep_blank_values=True).items()}
    return ("plan" if address.path == "/arrive/plan" else carried.pop("q")), carried


def test_six_questions_lead_to_the_plan_and_nothing_is_stored() -> None:
    before = everything()
    asked, answers = ["citizenship"], {}
    for given_answer in (
        {"citizenship": "Polen"},
        {"purpose": "work"},
        {"stay": "24"},
        {"municipality": "851"},
        {"adults": "1", "children": "0"},
        {"date": "8.12.2026", "language": "en"},
    ):
        following, answers = next_question(answers, answered=asked[-1], **given_answer)
        asked.append(following)
    assert asked == ["citizenship", "purpose", "stay", "municipality", "family", "arrival", "plan"]
    assert answers == ALONE
    assert everything() == before


def test_the_first_page_asks_the_first_question_and_says_why() -> None:
    text = text_of(newcomer().get("/arrive/"))
    assert "question 1 of 6" in text
    assert "Which country are you a citizen of?" in text
    assert "decides which papers you need" in text


def test_those_who_come_along_are_asked_about_only_where_they_differ() -> None:
    so_far = {name: ALONE[name] for name in ("citizenship", "purpose", "stay", "municipality")}
    assert next_question(so_far, answered="family", adults="2", children="1")[0] == "arrival"
    assert next_question(so_far, answered="family", adults="2", children="1", differ="on")[0] == "people"
    assert next_question(so_far, answered="family", adults="1", children="0", differ="on")[0] == "arrival"


def test_back_loses_nothing_not_even_what_is_wrong() -> None:
    following, answers = next_question({"citizenship": "POL"}, answered="purpose", purpose="work", back="1")
    assert (following, answers) == ("citizenship", {"citizenship": "POL", "purpose": "work"})
    following, answers = next_question({"citizenship": "POL", "purpose": "work"}, answered="stay", back="1")
    assert (following, answers) == ("purpose", {"citizenship": "POL", "purpose": "work"})
    following, answers = next_question({"citizenship": "POL"}, answered="family", adults="4o", children="1", back="1")
    assert (following, answers["adults"]) == ("municipality", "4o")


def test_after_going_back_the_questions_come_in_order_again() -> None:
    so_far = {name: FAMILY[name] for name in FAMILY if name not in ("date", "language")}
    assert next_question(so_far, answered="purpose", purpose="study")[0] == "stay"
    assert next_question(so_far, answered="family")[0] == "people"


def test_a_changed_answer_keeps_the_others_and_leads_back_to_the_plan() -> None:
    assert next_question(ALONE, answered="stay", stay="2") == ("plan", {**ALONE, "stay": "2"})


def test_fewer_people_drop_what_was_said_about_the_others() -> None:
    following, answers = next_question(FAMILY, answered="family", adults="1", children="0", differ="")
    assert (following, answers) == ("plan", ALONE)


def test_all_answers_can_be_seen_and_changed() -> None:
    response = ask({**FAMILY, "q": "check"})
    text = text_of(response)
    for words in (
        "Poland",
        "Work",
        "More than a year",
        "Aalborg",
        "Adults: 2, children: 1",
        "Ukraine, Poland",
        "Tuesday 8 December, in English",
    ):
        assert words in text
    assert response.content.decode().count("Change<span") == 7


@pytest.mark.parametrize(
    ("key", "answer", "message"),
    [
        ("citizenship", {"citizenship": "Polnd"}, "We do not know the country “Polnd”. Did you mean Poland?"),
        ("citizenship", {"citizenship": "Q#!"}, "We do not know the country “Q#!”. Choose one from the list"),
        ("citizenship", {"citizenship": ""}, "Write a country"),
        ("citizenship", {}, "Write a country"),
        ("citizenship", {"citizenship": "a\0b"}, "We do not know the country"),
        ("purpose", {}, "Choose a reason"),
        ("purpose", {"purpose": "holiday"}, "Choose a reason"),
        ("stay", {}, "Choose how long"),
        ("municipality", {"municipality": "101"}, "We do not know municipality “101”"),
        ("municipality", {"municipality": ""}, "Choose a municipality"),
        ("family", {"adults": "", "children": ""}, "Write how many adults come"),
        ("family", {"adults": "0", "children": "2"}, "At least one adult must come"),
        ("family", {"adults": "two", "children": "0"}, "Write a number with digits"),
        ("family", {"adults": "1", "children": "-1"}, "Write 0 or more"),
        ("family", {"adults": "38", "children": "2"}, "at most 12 people at once. Call us on +4599820000"),
        ("family", {"adults": "9" * 90, "children": "2"}, "at most 12 people"),
        ("arrival", {"date": "2026-12-07", "language": "en"}, "This date has passed. Choose today or a later day."),
        ("arrival", {"date": "2028-12-07", "language": "en"}, "more than a year ahead"),
        ("arrival", {"date": "32.13.2026", "language": "en"}, "Write the date like 2026-12-08"),
        ("arrival", {"date": "", "language": "xx"}, "Choose a language from the list"),
    ],
)
def test_what_cannot_be_used_is_said_beside_the_field_and_kept(key: str, answer: dict[str, str], message: str) -> None:
    carried = {name: value for name, value in ALONE.items() if name not in ("date", "language", "adults", "children") and name != key}
    response = ask({**carried, "answered": key, **answer})
    body = response.content.decode()
    assert response.status_code == 200
    assert message in text_of(response)
    assert "form-error-message" in body
    assert "<title>Error: " in body
    for name, value in carried.items():
        assert f'type="hidden" name="{name}" value="{value}"' in body
    for value in answer.values():
        if value and "\0" not in value and key in ("citizenship", "family") and len(value) < 50:
            assert f'value="{value}"' in body


def test_a_family_of_forty_at_a_house_without_telephone_may_write(house: House) -> None:
    House.objects.update(phone="")
    response = ask({"answered": "family", "adults": "40", "children": "0"})
    assert "Write to us at house@example.org" in text_of(response)


def test_i_do_not_know_is_an_answer_to_every_question_where_that_may_be() -> None:
    assert next_question({}, answered="citizenship", citizenship="", not_known="1") == ("purpose", {"citizenship": "unknown"})
    answers = {**ALONE, "citizenship": "unknown", "purpose": "unknown", "stay": "unknown", "municipality": "unknown", "date": ""}
    assert ask({**answers, "q": "check"}).status_code == 200
    wish = Interview(factories.House.objects.get(), answers).request()
    assert (wish.travellers, wish.municipality, wish.stay_months) == ((Traveller("", False, ""),), "", None)
    assert wish.earliest.isoformat() == "2026-12-09"


def test_each_person_of_a_mixed_family_travels_with_their_own_citizenship_and_reason(house: House) -> None:
    answers = {**FAMILY, "adults": "3", "adult2_purpose": "study", "adult3": "Indien", "adult3_purpose": "", "child1": "unknown"}
    wish = Interview(house, answers).request()
    assert wish.travellers == (
        Traveller("POL", False, "work"),
        Traveller("UKR", False, "study"),
        Traveller("IND", False, ""),
        Traveller("", True, ""),
    )


def test_unknown_parameters_and_questions_are_ignored() -> None:
    response = ask({**ALONE, "q": "nothing", "answered": "nothing", "adult9": "X", "differ": "on"})
    assert response.status_code == 200
    assert 'name="adult9"' not in response.content.decode()


def test_the_languages_are_those_of_the_desks() -> None:
    body = ask({"q": "arrival"}).content.decode()
    assert [name for name in ("English", "Danish (Dansk)", "Polish (Polski)", "Ukrainian (Українська)", "German") if name in body] == [
        "English",
        "Danish (Dansk)",
        "Polish (Polski)",
        "Ukrainian (Українська)",
    ]


def test_the_page_speaks_danish_to_those_who_prefer_it() -> None:
    body = ask({"answered": "citizenship", "citizenship": "Holland"}, "da")
    assert body.status_code == 302
    shown = ask({"q": "citizenship", "citizenship": "NLD"}, "da").content.decode()
    assert '<html lang="da">' in shown
    assert 'value="Nederlandene"' in shown


def test_every_question_takes_few_queries(django_assert_max_num_queries) -> None:
    for key in ("citizenship", "purpose", "stay", "municipality", "family", "people", "arrival"):
        with django_assert_max_num_queries(5):
            assert ask({**FAMILY, "q": key}).status_code == 200


def test_only_looking_is_allowed() -> None:
    assert newcomer().post("/arrive/", ALONE).status_code == 405
    assert newcomer().post("/arrive/plan", ALONE).status_code == 405


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("poland", "POL"),
        ("  Polen ", "POL"),
        ("pol", "POL"),
        ("Cote d'Ivoire", "CIV"),
        ("UK", "GBR"),
        ("østrig", "AUT"),
        ("Türkiye", "TUR"),
        ("turkey", "TUR"),
    ],
)
def test_countries_are_found_by_any_of_their_names(text: str, code: str) -> None:
    assert country_code(text) == code


def test_every_country_can_be_chosen_by_its_name_in_both_languages() -> None:
    for language in ("da", "en"):
        assert {country_code(name) for name in country_names(language)} == {code for code, _name in countries(language)}


@given(st.text(max_size=30))
def test_any_text_is_a_country_or_refused(text: str) -> None:
    try:
        assert len(country_code(text)) == 3
    except UnknownCountry as unknown:
        assert unknown.args == (text,)


@pytest.mark.django_db
def test_the_region_travels_with_the_answers(client: Client) -> None:
    answer = client.get("/arrive/", {"region": "north-denmark", "answered": "citizenship", "citizenship": "POL"})
    assert answer.status_code == 302
    assert "region=north-denmark" in answer["Location"]
