"""North Denmark's journey rules: what each party is told to do."""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

import indgang.regions
from indgang.operations.reception.plan_words import why_in_words
from indgang.operations.reception.rules.journeys import Case, Needs, RuleTables, Traveller, needs_of, read_rules

EU, PERMIT, CPR, TAX, MITID, U2 = "siri-eu-residence", "siri-residence-permit", "cpr-registration", "tax-card", "mitid", "pd-u2"
AALBORG, THISTED, MORSOE, COPENHAGEN = "851", "787", "773", "101"


@cache
def rules(region: str = "north_denmark") -> RuleTables:
    folder = Path(indgang.regions.__file__).parent / region
    return read_rules(tomllib.loads((folder / "journeys.toml").read_text(encoding="utf-8")))


def adult(citizenship: str, purpose: str = "") -> Traveller:
    return Traveller(citizenship, child=False, purpose=purpose)


def child(citizenship: str) -> Traveller:
    return Traveller(citizenship, child=True, purpose="")


def needs(*travellers: Traveller, municipality: str = AALBORG, stay: int | None = 12, region: str = "north_denmark") -> Needs:
    return needs_of(Case(travellers, municipality, stay, dt.date(2026, 12, 8)), rules(region))


def who_needs(found: Needs) -> dict[str, tuple[int, ...]]:
    return {step.service: step.travellers for step in found.steps}


def told(found: Needs, words: str) -> bool:
    return any(words in note["en"] for note in found.notes)


@pytest.mark.parametrize(
    ("party", "facts", "expected"),
    [
        ([adult("SWE", "work")], {}, {CPR: (0,), TAX: (0,), MITID: (0,)}),
        ([adult("NOR", "work"), adult("SWE")], {}, {CPR: (0, 1), TAX: (0,), MITID: (0, 1)}),
        ([adult("SWE", "work")], {"stay": 2}, {TAX: (0,)}),
        ([adult("SWE", "study")], {"stay": 2}, {}),
        ([adult("DEU", "work")], {}, {EU: (0,), CPR: (0,), TAX: (0,), MITID: (0,)}),
        ([adult("CHE", "self-employed")], {"stay": 3}, {EU: (0,), CPR: (0,), TAX: (0,), MITID: (0,)}),
        ([adult("DEU", "work")], {"stay": 2}, {TAX: (0,)}),
        ([adult("DEU", "work")], {"stay": None}, {EU: (0,), CPR: (0,), TAX: (0,), MITID: (0,)}),
        ([adult("POL", "study")], {}, {EU: (0,), CPR: (0,), MITID: (0,)}),
        ([adult("ESP", "job-seeking")], {}, {EU: (0,), CPR: (0,), MITID: (0,), U2: (0,)}),
        ([adult("SWE", "job-seeking")], {"stay": 2}, {U2: (0,)}),
        ([adult("IND", "job-seeking")], {}, {PERMIT: (0,), CPR: (0,), MITID: (0,)}),
        ([adult("USA", "work")], {}, {PERMIT: (0,), CPR: (0,), TAX: (0,), MITID: (0,)}),
        ([adult("USA", "work")], {"stay": 2}, {PERMIT: (0,), TAX: (0,)}),
        ([adult("USA", "study")], {"stay": 2}, {}),
        ([adult("DNK", "work")], {}, {CPR: (0,), TAX: (0,), MITID: (0,)}),
        ([adult("", "")], {"municipality": "", "stay": None}, {CPR: (0,), TAX: (0,), MITID: (0,)}),
        # an EU worker's third-country family takes the EU family step; a third-country worker's takes the permit
        (
            [adult("POL", "work"), adult("UKR"), child("UKR"), child("POL")],
            {},
            {EU: (0, 1, 2, 3), CPR: (0, 1, 2, 3), TAX: (0,), MITID: (0, 1)},
        ),
        ([adult("NOR", "work"), adult("BRA"), child("BRA")], {}, {EU: (1, 2), CPR: (0, 1, 2), TAX: (0,), MITID: (0, 1)}),
        ([adult("USA", "work"), adult("USA"), child("USA")], {}, {PERMIT: (0, 1, 2), CPR: (0, 1, 2), TAX: (0,), MITID: (0, 1)}),
        ([adult("USA", "work"), adult("FRA")], {}, {EU: (1,), PERMIT: (0,), CPR: (0, 1), TAX: (0,), MITID: (0, 1)}),
        ([adult("DNK", "work"), adult("USA")], {}, {PERMIT: (1,), CPR: (0, 1), TAX: (0,), MITID: (0, 1)}),
        # the spouse writes, the worker comes along
        ([adult("UKR", "family"), adult("POL", "work")], {}, {EU: (0, 1), CPR: (0, 1), TAX: (1,), MITID: (0, 1)}),
        # a spouse with work of their own needs their own permit and tax card
        ([adult("POL", "work"), adult("UKR", "work")], {}, {EU: (0,), PERMIT: (1,), CPR: (0, 1), TAX: (0, 1), MITID: (0, 1)}),
        # CPR and MitID are elsewhere in three municipalities
        ([adult("USA", "work"), adult("USA"), child("USA")], {"municipality": THISTED}, {PERMIT: (0, 1, 2), TAX: (0,)}),
        ([adult("SWE", "work")], {"municipality": MORSOE}, {TAX: (0,)}),
        ([adult("SWE", "work")], {"municipality": COPENHAGEN}, {TAX: (0,)}),
    ],
)
def test_each_person_gets_their_own_steps(party: list[Traveller], facts: dict, expected: dict) -> None:
    assert who_needs(needs(*party, **facts)) == expected


