"""Taking a table back leaves the register as it was, but for what people noted since and what is in use: that stays, and is named."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from indgang.foundation.identity.models import Role
from indgang.foundation.imports.actions import Undone, undo_batch
from indgang.foundation.imports.models import Batch
from indgang.foundation.imports.reports import Problem
from indgang.operations.guidance.models import Category, Course
from indgang.registers.parties.actions.companies import change_company, create_company
from indgang.registers.parties.import_establishments import ESTABLISHMENTS
from indgang.registers.parties.models import Company, Contact, Double, Establishment, Judgement, Sharing
from indgang.registers.parties.queries.moves import municipality_of
from indgang.registers.parties.queries.search import companies_found
from indgang.registers.parties.tests import factories
from indgang.registers.parties.tests.companies_table import FJORD, HEADER, PAIR, apply, done, facts, register
from indgang.registers.parties.tests.factories import colleague, municipality, operator, organisation

pytestmark = pytest.mark.django_db
IN_USE = "It is in use by now."
BESIDE = "This does not go with what people here have noted since. It is left as it was."


@pytest.fixture(autouse=True)
def home(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    factories.region()


def undo(batch: Batch) -> Undone:
    return undo_batch(actor=operator(), batch=batch)


def fjord() -> Company:
    return Company.objects.get(cvr="30000005")


def change(**facts: Any) -> None:
    change_company(actor=colleague(), company=fjord(), **facts)


def test_a_table_is_taken_back_whole() -> None:
    empty = register()
    first = done(PAIR)
    before = register()
    second = done("cvr,name,employees,email\n30000005,Fjordens Konditori,15,\n30000021,New ApS,,new@new.example\n")
    assert companies_found("konditori") == [fjord()]

    assert undo(second) == Undone(removed=1, restored=1)
    assert register() == before
    assert (companies_found("konditori"), companies_found("bageri")) == ([], [fjord()])
    assert undo(first) == Undone(removed=2)
    assert register() == empty


def test_what_people_changed_since_stays_and_is_named() -> None:
    first = done(PAIR)
    second = done("cvr,employees,phone\n30000005,15,98112244\n30000013,3,\n")
    change(phone="98 11 22 55")

    was = "Changed since the import, where it was “+4598112244”."
    assert undo(second) == Undone(restored=1, kept=[Problem(2, "phone", "+4598112255", was)])
    assert facts("30000005", "employees", "phone") == (15, "+4598112255")

    was = "Changed since the import, where it was “+4598112233”."
    employees = Problem(2, "employees", "15", "Changed since the import, where it was “12”.")
    assert undo(first) == Undone(removed=1, kept=[employees, Problem(2, "phone", "+4598112255", was)])
    change(phone="98112244")
    assert undo(second) == Undone(restored=1)
    assert undo(first) == Undone(removed=1)


def test_what_people_changed_is_left_by_every_table_until_they_leave_it_to_them() -> None:
    done(PAIR)
    change(employees=20, email="")

    again = "cvr,employees,email,city\n30000005,12,post@fjord.example,Nibe\n"
    for city in "Nibe", "Hals":
        report = apply(again.replace("Nibe", city))[1]
        assert report.updated == 1
        assert report.kept == [
            Problem(2, "employees", "12", "People here have noted “20” since. That stays."),
            Problem(2, "email", "post@fjord.example", "People here have taken this out since. That stays."),
        ]
        assert facts("30000005", "employees", "email", "city") == (20, "", city)
    change(employees=12)
    assert apply("cvr,employees\n30000005,14\n")[1].kept == []
    assert facts("30000005", "employees") == (14,)


def test_what_means_something_only_together_is_kept_together() -> None:
    first = done(HEADER + FJORD)
    change(address="Kajen 7", industry_code="10.71.10")
    report = apply("cvr,address,postcode,city,industry_code,industry_version\n30000005,Torvet 1,9240,Nibe,107110,DB25\n")[1]
    assert [(problem.column, problem.message) for problem in report.kept] == [
        ("industry_version", BESIDE),
        ("address", "People here have noted “Kajen 7” since. That stays."),
        ("postcode", BESIDE),
        ("city", BESIDE),
    ]
    assert facts("30000005", "address", "postcode", "city", "industry_version") == ("Kajen 7", "9000", "Aalborg", "DB07")
    assert undo(first).removed == 0


def test_a_table_is_not_taken_back_from_under_what_people_noted_beside_it() -> None:
    done(HEADER + FJORD)
    second = done("cvr,city,postcode\n30000005,Nibe,9240\n")
    change(address="Kajen 7")
    assert undo(second) == Undone(kept=[Problem(2, "cvr", "30000005", BESIDE)])
    assert facts("30000005", "address", "postcode", "city") == ("Kajen 7", "9240", "Nibe")


def test_a_fact_that_no_table_has_keeps_the_company() -> None:
    first = done(HEADER + FJORD)
    change(foreign_employees=True)
    assert undo(first) == Undone(kept=[Problem(2, "cvr", "30000005", "People here have changed it since the import.")])


def course(category: str, company: Company, **fields: Any) -> Course:
    facts = {"reference": f"C-{Course.objects.count()}", "organisation": organisation(), "started": dt.date(2026, 1, 5)}
    return Course.objects.create(company=company, category=category, **facts, **fields)


def contact(sharing: str) -> Callable[[Company], object]:
    return lambda company: Contact.objects.create(company=company, organisation=organisation(), sharing=sharing, name="Ida Holm")


USES = {
    "course": lambda company: course(Category.GROWTH, company),
    "early-warning": lambda company: course(Category.EARLY_WARNING, company),
    "removed-course": lambda company: course(Category.SHORT, company, removed_at=dt.datetime(2026, 2, 1, tzinfo=dt.UTC)),
    "contact": contact(Sharing.ORGANISATION),
    "team": contact(Sharing.TEAM),
    "establishment": lambda company: Establishment.objects.create(p_number="1000000001", company=company),
}


@pytest.mark.parametrize("use", USES)
def test_a_company_in_use_stays_and_nothing_is_said_of_the_use(use: str) -> None:
    first = done(PAIR)
    USES[use](fjord())

    assert undo(first) == Undone(removed=1, kept=[Problem(2, "cvr", "30000005", IN_USE)])
    assert Company.objects.get() == fjord()


def test_a_company_that_people_judged_stays_and_one_that_only_looks_like_another_goes() -> None:
    known = factories.company("Fjordens Bageri")
    first = done(PAIR)
    one, other = Company.objects.exclude(pk=known.pk).order_by("cvr")
    Double.objects.create(one=known, other=one, probability=0.95)
    judged = Double.objects.create(one=known, other=other, probability=0.95, judgement=Judgement.DIFFERENT)

    assert undo(first) == Undone(removed=1, kept=[Problem(3, "cvr", "30000013", IN_USE)])
    assert list(Double.objects.all()) == [judged]


def test_a_company_was_where_it_was_all_the_time_when_a_table_that_moved_it_is_taken_back(settings: LazySettings) -> None:
    days = [dt.datetime(2026, 3, day, 12, tzinfo=dt.UTC) for day in (1, 10, 20)]
    settings.CLOCK_STARTS_AT = days[0]
    done(PAIR)
    settings.CLOCK_STARTS_AT = days[1]
    moved = done("cvr,municipality\n30000005,787\n")
    settings.CLOCK_STARTS_AT = days[2]
    undo(moved)

    asked = [dt.date(2026, 3, day) for day in (1, 9, 10, 19, 20)]
    codes = {municipality(code).pk: code for code in ("851", "787")}
    assert [codes[municipality_of(fjord(), day) or 0] for day in asked] == ["851"] * len(asked)


def test_an_establishment_whose_former_company_is_gone_stays_where_it_is() -> None:
    done(HEADER + FJORD)
    second = done("cvr,name\n30000013,A.P. VVS\n")
    done("p_number,cvr\n1000000001,30000013\n", ESTABLISHMENTS)
    moved = done("p_number,cvr\n1000000001,30000005\n", ESTABLISHMENTS)
    assert undo(second) == Undone(removed=1)

    gone = "The company that it belonged to is no longer in the register."
    assert undo(moved) == Undone(kept=[Problem(2, "p_number", "1000000001", gone)])


def test_an_establishment_in_use_stays() -> None:
    done(HEADER + FJORD)
    batch = done("p_number,cvr\n1000000001,30000005\n1000000002,30000005\n", ESTABLISHMENTS)
    course(Category.EARLY_WARNING, fjord(), establishment=Establishment.objects.get(p_number="1000000001"))
    assert undo(batch) == Undone(removed=1, kept=[Problem(2, "p_number", "1000000001", IN_USE)])


def test_the_page_of_a_batch_says_no_more_than_the_row_that_stays() -> None:
    batch = done(PAIR)
    course(Category.EARLY_WARNING, fjord())
    leader = colleague(Role.LEADER, of="ihnd")
    undone = undo_batch(actor=leader, batch=batch)
    assert str(undone.kept[0]) == "Row 2, cvr “30000005”: It is in use by now."


TABLES = st.fixed_dictionaries(
    {},
    optional={
        "municipality": st.sampled_from(["851", "787"]),
        "employees": st.sampled_from(["1", "2"]),
        "industry_code": st.sampled_from(["107110", "432200"]),
        "industry_version": st.sampled_from(["DB07", "DB25"]),
        "address": st.sampled_from(["Torvet 1", "Kajen 7"]),
        "city": st.sampled_from(["Nibe", "Hals"]),
    },
)
STEPS = st.lists(st.tuples(st.sampled_from(["table", "hand", "undo"]), TABLES, st.integers(0, 5)), min_size=1, max_size=8)


class InAnyOrder(TestCase):
    """Tables, changes by hand and tables taken back, in any order."""

    @examples(max_examples=40)
    @given(STEPS)
    def test_what_people_noted_last_stands_and_without_them_nothing_is_left(self, steps: list[tuple[str, dict[str, str], int]]) -> None:
        """What somebody wrote by hand is never changed by a table; taking all tables back leaves what there was, where nobody wrote."""
        actor = colleague()
        one = create_company(actor=actor, cvr="30000005", name="Fjord", industry_code="620100", industry_version="DB07", city="Aalborg")
        before, batches, noted = register(), [], {}
        for step, said, number in steps:
            if step == "table":
                batch, report = apply(",".join(["cvr", *said]) + "\n" + ",".join(["30000005", *said.values()]) + "\n")
                assert report.refused == []
                batches += [batch] if batch else []
            elif step == "hand":
                change_company(actor=actor, company=one, **said)
                noted |= said
            elif batches:
                undo_batch(actor=operator(), batch=batches.pop(number % len(batches)))
            one.refresh_from_db()
            wrong = {name for name in one.by_hand if str(_shown(one, name)) != noted[name]}
            assert wrong == set()
        if not noted:
            for batch in reversed(batches):
                undo_batch(actor=operator(), batch=batch)
        if not noted and not any(step == "undo" for step, _said, _number in steps):
            assert register()[0] == before[0]


def _shown(company: Company, name: str) -> object:
    return company.municipality.code if name == "municipality" and company.municipality else getattr(company, name)
