"""Results: shared with those the company agreed to, until it takes that back; leads with consent only; a paper; figures with evidence."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from indgang.foundation.access.actors import Actor, NotAllowed, system
from indgang.foundation.identity.models import Organisation, Role
from indgang.foundation.measures.declared import RegionScope
from indgang.foundation.places.models import Region
from indgang.operations.guidance.actions import screening_results as actions
from indgang.operations.guidance.actions.screening_answers import save_topic
from indgang.operations.guidance.actions.screenings import undo_hold, write_summary
from indgang.operations.guidance.errors import InvalidRequest, NotNow
from indgang.operations.guidance.models import Lead, ResultShare, Screening
from indgang.operations.guidance.queries.results import result_of
from indgang.operations.guidance.queries.screenings import coverage, results_visible_to, screenings_visible_to
from indgang.operations.guidance.screening_measures import SCREENING_MEASURES
from indgang.operations.guidance.screening_paper import paper_of
from indgang.operations.guidance.tests import factories, screening_day
from indgang.operations.guidance.tests.screening_day import HUB, OFFICE, OTHER_OFFICE, TODAY, held, planned
from indgang.registers.parties.actions.consents import withdraw_consent
from indgang.registers.parties.models import Company, Consent, ConsentKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(region: Region) -> Actor:
    """A consultant of Aalborg's business office."""
    screening_day.municipal(region)
    return screening_day.consultant(OFFICE)


@pytest.fixture
def visit(office: Actor, company: Company) -> Screening:
    """A visit that was held."""
    return held(office, company, co2_account="3", reuse_sorted="1")


def hub() -> Organisation:
    return Organisation.objects.get(key=HUB)


def readers(visit: Screening) -> list[str]:
    return [key for key in (OFFICE, HUB, OTHER_OFFICE) if visit in results_visible_to(screening_day.consultant(key))]


def test_a_result_is_seen_by_those_the_company_agreed_to_until_it_takes_that_back(office: Actor, visit: Screening) -> None:
    assert readers(visit) == [OFFICE]
    actions.share_result(actor=office, screening=visit, organisations=[hub()], how="Mette Holm, at the visit")
    actions.share_result(actor=office, screening=visit, organisations=[hub()], how="")
    assert ResultShare.objects.count() == 1
    assert readers(visit) == [OFFICE, HUB]
    assert not screenings_visible_to(screening_day.consultant(HUB)).exists()
    consent = Consent.objects.get()
    assert (consent.kind, consent.organisation.key, consent.how) == (ConsentKind.SHARING, OFFICE, "Mette Holm, at the visit")
    withdraw_consent(actor=office, consent=consent)
    assert readers(visit) == [OFFICE]


def test_consent_given_anew_opens_nothing_by_itself(office: Actor, visit: Screening) -> None:
    actions.share_result(actor=office, screening=visit, organisations=[hub()], how="Mette, at the visit")
    withdraw_consent(actor=office, consent=Consent.objects.get())
    actions.share_result(actor=office, screening=visit, organisations=[Organisation.objects.get(key=OTHER_OFFICE)], how="Mette, by phone")
    assert readers(visit) == [OFFICE, OTHER_OFFICE]


def test_taking_one_off_the_list_leaves_the_others(office: Actor, visit: Screening) -> None:
    other = Organisation.objects.get(key=OTHER_OFFICE)
    actions.share_result(actor=office, screening=visit, organisations=[hub(), other], how="Mette")
    actions.share_result(actor=office, screening=visit, organisations=[other], how="")
    assert readers(visit) == [OFFICE, OTHER_OFFICE]


def test_sharing_is_of_one_visit(office: Actor, visit: Screening, company: Company) -> None:
    later = held(office, company, TODAY - dt.timedelta(days=400), co2_account="2")
    actions.share_result(actor=office, screening=visit, organisations=[hub()], how="Mette")
    assert readers(later) == [OFFICE]


def test_nothing_is_shared_or_passed_on_without_consent(office: Actor, visit: Screening) -> None:
    with pytest.raises(InvalidRequest):
        actions.share_result(actor=office, screening=visit, organisations=[hub()], how="  ")
    with pytest.raises(InvalidRequest):
        actions.record_lead(actor=office, screening=visit, field="green-circular", text="CO2 account", to_organisation=hub())
    assert (ResultShare.objects.count(), Lead.objects.count(), Consent.objects.count()) == (0, 0, 0)