def test_the_order_is_residence_then_cpr_then_the_rest() -> None:
    steps = {step.service: step for step in needs(adult("POL", "work"), adult("UKR", "work")).steps}
    assert {service: step.after for service, step in steps.items()} == {
        EU: frozenset(),
        PERMIT: frozenset(),
        CPR: {EU, PERMIT},
        TAX: {EU, PERMIT, CPR},
        MITID: {EU, PERMIT, CPR},
    }
    assert list(steps) == [EU, PERMIT, CPR, TAX, MITID]


def test_where_cpr_is_elsewhere_tax_still_waits_for_the_residence_step() -> None:
    found = needs(adult("DEU", "work"), municipality=THISTED)
    assert {step.service: step.after for step in found.steps} == {EU: frozenset(), TAX: {EU}}


@pytest.mark.parametrize(
    ("municipality", "who"),
    [
        ("773", "The citizen service of Morsø Municipality"),
        ("787", "The citizen service of Thisted Municipality"),
        ("820", "The citizen service of Vesthimmerland Municipality"),
        ("101", "The citizen service of your municipality"),
    ],
)
def test_who_registers_the_address_where_the_house_does_not(municipality: str, who: str) -> None:
    elsewhere = {errand.key: errand for errand in needs(adult("SWE", "work"), municipality=municipality).elsewhere}
    assert elsewhere["cpr"].who["en"] == who
    assert elsewhere.keys() == {"cpr", "mitid", "doctor", "nemkonto"}


def test_errands_for_adults_are_not_given_to_children() -> None:
    elsewhere = {errand.key: errand.travellers for errand in needs(adult("POL", "work"), child("POL")).elsewhere}
    assert elsewhere == {"apply-online": (0, 1), "doctor": (0, 1), "nemkonto": (0,)}


def test_a_short_stay_brings_no_errands() -> None:
    assert needs(adult("POL", "work"), stay=2).elsewhere == ()


