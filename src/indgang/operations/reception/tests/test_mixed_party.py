"""A party of different countries: everybody learns which papers and which reason are theirs, and the staff sees who is from where."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import staff
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import floor
from indgang.operations.reception.models import Journey, RuleSet, Visit
from indgang.operations.reception.queries.arrivals import arrival
from indgang.operations.reception.rules.journeys import Traveller
from indgang.operations.reception.steps import steps_of
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.newcomer_day import ALONE, newcomer, plan_of, text_of
from indgang.operations.reception.tests.staff_day import at, clerk, floorwalker, party

pytestmark = pytest.mark.django_db

SIRI = "/desks/aalborg/siri-1/"
MIXED = {**ALONE, "citizenship": "DEU", "adults": "2", "children": "1", "differ": "on", "adult2": "IND", "adult2_purpose": "", "child1": ""}
UNIFORM = {**ALONE, "citizenship": "DEU", "adults": "2", "children": "1"}
WORKER = Traveller("DEU", child=False, purpose="work")
FAMILY = [WORKER, Traveller("IND", child=False, purpose=""), Traveller("DEU", child=True, purpose="")]
GERMANS = [WORKER, Traveller("DEU", child=False, purpose=""), Traveller("DEU", child=True, purpose="")]
PLAIN = ("Passport or identity card", "Employment contract")
NAMES = ("Anna Berg", "Yota Rao", "Emil Berg")
APART = (
    "Passport or identity card: for Anna Berg and Emil Berg",
    "Employment contract: for Anna Berg and Emil Berg",
    "Passport: for Yota Rao",
)
MEMBERS = ("Anna Berg Germany · Work", "Yota Rao India · Join family", "Emil Berg Germany · Join family · child")


def rules() -> dict[str, Any]:
    """The small house's rules, and one more: family from another country needs another paper, for another reason."""
    changed = deepcopy(factories.RULES)
    changed["documents"]["passport-only"] = {"da": "Pas", "en": "Passport"}
    step = {
        "service": "siri-residence",
        "when": {"groups": ["other"], "purposes": ["family"], "stay_at_least": 3},
        "bring": ["passport-only"],
        "why_da": "Du søger opholdskort som familie.",
        "why_en": "You apply for a residence card as family.",
    }
    changed["steps"].insert(0, step)
    return changed


@pytest.fixture(autouse=True)
def house(settings: LazySettings) -> House:
    at(settings, 8)
    house = factories.small_house()
    RuleSet.objects.update(content=rules())
    return house


def family(house: House, people: list[Traveller] = FAMILY, **more: Any) -> Journey:
    """Anna Berg from Germany and two more, booked for the day."""
    return party(house, names=NAMES, travellers=people, **more)


def at_siri(journey: Journey) -> Visit:
    return journey.visits.get(service__key="siri-residence")


def desk_of(journey: Journey, language: str = "en") -> Any:
    """The desk page of SIRI with the party called to it."""
    floor.check_in_journey(actor=staff(factories.member("floorwalker", "ihnd")), journey=journey)
    client = clerk()
    client.post(f"{SIRI}call/{at_siri(journey).pk}/")
    return client.get(SIRI, headers={"Accept-Language": language})


def test_the_plan_says_for_whom_a_paper_is_where_not_everybody_brings_it() -> None:
    text = text_of(plan_of(newcomer(), MIXED))
    for words in (
        "Passport: for adult 2 EU residence document ",
        "Passport or identity card EU residence document, Register your address (CPR) and MitID",
        "Employment contract: for you and child 1 EU residence document and Tax card",
        "Proof of your address Register your address (CPR)",
    ):
        assert words in text
    danish = text_of(plan_of(newcomer("da"), MIXED))
    assert "Pas: for voksen 2" in danish
    assert "Ansættelseskontrakt: for dig og barn 1" in danish


@pytest.mark.parametrize("answers", [ALONE, UNIFORM, {**ALONE, "citizenship": "IND"}])
def test_the_plan_of_people_who_bring_the_same_names_nobody(answers: dict[str, str]) -> None:
    body = text_of(plan_of(newcomer(), answers))
    assert ": for " not in body[body.index("What to bring") : body.index("Your answers")]


