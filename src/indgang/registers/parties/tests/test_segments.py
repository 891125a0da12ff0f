"""Lists of companies: whom they find, whom one may write to, and how they are kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import count, product
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.identity.models import Role
from indgang.registers.parties.actions.segments import bring_back_segment, remove_segment, save_segment
from indgang.registers.parties.errors import InvalidFacts, NotNow
from indgang.registers.parties.models import Company, Consent, Field, Segment, Tie
from indgang.registers.parties.queries.segments import companies_in, reachable, segments_visible_to
from indgang.registers.parties.rules.segments import Criteria
from indgang.registers.parties.rules.sizes import limits_of, size_class, size_classes
from indgang.registers.parties.tests import factories

db = pytest.mark.django_db
TODAY = dt.date(2026, 11, 24)
HUB, OFFICE = "erhvervshus-nordjylland", "erhvervskontor-aalborg"
_numbers = count(1)

yes_no = st.sampled_from(["", "yes", "no"])
criteria = st.builds(
    Criteria,
    municipalities=st.lists(st.sampled_from(["851", "825"]), unique=True).map(tuple),
    industry=st.sampled_from(["", "62", "620100"]),
    sizes=st.lists(st.sampled_from(size_classes()), unique=True).map(tuple),
    served=st.sampled_from(["", "never", "last-year", "not-last-year"]),
    by=st.sampled_from(["us", "anybody"]),
    field=st.sampled_from(["", "finance"]),
    foreign=yes_no,
    protected=yes_no,
)


@given(criteria)
def test_what_is_kept_comes_back(wanted: Criteria) -> None:
    assert Criteria.read(wanted.kept()) == wanted
    assert Criteria.read({**wanted.kept(), "colour": "blue"}) == wanted


@given(st.integers(0, 100_000))
def test_a_number_of_employees_lies_within_its_class(employees: int) -> None:
    first, last = limits_of(size_class(employees))
    assert first <= employees
    assert last is None or employees <= last


def tie(company: Company, of: str, days_ago: int, lasted: int | None = 0, *, confidential: bool, field: str, kind: str) -> Tie:
    started = TODAY - dt.timedelta(days=days_ago)
    return Tie.objects.create(
        company=company,
        organisation=factories.organisation(of),
        kind=kind,
        fields=[field] if field else [],
        started=started,
        ended=None if lasted is None else started + dt.timedelta(days=lasted),
        confidential=confidential,
        source=f"guidance.course:{next(_numbers)}",
    )


def made_up(source: Random) -> list[Company]:
    """Companies of all kinds, some of them served, some in confidence, some written down twice."""
    companies = [
        factories.company(
            f"Company {at}",
            code=source.choice(["851", "825", None]),
            industry_code=source.choice(["", "620100", "629000", "010100"]),
            employees=source.choice([None, 0, 3, 7, 260]),
            foreign_employees=source.choice([None, True, False]),
            advertising_protected=source.choice([None, True, False]),
        )
        for at in range(40)
    ]
    for _number in range(30):
        days, lasted = source.randrange(1000), source.choice([None, 0, 100])
        tie(
            source.choice(companies),
            source.choice([HUB, OFFICE]),
            days,
            lasted,
            confidential=source.random() < 0.3,
            field=source.choice(["", "finance"]),
            kind=source.choice(["course", "delivery", "screening", "note"]),
        )
    for other, one in zip(companies[30:34], companies[:4], strict=True):
        Company.objects.filter(pk=other.pk).update(same_as=one)
    return list(Company.objects.select_related("municipality"))


def expected(actor: Actor, wanted: Criteria, companies: list[Company]) -> set[int]:
    """The same, counted one by one."""
    ties = [one for one in Tie.objects.all() if not one.confidential and one.kind != "note"]
    ties = [one for one in ties if wanted.by == "anybody" or one.organisation_id in actor.organisation_ids]
    root = {company.pk: company.same_as_id or company.pk for company in companies}

    def served(company: Company, *, lately: bool = False, field: str = "") -> bool:
        about = [one for one in ties if root[one.company_id] == root[company.pk] and (not field or field in one.fields)]
        return any(not lately or (one.ended is None or (TODAY - one.ended).days <= 365) for one in about)

    def fits(company: Company) -> bool:
        state = {"": True, "never": not served(company), "last-year": served(company, lately=True)}
        return (
            (not wanted.municipalities or (company.municipality and company.municipality.code) in wanted.municipalities)
            and company.industry_code.startswith(wanted.industry)
            and (not wanted.sizes or size_class(company.employees) in wanted.sizes)
            and (not wanted.foreign or company.foreign_employees is (wanted.foreign == "yes"))
            and (not wanted.protected or company.advertising_protected is (wanted.protected == "yes"))
            and (not wanted.field or served(company, field=wanted.field))
            and state.get(wanted.served, not served(company, lately=True))
        )

    firsts: dict[int, int] = {}
    for company in sorted(companies, key=lambda one: one.pk):
        if fits(company):
            firsts.setdefault(root[company.pk], company.pk)
    return set(firsts.values())


@db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_list_has_exactly_those_who_have_it_in_common(seed: int) -> None:
    companies, actor = made_up(Random(seed)), factories.colleague(Role.CONSULTANT, HUB)
    for served, by, field, foreign in product(["", "never", "last-year", "not-last-year"], ["us", "anybody"], ["", "finance"], ["", "no"]):
        plain = Criteria(served=served, by=by, field=field, foreign=foreign)
        for wanted in (
            plain,
            replace(plain, municipalities=("851",)),
            replace(plain, sizes=("5-9", "250+")),
            replace(plain, industry="62"),
        ):
            found = set(companies_in(actor, wanted, TODAY).values_list("pk", flat=True))
            assert found == expected(actor, wanted, companies), wanted


@db
def test_newsletters_go_to_those_who_agreed_and_are_not_protected() -> None:
    agreed, protected, elsewhere, withdrawn, silent = (factories.company(f"C{at}") for at in range(5))
    Company.objects.filter(pk=protected.pk).update(advertising_protected=True)
    for company, of, ended in ((agreed, HUB, None), (protected, HUB, None), (elsewhere, OFFICE, None), (withdrawn, HUB, TODAY)):
        Consent.objects.create(
            company=company,
            organisation=factories.organisation(of),
            kind="marketing",
            withdrawn_at=ended and dt.datetime.combine(ended, dt.time(), dt.UTC),
        )
    found = reachable(factories.colleague(Role.CONSULTANT, HUB), Company.objects.all())
    assert list(found.companies) == [agreed]
    assert (found.protected, found.without_consent) == (1, 3)
    assert silent.pk


@db
def test_a_list_is_kept_once_changed_removed_and_brought_back() -> None:
    actor = factories.colleague(Role.CONSULTANT, HUB)
    first = save_segment(actor=actor, name=" Never  served ", criteria=Criteria(served="never"))
    again = save_segment(actor=actor, name="Never served", criteria=Criteria(served="never", by="us"))
    assert first.pk == again.pk
    assert [(one.name, one.criteria) for one in segments_visible_to(actor)] == [("Never served", {"served": "never", "by": "us"})]
    remove_segment(actor=actor, segment=first)
    assert list(segments_visible_to(actor)) == []
    assert bring_back_segment(actor=actor, segment=first).removed_at is None
    remove_segment(actor=actor, segment=first)
    save_segment(actor=actor, name="Never served", criteria=Criteria())
    with pytest.raises(NotNow):
        bring_back_segment(actor=actor, segment=first)


@db
@pytest.mark.parametrize("name", ["", "   ", "x" * 101])
def test_a_list_needs_a_name_that_fits(name: str) -> None:
    with pytest.raises(InvalidFacts):
        save_segment(actor=factories.colleague(), name=name, criteria=Criteria())
    assert not Segment.objects.exists()


@db
def test_lists_are_the_organisations_own() -> None:
    segment = save_segment(actor=factories.colleague(Role.CONSULTANT, HUB), name="Ours", criteria=Criteria(field=Field.FINANCE))
    stranger: Any = factories.colleague(Role.CONSULTANT, OFFICE)
    assert list(segments_visible_to(stranger)) == []
    assert list(segments_visible_to(factories.colleague(Role.READER, HUB))) == [segment]
    for actor in (stranger, factories.colleague(Role.READER, HUB)):
        with pytest.raises(NotAllowed):
            remove_segment(actor=actor, segment=segment)
    with pytest.raises(NotAllowed):
        save_segment(actor=factories.colleague(Role.READER, HUB), name="Mine", criteria=Criteria())