def test_every_reason_and_every_paper_of_a_mixed_family_is_told_once() -> None:
    step = needs(adult("POL", "work"), adult("UKR"), child("UKR")).steps[0]
    assert [paper["en"] for paper in step.bring.values()] == [
        "Passport or national identity card",
        "Passport photo",
        "Employment contract or a declaration from the employer",
        "Passport",
        "Proof that you are family, for example marriage or birth certificate",
    ]
    assert [(reason.travellers, reason.text["en"].split(",")[0]) for reason in step.why] == [
        ((0,), "You need an EU residence document when you work here for three months or more. Apply within three months of your arrival"),
        ((1, 2), "When you come with a family member who is an EU or Nordic citizen"),
    ]
    with translation.override("en"):
        first, second = why_in_words(step.why, ["you", "adult 2", "child 1"]).splitlines()
    assert first.startswith("For you: You need an EU residence document when you work here")
    assert second.startswith("For adult 2 and child 1: When you come with a family member")


# What SIRI does for somebody, and how the plan says so in English and in Danish.
SIRI_WHYS = {
    "works": ("when you work here", "når du arbejder her"),
    "studies": ("when you study here", "når du studerer her"),
    "family": ("of your own, as family of an EU or Nordic citizen", "eget EU-opholdsdokument som familie til en EU-borger"),
    "family card": ("a residence card as a family member under the EU rules", "opholdskort som familiemedlem efter EU-reglerne"),
    "own ground": ("It rests on your own ground to be here", "Det bygger på din egen grund til at være her"),
    "either": ("as family, if the person you join is", "som familie, hvis den, du følger med, er"),
    "permit": ("need a residence permit", "skal have opholdstilladelse"),
}


@pytest.mark.parametrize("region", ["north_denmark", "midtjylland"])
@pytest.mark.parametrize(
    ("party", "expected"),
    [
        ([adult("POL", "work"), adult("POL"), child("POL")], ["works", "family", "family"]),
        ([adult("POL", "work"), adult("IND"), child("IND")], ["works", "family card", "family card"]),
        ([adult("IND", "work"), adult("POL")], ["permit", "own ground"]),
        ([adult("IND", "work"), adult("POL"), child("IND")], ["permit", "own ground", "permit"]),
        ([adult("IND", "work"), adult("IND"), child("IND")], ["permit", "permit", "permit"]),
        ([adult("IND", "work"), adult("SWE")], ["permit", ""]),
        ([adult("IND", "study"), adult("DEU", "work")], ["permit", "works"]),
        ([adult("SWE", "work"), adult("POL"), adult("IND")], ["", "family", "family card"]),
        ([adult("DNK", "work"), adult("POL")], ["", "own ground"]),
        ([adult("DNK", "work"), adult("IND")], ["", "permit"]),
        ([adult("POL", "study"), adult("DEU")], ["studies", "family"]),
        ([adult("POL", "family"), child("POL")], ["either", "family"]),
        ([adult("IND", "family"), adult("POL", "work")], ["family card", "works"]),
        ([adult("IND", "family")], ["permit"]),
    ],
)
def test_what_each_of_a_family_is_told_about_residence_is_true_for_them(party: list[Traveller], expected: list[str], region: str) -> None:
    siri = [step for step in needs(*party, municipality="", region=region).steps if step.service in (EU, PERMIT)]
    told_to = {position: reason.text for step in siri for reason in step.why for position in reason.travellers}
    for number, language in enumerate(("en", "da")):
        said = [told_to.get(position, {}).get(language, "") for position in range(len(party))]
        assert [", ".join(why for why, words in SIRI_WHYS.items() if words[number] in text) for text in said] == expected


def test_a_family_of_both_kinds_is_told_that_there_may_be_another_way() -> None:
    assert told(needs(adult("IND", "work"), adult("POL")), "apply for residence as family members instead of for a permit")
    assert not told(needs(adult("IND", "work"), adult("IND")), "apply for residence as family members")
    assert told(needs(adult("DNK", "work"), adult("IND")), "decided by the Danish Immigration Service")


def test_what_is_not_known_is_said() -> None:
    found = needs(adult("", ""), municipality="", stay=None)
    for words in (
        "told us your citizenship",
        "how long you stay",
        "Morsø, Thisted or Vesthimmerland",
        "why you come",
        "information package",
    ):
        assert told(found, words), words
    known = needs(adult("POL", "work"))
    assert len(known.notes) == 1
    assert told(known, "information package")