def test_a_lead_is_recorded_once_taken_back_and_brought_back(office: Actor, visit: Screening) -> None:
    said = {"field": "green-circular", "text": "CO2 account", "topic": "co2", "to_organisation": hub(), "how": "Mette"}
    first, second = (actions.record_lead(actor=office, screening=visit, **said) for _ in range(2))  # type: ignore[arg-type]
    assert (first.pk, first.state) == (second.pk, "recorded")
    assert actions.withdraw_lead(actor=office, lead=first).state == "withdrawn"
    assert actions.undo_withdraw_lead(actor=office, lead=first).state == "recorded"
    withdraw_consent(actor=office, consent=Consent.objects.get())
    actions.withdraw_lead(actor=office, lead=first)
    with pytest.raises(NotNow):
        actions.undo_withdraw_lead(actor=office, lead=first)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"field": "astrology"}, "field"),
        ({"text": " "}, "text"),
        ({"to_organisation": None}, "to_organisation"),
        ({"to_adviser": "And somebody else"}, "to_organisation"),
    ],
)
def test_a_lead_goes_to_somebody_about_something(office: Actor, visit: Screening, said: dict[str, object], field: str) -> None:
    right: dict[str, object] = {"field": "green-circular", "text": "CO2 account", "to_organisation": hub(), "how": "Mette"}
    with pytest.raises(InvalidRequest) as refusal:
        actions.record_lead(actor=office, screening=visit, **{**right, **said})  # type: ignore[arg-type]
    assert set(refusal.value.fields) == {field}


def test_others_pass_nothing_on_and_share_nothing(office: Actor, visit: Screening) -> None:
    for actor in (screening_day.consultant(HUB), screening_day.consultant(OTHER_OFFICE), factories.actor(Role.READER, of=OFFICE)):
        with pytest.raises(NotAllowed):
            actions.share_result(actor=actor, screening=visit, organisations=[hub()], how="Mette")
        with pytest.raises(NotAllowed):
            actions.record_lead(actor=actor, screening=visit, field="finance", text="x", to_organisation=hub(), how="Mette")


def test_what_is_shared_was_held(office: Actor, visit: Screening, company: Company) -> None:
    with pytest.raises(NotNow):
        actions.share_result(actor=office, screening=planned(office, company), organisations=[hub()], how="Mette")
    actions.share_result(actor=office, screening=visit, organisations=[hub()], how="Mette")
    with pytest.raises(NotNow):
        undo_hold(actor=office, screening=visit)


# --- On paper and in figures


@pytest.mark.parametrize(("language", "mark"), [("da", b"/Lang(da)"), ("en", b"/Lang(en)")])
def test_the_paper_is_tagged_in_either_language_whatever_was_written(office: Actor, visit: Screening, language: str, mark: bytes) -> None:
    hostile = '#panic("x") = [ $ ` </text> & "quoted" \\ \n\n* _under_ <b>'
    write_summary(actor=office, screening=visit, text=hostile)
    save_topic(actor=office, screening=visit, topic="co2", shown={}, mine={("", "note"): hostile})
    actions.record_lead(actor=office, screening=visit, field="finance", text=hostile, to_adviser="Adviser #1", how="Mette")
    before = held(office, visit.company, dt.date(2025, 1, 7), co2_account="1")  # type: ignore[arg-type]
    for earlier in (None, before):
        made = paper_of(result_of(visit, earlier), language)
        assert made.startswith(b"%PDF-") and mark in made and b"pdfuaid:part" in made


def test_coverage_counts_companies_and_visits_and_opens_to_them(office: Actor, visit: Screening, company: Company, region: Region) -> None:
    held(office, company, dt.date(2026, 3, 2), co2_account="2")
    held(office, factories.company("10000017", "Other ApS"), dt.date(2025, 3, 2))
    hjoerring = screening_day.consultant(OTHER_OFFICE)
    held(hjoerring, factories.company("10000025", "Third ApS", municipality="860"), dt.date(2026, 5, 4))
    planned(office, factories.company("10000033", "Fourth ApS"))
    found = [(one.municipality.code if one.municipality else "", one.year, one.units, one.visits) for one in coverage(region)]
    assert found == [("851", 2026, 1, 2), ("860", 2026, 1, 1), ("851", 2025, 1, 1)]
    scope = RegionScope(region, dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    visits, companies, *_wheels = SCREENING_MEASURES
    assert (visits.figure(scope), companies.figure(scope)) == (3, 2)
    assert visits.evidence(scope).count() == 3
    assert visits.split and companies.split
    assert (visits.split(scope), companies.split(scope)) == ({"851": 2, "860": 1}, {"851": 1, "860": 1})
    office_only = RegionScope(region, scope.first, scope.last, organisation=visit.organisation)
    assert visits.figure(office_only) == 2


def test_records_that_are_one_company_count_once(office: Actor, visit: Screening, company: Company, region: Region) -> None:
    other = factories.company("10000017", "Other ApS")
    held(office, other, dt.date(2026, 3, 2))
    Company.objects.filter(pk=other.pk).update(same_as=company)
    assert [(one.units, one.visits) for one in coverage(region)] == [(1, 2)]


def test_the_program_itself_sees_all_results(office: Actor, visit: Screening) -> None:
    assert list(results_visible_to(system())) == [visit]


def test_coverage_costs_two_queries_however_many_visits(office: Actor, company: Company, region: Region) -> None:
    for month in range(1, 6):
        held(office, company, dt.date(2026, month, 3))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        coverage(region)
    assert len(queries) == 2
