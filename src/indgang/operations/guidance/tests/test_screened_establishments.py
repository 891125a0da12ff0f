"""Screening visits count at CVR and at P-number, and both uses of the wheel open to what they count."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Role
from indgang.foundation.measures.declared import RegionScope
from indgang.foundation.places.models import Region
from indgang.operations.guidance.errors import InvalidRequest
from indgang.operations.guidance.models import Category, Screening, Wheel, WheelFilling, WheelUse
from indgang.operations.guidance.queries.screenings import coverage
from indgang.operations.guidance.rules.figures import Level
from indgang.operations.guidance.screening_measures import SCREENING_MEASURES
from indgang.operations.guidance.tests import factories, screening_day
from indgang.operations.guidance.tests.screening_day import HUB, OFFICE, OTHER_OFFICE, held, planned
from indgang.registers.parties.models import Company

pytestmark = pytest.mark.django_db
DAYS = [dt.date(2026, 3, day) for day in (2, 3, 4, 5)]
MEASURES = {measure.key: measure for measure in SCREENING_MEASURES}


@pytest.fixture
def office(region: Region) -> Actor:
    """A consultant of Aalborg's business office."""
    screening_day.municipal(region)
    return screening_day.consultant(OFFICE)


def browser(actor: Actor) -> Client:
    """A browser of somebody at work."""
    assert actor.user is not None
    client = Client(headers={"accept-language": "en"})
    client.force_login(actor.user)
    return client


def page(client: Client, name: str, *args: object, **query: object) -> str:
    """The main part of a page of guidance."""
    response = client.get(reverse(f"guidance:{name}", args=args), query)
    assert response.status_code == 200, (name, response.status_code)
    return response.content.decode()