def test_the_confirmation_and_its_calendar_say_whose_each_paper_is(house: House) -> None:
    journey = family(house, email="anna@example.org")
    letter = Letter.objects.get(to="anna@example.org")
    for line in APART:
        assert f"    - {line}\n" in letter.text
    assert APART[2] in letter.calendar.replace("\r\n ", "").replace("\\,", ",")
    assert steps_of(journey, "da")[0].bring == (
        "Pas eller id-kort: for Anna Berg og Emil Berg",
        "Ansættelseskontrakt: for Anna Berg og Emil Berg",
        "Pas: for Yota Rao",
    )


def test_the_confirmation_of_people_who_bring_the_same_is_plain(house: House) -> None:
    assert steps_of(family(house, GERMANS), "en")[0].bring == PLAIN
    assert steps_of(family(house, [WORKER]), "en")[0].bring == PLAIN


def test_text_that_is_no_name_is_not_carried_into_a_letter(house: House) -> None:
    journey = family(house)
    person = journey.travellers.get(position=1).person
    person.name = "Win at www.example.org"
    person.save()
    journey = Journey.objects.get(pk=journey.pk)
    assert steps_of(journey, "en")[0].bring[2] == "Passport: for adult 2"
    assert steps_of(journey, "da")[0].bring[2] == "Pas: for voksen 2"


def test_a_step_for_one_of_them_asks_for_that_persons_papers_only(house: House) -> None:
    journey = family(house)
    Visit.objects.filter(pk=at_siri(journey).pk).update(travellers=[1])
    assert steps_of(journey, "en")[0].bring == ("Passport",)
    shown = arrival(journey.reference)
    assert shown is not None
    assert shown.steps[0].bring == ("Passport",)


def test_my_arrival_says_whose_each_paper_and_each_reason_is(house: House) -> None:
    journey = family(house)
    shown = arrival(journey.reference)
    assert shown is not None
    assert shown.steps[0].bring == APART
    assert shown.steps[0].why.splitlines() == [
        "For Anna Berg and Emil Berg: You need a residence document.",
        "For Yota Rao: You apply for a residence card as family.",
    ]
    assert [step.why for step in shown.steps[1:]] == [""] * 3


@pytest.mark.parametrize("people", [GERMANS, [WORKER]])
def test_my_arrival_of_people_who_need_the_same_is_plain(house: House, people: list[Traveller]) -> None:
    shown = arrival(family(house, people).reference)
    assert shown is not None
    assert shown.steps[0].bring == PLAIN
    assert {step.why for step in shown.steps} == {""}


def test_the_desk_shows_each_with_country_and_reason_and_whose_the_papers_are(house: House) -> None:
    page = desk_of(family(house))
    assert tuple(f"{member.name} {member.facts}" for member in page.context["members"]) == MEMBERS
    assert tuple(page.context["bring"]) == APART
    for words in MEMBERS:
        assert words in text_of(page)
    danish = text_of(clerk().get(SIRI, headers={"Accept-Language": "da"}))
    assert "Yota Rao Indien · " in danish
    assert "Pas: for Yota Rao" in danish


def test_a_step_for_one_of_a_mixed_party_shows_that_person(house: House) -> None:
    journey = family(house)
    Visit.objects.filter(pk=at_siri(journey).pk).update(travellers=[1], people=1)
    assert [member.facts for member in desk_of(journey).context["members"]] == ["India · Join family"]


def test_the_desk_is_plain_for_people_of_one_country(house: House) -> None:
    page = desk_of(family(house, GERMANS))
    assert (page.context["members"], page.context["bring"]) == ([], list(PLAIN))
    assert "Germany" not in text_of(page)


def test_the_journey_page_shows_each_of_a_mixed_party(house: House) -> None:
    journey = family(house)
    text = text_of(floorwalker().get(f"/journeys/{journey.reference}/"))
    for words in MEMBERS:
        assert words in text
    assert "Why they come" not in text
    danish = text_of(floorwalker().get(f"/journeys/{journey.reference}/", headers={"Accept-Language": "da"}))
    assert "Tyskland · Arbejde" in danish


def test_the_journey_page_of_people_of_one_country_says_it_once(house: House) -> None:
    text = text_of(floorwalker().get(f"/journeys/{family(house, GERMANS).reference}/"))
    assert "Citizenship Germany Why they come Work" in text
    assert text.count("Germany") == 1


def test_somebody_with_a_reason_of_their_own_is_told_apart(house: House) -> None:
    people = [WORKER, Traveller("DEU", child=False, purpose="study")]
    text = text_of(floorwalker().get(f"/journeys/{family(house, people).reference}/"))
    assert "Germany · Work" in text
    assert "Germany · Study" in text
