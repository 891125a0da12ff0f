"""What people write down about a company: once per CVR number, by the rules of a table, and told to those who may know."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from indgang.foundation.access.actors import NotAllowed
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.queries import entries_about, entries_visible_to
from indgang.registers.parties.actions.companies import change_company, create_company
from indgang.registers.parties.errors import AlreadyKnown, InvalidFacts
from indgang.registers.parties.models import Company, Move
from indgang.registers.parties.queries.moves import municipality_of
from indgang.registers.parties.queries.search import companies_found
from indgang.registers.parties.tests import factories
from indgang.registers.parties.tests.factories import CVRS, PLACES, colleague, company, municipality

pytestmark = pytest.mark.django_db


def test_a_company_is_written_down_by_the_rules_of_a_table_and_found_at_once() -> None:
    factories.region()
    made = create_company(
        actor=colleague(),
        cvr="DK 3000 0005",
        name=" Ørnens Værksted ApS ",
        municipality="0851",
        industry_code="62.01.00",
        industry_version="db07",
        employees="12",
        founded="17.5.2023",
        advertising_protected="ja",
        phone="98 11 22 33",
        city="Aalborg",
    )

    stored = Company.objects.values(
        "cvr", "name", "municipality__code", "industry_code", "industry_version", "employees", "founded", "advertising_protected", "phone"
    ).get(pk=made.pk)
    assert list(stored.values()) == [
        "30000005",
        "Ørnens Værksted ApS",
        "851",
        "620100",
        "DB07",
        12,
        dt.date(2023, 5, 17),
        True,
        "+4598112233",
    ]
    assert companies_found("oernens aalborg") == [made]


def test_every_fault_is_told_at_its_column() -> None:
    factories.region()
    with pytest.raises(InvalidFacts) as refusal:
        create_company(actor=colleague(), cvr="30000006", name="A", municipality="101", employees="many", email="no", founded="31.2.2020")
    assert list(refusal.value.fields) == ["cvr", "municipality", "employees", "email", "founded"]
    for facts, column in ({"name": ""}, "name"), ({"name": "A", "industry_code": "620100"}, "industry_version"):
        with pytest.raises(InvalidFacts) as refusal:
            create_company(actor=colleague(), **facts)  # type: ignore[arg-type]
        assert list(refusal.value.fields) == [column]
    assert not Company.objects.exists()


def test_a_number_that_is_known_leads_to_its_company_and_writes_nothing() -> None:
    known = company(cvr=CVRS[0])
    with pytest.raises(AlreadyKnown) as answer:
        create_company(actor=colleague(), cvr=CVRS[0], name="Another name", municipality="825")
    assert answer.value.company == known
    assert (Company.objects.get().name, Entry.objects.count()) == (known.name, 0)


def test_a_form_that_is_sent_twice_makes_one_company_without_number(settings: LazySettings) -> None:
    settings.CLOCK_STARTS_AT = dt.datetime(2026, 12, 8, 9, tzinfo=dt.UTC)
    actor = colleague()
    made = create_company(actor=actor, name="Restaurant", municipality=municipality("851"))
    with pytest.raises(AlreadyKnown) as answer:
        create_company(actor=actor, name="restaurant", municipality="851")
    assert answer.value.company == made
    create_company(actor=actor, name="Restaurant", municipality="825")
    settings.CLOCK_STARTS_AT += dt.timedelta(hours=1)
    create_company(actor=actor, name="Restaurant", municipality="851")
    assert Company.objects.count() == 3


def test_what_changes_is_written_and_told_without_what_is_somebodys_own() -> None:
    actor, one = colleague(), company(employees=5, phone="+4598112233")
    for _twice in range(2):
        change_company(actor=actor, company=one, employees="7", phone="98 11 22 44", municipality="787", foreign_employees="yes")

    entry = Entry.objects.get()
    columns = ["employees", "phone", "municipality", "foreign_employees"]
    assert (entry.verb, entry.circle) == ("company.changed", "companies")
    assert entry.before == {"columns": columns[:3], "employees": "5", "municipality": "851"}
    assert entry.after == {"columns": columns, "employees": "7", "municipality": "787", "foreign_employees": "yes"}
    one.refresh_from_db()
    assert (one.employees, one.phone, one.municipality, one.foreign_employees) == (7, "+4598112244", municipality("787"), True)
    assert one.by_hand == {"employees": "5", "phone": "+4598112233", "municipality": "851", "foreign_employees": ""}


def test_what_is_put_back_is_left_to_the_tables_again() -> None:
    actor, one = colleague(), company(employees=5, email="a@b.example")
    change_company(actor=actor, company=one, employees=7, email="c@d.example")
    one = change_company(actor=actor, company=one, employees=8)
    one = change_company(actor=actor, company=one, employees=5)
    assert one.by_hand == {"email": "a@b.example"}


def test_a_new_name_is_what_the_company_is_found_by() -> None:
    one = company("Fjordens Bageri")
    change_company(actor=colleague(), company=one, name="Havnens Konditori", city="Nibe")
    assert [companies_found(text) for text in ("havnens nibe", "fjordens")] == [[one], []]


def test_a_number_is_filled_in_once_and_never_taken_from_another() -> None:
    actor, known, new = colleague(), company(cvr=CVRS[0]), company("About to start")
    with pytest.raises(AlreadyKnown) as answer:
        change_company(actor=actor, company=new, cvr=CVRS[0])
    assert answer.value.company == known
    assert change_company(actor=actor, company=new, cvr=CVRS[1]).cvr == CVRS[1]
    with pytest.raises(InvalidFacts):
        change_company(actor=actor, company=new, cvr="")


def test_linked_companies_have_one_number_at_most() -> None:
    actor, known, new = colleague(), company(cvr=CVRS[0]), company("The same")
    Company.objects.filter(pk=new.pk).update(same_as=known)
    new.refresh_from_db()
    with pytest.raises(InvalidFacts):
        change_company(actor=actor, company=new, cvr=CVRS[1])


@pytest.mark.parametrize("role", [Role.READER, Role.CLERK, Role.ADMINISTRATOR])
def test_who_does_not_serve_companies_writes_nothing(role: str) -> None:
    one = company()
    for write in (lambda who: create_company(actor=who, name="A"), lambda who: change_company(actor=who, company=one, name="B")):
        with pytest.raises(NotAllowed):
            write(colleague(role))
    assert Company.objects.get() == one


@pytest.mark.parametrize(("role", "also"), [(Role.EARLY_WARNING, ""), (Role.EARLY_WARNING, Role.CONSULTANT)])
def test_who_wrote_it_is_not_told_of_a_member_of_an_early_warning_team(role: str, also: str) -> None:
    factories.region()
    one = create_company(actor=colleague(role, also=also), name="Tømrer Holm", municipality="851")
    change_company(actor=colleague(role, also=also), company=one, employees=3)

    seen = {
        who: entries_visible_to(colleague(who), entries_about(one)).count() for who in (Role.CONSULTANT, Role.LEADER, Role.EARLY_WARNING)
    }
    assert seen == {Role.CONSULTANT: 0, Role.LEADER: 0, Role.EARLY_WARNING: 2}
    assert not entries_visible_to(colleague(Role.EARLY_WARNING, of="other"), entries_about(one)).exists()


class Moves(TestCase):
    """The register knows where a company was on any day, however often it moved."""

    @examples(max_examples=30)
    @given(st.data())
    def test_every_day_has_the_municipality_that_stood_at_its_end(self, data: Any) -> None:
        """Days are counted from the first; each change says on which day, and where the company is from then on."""
        codes = sorted(PLACES)
        days = sorted(data.draw(st.lists(st.integers(1, 20), max_size=6)))
        actor, one = colleague(), company(code=data.draw(st.sampled_from(codes)))
        assert one.municipality is not None
        stood = dict.fromkeys(range(25), one.municipality.code)
        start = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)
        with self.settings(CLOCK_STARTS_AT=start):
            for day in days:
                code = data.draw(st.sampled_from(codes))
                with self.settings(CLOCK_STARTS_AT=start + dt.timedelta(days=day)):
                    one = change_company(actor=actor, company=one, municipality=code)
                stood |= dict.fromkeys(range(day, 25), code)
            first = clock.today()
        wanted = {first + dt.timedelta(days=day): municipality(code).pk for day, code in stood.items()}
        assert {day: municipality_of(one, day) for day in wanted} == wanted


def test_to_learn_where_a_company_is_is_no_move() -> None:
    actor, one = colleague(), company(code=None)
    for code in ("851", None):
        change_company(actor=actor, company=one, municipality=code)
    assert not Move.objects.exists()