@pytest.fixture
def year(office: Actor, company: Company, region: Region) -> RegionScope:
    """A company (Aalborg) visited at two establishments, one of them twice and in Hjørring, and once as a whole; another company once."""
    here, there = factories.establishment(company, "1000000001", "851"), factories.establishment(company, "1000000002", "860")
    for day, unit in zip(DAYS, (here, there, there, None), strict=True):
        held_at(office, company, day, unit)
    held(office, factories.company("10000017", "Other ApS"), dt.date(2026, 4, 1))
    return RegionScope(region, dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def held_at(office: Actor, company: Company, day: dt.date, unit: object) -> None:
    """A held visit at an establishment."""
    visit = planned(office, company, day, establishment=unit)
    Screening.objects.filter(pk=visit.pk).update(state="held")


def counted(region: Region, level: Level) -> list[tuple[str, int, int]]:
    """What the coverage says: municipality, units, visits."""
    return [(one.municipality.code if one.municipality else "", one.units, one.visits) for one in coverage(region, level)]


def test_a_visit_counts_where_the_company_is_and_at_p_number_where_the_establishment_lies(year: RegionScope, region: Region) -> None:
    assert counted(region, Level.COMPANY) == [("851", 2, 5)]
    # in Aalborg: one establishment, the company as a whole, the other company; in Hjørring: one establishment, visited twice
    assert counted(region, Level.ESTABLISHMENT) == [("851", 3, 3), ("860", 1, 2)]


def test_the_measures_agree_with_counting_by_hand_at_both_levels(year: RegionScope) -> None:
    rows = list(MEASURES["establishments-screened"].evidence(year))
    by_hand = {("P", row.establishment_id) if row.establishment_id else ("CVR", row.company_id) for row in rows}
    figures = {key: MEASURES[key].figure(year) for key in ("screenings", "companies-screened", "establishments-screened")}
    assert figures == {"screenings": len(rows), "companies-screened": 2, "establishments-screened": len(by_hand)}
    for key, parts in (("companies-screened", {"851": 2}), ("establishments-screened", {"851": 3, "860": 1})):
        split = MEASURES[key].split
        assert split is not None
        assert split(year) == parts


def test_an_establishment_of_another_company_is_refused(office: Actor, company: Company) -> None:
    foreign = factories.establishment(factories.company("10000017", "Other ApS"), "1000000009")
    with pytest.raises(InvalidRequest) as refusal:
        planned(office, company, establishment=foreign)
    assert list(refusal.value.fields) == ["establishment"]


def test_the_pages_count_at_both_levels_and_open_to_the_visits(year: RegionScope, office: Actor, company: Company) -> None:
    client = browser(office)
    cvr, p_number = page(client, "screening-coverage", year=2026), page(client, "screening-coverage", year=2026, level="establishment")
    assert ("Companies screened, by municipality and year" in cvr, "Establishments screened, by municipality and year" in p_number) == (
        True,
        True,
    )
    assert "In 2026, 1 of 3 municipalities held visits" in cvr
    assert "In 2026, 2 of 3 municipalities held visits" in p_number
    assert "5 visits at 2 companies, 2026" in page(client, "screening-rows", year=2026)
    rows = page(client, "screening-rows", year=2026, municipality="860", level="establishment")
    assert ("2 visits at 1 establishment, 2026" in rows, rows.count("P 1000000002"), "P 1000000001" in rows) == (True, 2, False)
    assert "No visit was held there" in page(client, "screening-rows", year=2026, municipality="860")
    figures = page(client, "figures", first="2026-01-01", last="2026-12-31", level="establishment")
    assert "Establishments screened" in figures
    assert "level=establishment" in figures


def test_which_establishment_is_asked_where_there_are_some_and_stands_on_the_visit(office: Actor, company: Company) -> None:
    client, address = browser(office), reverse("guidance:new-screening")
    assert "Which establishment?" not in client.get(f"{address}?company={company.pk}").content.decode()
    unit = factories.establishment(company, "1000000002", "860")
    assert "Which establishment?" in client.get(f"{address}?company={company.pk}").content.decode()
    client.post(address, {"company": company.pk, "date": "2026-12-01", "establishment": unit.pk})
    visit = Screening.objects.get()
    assert (visit.establishment, visit.visited_in, visit.municipality) == (unit, unit.municipality, company.municipality)
    assert "P 1000000002" in page(client, "screening", visit.pk)
    client.post(reverse("guidance:plan-screening", args=[visit.pk]), {"company": company.pk, "date": "2026-12-01", "establishment": ""})
    visit.refresh_from_db()
    assert (visit.establishment, visit.visited_in) == (None, None)


def test_both_uses_of_the_wheel_open_to_what_they_count_and_early_warning_to_nobody(office: Actor, company: Company) -> None:
    hub = screening_day.consultant(HUB)
    team = screening_day.consultant(HUB, Role.EARLY_WARNING)
    wheel, day = Wheel.objects.get(), dt.date(2026, 5, 4)
    for number in range(3):
        WheelUse.objects.create(wheel=wheel, on=day, key_digest=str(number))
    for by, category in ((hub, Category.GROWTH), (office, Category.GROWTH), (team, Category.EARLY_WARNING)):
        course = factories.course(by, company, category)
        WheelFilling.objects.create(course=course, organisation=course.organisation, wheel=wheel, on=day)
    shown = page(browser(hub), "screening-coverage", year=2026)
    assert shown.count(f"{reverse('guidance:wheel-rows')}?year=2026") == 2
    for reader in (hub, team):
        rows = page(browser(reader), "wheel-rows", year=2026)
        assert "3 on the public page and 2 in courses, 2026" in rows
    rows = page(browser(hub), "wheel-rows", year=2026)
    assert (rows.count(company.name), f"{course_holder(office)}: 1" in rows) == (1, True)
    outside = page(browser(screening_day.consultant(OTHER_OFFICE)), "wheel-rows", year=2026)
    assert (company.name in outside, "None of them is yours to open." in outside) == (False, True)
    assert "0 on the public page and 0 in courses, 2025" in page(browser(hub), "wheel-rows", year=2025)


def course_holder(actor: Actor) -> str:
    """Whose courses an actor begins."""
    assert actor.organisation is not None
    return actor.organisation.title
