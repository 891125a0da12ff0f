"""A list of companies whose company was written down twice, or that somebody serves in confidence."""

from __future__ import annotations

import pytest

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.registers.parties.actions import notes
from indgang.registers.parties.actions.consents import give_consent
from indgang.registers.parties.models import Company
from indgang.registers.parties.queries.segments import companies_in, reachable
from indgang.registers.parties.rules.segments import Criteria
from indgang.registers.parties.tests.region import HUB, OFFICE, at_work, company
from indgang.workspace.tests.company_day import course

pytestmark = pytest.mark.django_db


def found(actor: Actor, criteria: Criteria) -> list[str]:
    """The names, in their order."""
    return sorted(one.name for one in companies_in(actor, criteria, clock.today()))


def twins(protected: bool = False) -> tuple[Company, Company]:
    """A company that somebody wrote down by hand before the register knew it: the first of its records says the least."""
    one, other = company("By hand", code=None), company("With number", employees=5, advertising_protected=protected)
    Company.objects.filter(pk=other.pk).update(same_as=one)
    return one, other


def test_what_is_in_confidence_plays_no_part_for_anybody() -> None:
    people = [at_work(HUB, "early-warning"), at_work(HUB, "consultant", "early-warning"), at_work(OFFICE, "consultant")]
    course(company("Quiet"), category="early-warning", fields=["finance"])
    company("Untouched")
    for actor in people:
        for by in ("us", "anybody"):
            assert found(actor, Criteria(served="never", by=by)) == ["Quiet", "Untouched"]
            assert found(actor, Criteria(served="not-last-year", by=by)) == ["Quiet", "Untouched"]
            assert found(actor, Criteria(served="last-year", by=by)) == []
        assert found(actor, Criteria(field="finance")) == []


def test_a_note_serves_nobody() -> None:
    hub = at_work(HUB, "consultant")
    notes.write_note(actor=hub, company=company("Noted"), text="Called")
    assert found(hub, Criteria(served="never")) == ["Noted"]


def test_any_record_of_a_company_may_fit_and_it_is_in_the_list_once() -> None:
    hub = at_work(HUB, "consultant")
    _one, other = twins()
    assert found(hub, Criteria()) == ["By hand"]
    assert found(hub, Criteria(sizes=("5-9",), municipalities=("851",))) == ["With number"]
    course(other)
    assert found(hub, Criteria(served="never")) == []
    assert found(hub, Criteria(served="last-year", sizes=("5-9",))) == ["With number"]


@pytest.mark.parametrize("agreed", [0, 1])
def test_protection_and_consent_hold_for_the_company_whichever_record_says_so(agreed: int) -> None:
    hub = at_work(HUB, "consultant")
    for protected in (False, True):
        records = twins(protected)
        give_consent(actor=hub, company=records[agreed], kind="marketing", how="By phone")
        told = reachable(hub, companies_in(hub, Criteria(), clock.today()).filter(pk__in=[record.pk for record in records]))
        expected = ([], 1, 0) if protected else ([records[0]], 0, 0)
        assert (list(told.companies), told.protected, told.without_consent) == expected