def test_students_and_third_country_job_seekers_are_told_what_applies_to_them() -> None:
    assert told(needs(adult("POL", "study")), "also beside your studies")
    assert told(needs(adult("IND", "job-seeking")), "cannot bring unemployment benefit")
    assert told(needs(adult("IND", "family")), "apply under the EU rules instead")
    assert told(needs(adult("IND", "study"), stay=2), "Ask SIRI before you travel")
    assert told(needs(adult("SWE", "study"), stay=2), "neither a residence document nor a CPR number")


def test_people_who_come_along_are_family_and_fellow_citizens_unless_they_say_otherwise() -> None:
    assert needs(adult("POL", "work"), adult("")) == needs(adult("POL", "work"), adult("POL", "family"))


def test_midtjylland_has_rules_of_its_own() -> None:
    assert list(who_needs(needs(adult("POL", "work"), child("POL"), municipality="751", region="midtjylland"))) == [EU, CPR, TAX]
    elsewhere = {errand.key for errand in needs(adult("POL", "work"), municipality="791", region="midtjylland").elsewhere}
    assert elsewhere >= {"cpr", "mitid"}


travellers = st.builds(
    Traveller,
    citizenship=st.sampled_from(["", "DNK", "SWE", "POL", "CHE", "USA", "UKR", "SYR", "XKX"]),
    child=st.booleans(),
    purpose=st.sampled_from(["", "work", "study", "job-seeking", "family", "self-employed"]),
)
cases = st.builds(
    Case,
    travellers=st.lists(travellers, min_size=1, max_size=6).map(tuple),
    municipality=st.sampled_from(["", "773", "787", "810", "820", "851", "101"]),
    stay_months=st.none() | st.integers(0, 60),
    on=st.just(dt.date(2026, 12, 8)),
)


@given(cases, st.sampled_from(["north_denmark", "midtjylland"]))
def test_every_case_gives_a_plan_that_can_be_done(case: Case, region: str) -> None:
    found = needs_of(case, rules(region))
    done: set[str] = set()
    everyone = set(range(len(case.travellers)))
    for step in found.steps:
        assert step.service not in done
        assert step.after <= done, "whatever comes first stands first"
        assert step.travellers and set(step.travellers) <= everyone
        assert all(one < other for one, other in pairwise(step.travellers))
        done.add(step.service)
    assert len({errand.key for errand in found.elsewhere}) == len(found.elsewhere)
    for one in [*found.steps, *found.elsewhere]:
        assert sorted(position for reason in one.why for position in reason.travellers) == list(one.travellers)
    reasons = [reason.text for one in [*found.steps, *found.elsewhere] for reason in one.why]
    for texts in [*reasons, *(paper for step in found.steps for paper in step.bring.values()), *found.notes]:
        assert texts["da"].strip() and texts["en"].strip()
    assert found.notes or found.steps


@given(cases)
def test_nobody_is_sent_to_both_residence_steps_and_children_get_no_adult_steps(case: Case) -> None:
    found = who_needs(needs_of(case, rules()))
    assert set(found.get(EU, ())).isdisjoint(found.get(PERMIT, ()))
    children = {position for position, one in enumerate(case.travellers) if one.child}
    for service in (MITID, TAX, U2):
        assert children.isdisjoint(found.get(service, ()))
    assert not (CPR in found and any(errand.key == "cpr" for errand in needs_of(case, rules()).elsewhere))


@given(cases)
def test_long_stays_are_registered_somewhere(case: Case) -> None:
    found = needs_of(case, rules())
    registered = [*found.steps, *(errand for errand in found.elsewhere if errand.key == "cpr")]
    people = {position for one in registered if getattr(one, "service", "cpr") in (CPR, "cpr") for position in one.travellers}
    long = case.stay_months is None or case.stay_months >= 3
    assert people == (set(range(len(case.travellers))) if long else set())
