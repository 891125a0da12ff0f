"""Several people do the same thing with a company at the same moment: one of them is first, and the others are told."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from indgang.foundation.identity.models import Role
from indgang.registers.parties.actions.companies import change_company, create_company
from indgang.registers.parties.actions.doubles import judge
from indgang.registers.parties.errors import AlreadyKnown, InvalidFacts, NotTogether
from indgang.registers.parties.models import Company, Double, Judgement
from indgang.registers.parties.tests.factories import CVRS, colleague, company

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*deeds: Callable[[], Any]) -> list[str]:
    """Each in a thread of its own, all at the same moment; the name of what each of them answered."""
    start = threading.Barrier(len(deeds))

    def work(deed: Callable[[], Any]) -> str:
        try:
            start.wait(10)
            return type(deed()).__name__
        except (AlreadyKnown, NotTogether, InvalidFacts) as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return sorted(pool.map(work, deeds))


@pytest.mark.parametrize("cvr", [CVRS[0], None])
def test_a_company_that_two_write_down_at_once_is_there_once(cvr: str | None) -> None:
    one, other = colleague(), colleague(Role.LEADER, of="erhvervskontor-aalborg")
    deeds = [lambda who=who: create_company(actor=who, cvr=cvr, name="Fjordens Bageri", municipality="851") for who in (one, other)]
    assert at_once(*deeds) == ["AlreadyKnown", "Company"]
    assert Company.objects.count() == 1


def test_two_numbers_at_once_do_not_end_in_one_group() -> None:
    actor, one, other = colleague(), company("Fjord", CVRS[0]), company("Fjord Bageri")
    double = Double.objects.create(one=one, other=other, probability=0.9)
    answers = at_once(
        lambda: judge(actor=actor, double=double, judgement=Judgement.SAME), lambda: change_company(actor=actor, company=other, cvr=CVRS[1])
    )
    assert answers in (["Company", "NotTogether"], ["Double", "InvalidFacts"])
    assert Company.objects.filter(cvr=None).count() == Company.objects.exclude(same_as=None).count()


def test_judgements_that_cannot_all_hold_do_not_all_stand() -> None:
    actor = colleague()
    cast = [company(f"Holm {number}") for number in range(3)]
    pairs = [Double.objects.create(one=cast[one], other=cast[other]) for one, other in ((0, 1), (1, 2), (0, 2))]
    words = (Judgement.SAME, Judgement.SAME, Judgement.DIFFERENT)
    deeds = [lambda pair=pair, word=word: judge(actor=actor, double=pair, judgement=word) for pair, word in zip(pairs, words, strict=True)]
    assert at_once(*deeds) == ["Double", "Double", "NotTogether"]
