"""Courses by hand: who may, what is written, what others are told, and that nothing happens twice."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Circle, Entry
from indgang.operations.guidance.actions import courses as actions
from indgang.operations.guidance.errors import InvalidRequest, NotNow
from indgang.operations.guidance.forms.courses import CourseForm
from indgang.operations.guidance.models import Category, Course
from indgang.operations.guidance.queries.courses import courses_visible_to
from indgang.operations.guidance.tests import factories
from indgang.operations.guidance.tests.factories import HUB, OFFICE, facts
from indgang.registers.parties.models import Company, Move, Tie
from indgang.registers.parties.queries.ties import known_by, ties_visible_to

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 3, 2)


def entries() -> list[tuple[str, str]]:
    """What the journal has of guidance, in order."""
    return list(Entry.objects.order_by("pk").values_list("verb", "circle"))


def test_a_course_is_begun_once_and_others_know_of_it_by_its_tie(company: Company, hub: Actor) -> None:
    said = facts(fields=("finance", "innovation", "finance"), purpose=" Grow abroad ", hours=Decimal("2.5"))
    course = actions.begin_course(actor=hub, company=company, facts=said, request_key="form")
    assert actions.begin_course(actor=hub, company=company, facts=said, request_key="form") == course
    course.refresh_from_db()
    assert (course.organisation, course.fields, course.purpose, course.consultant) == (
        hub.organisation,
        ["innovation", "finance"],
        "Grow abroad",
        str(hub.user),
    )
    assert (course.municipality, course.place) == (company.municipality, company.municipality)
    tie = Tie.objects.get()
    assert (tie.fields, tie.consultant, tie.started, tie.ended, tie.confidential) == (course.fields, course.consultant, DAY, None, False)
    assert entries() == [("course.begun", Circle.ORGANISATION)]


def test_the_same_form_with_other_words_is_another_course(company: Company, hub: Actor) -> None:
    for purpose in ("Grow", "Export"):
        actions.begin_course(actor=hub, company=company, facts=facts(purpose=purpose), request_key="form")
    assert Course.objects.count() == 2


def test_the_municipality_is_that_of_the_first_day_and_the_place_that_of_the_establishment(company: Company, hub: Actor) -> None:
    before = factories.company("10000017", municipality="825").municipality
    Move.objects.create(company=company, on=dt.date(2026, 5, 1), municipality=before)
    unit = factories.establishment(company)
    course = factories.course(hub, company, establishment=unit)
    assert (course.municipality, course.place) == (before, unit.municipality)
    later = facts(started=dt.date(2026, 6, 1), establishment=None)
    changed = actions.change_course(actor=hub, course=course, facts=later)
    assert (changed.municipality, changed.place) == (company.municipality, company.municipality)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ended": dt.date(2026, 3, 1)}, "ended"),
        ({"hours": Decimal(-1)}, "hours"),
        ({"hours": Decimal("5000.01")}, "hours"),
        ({"fields": ("magic",)}, "fields"),
        ({"category": "magic"}, "category"),
        ({"started": dt.date(206, 3, 2)}, "started"),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_written(company: Company, hub: Actor, wrong: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidRequest) as refusal:
        actions.begin_course(actor=hub, company=company, facts=replace(facts(), **wrong))  # type: ignore[arg-type]
    assert list(refusal.value.fields) == [field]
    assert (Course.objects.count(), Tie.objects.count(), entries()) == (0, 0, [])


def test_an_establishment_of_another_company_is_refused(company: Company, hub: Actor) -> None:
    other = factories.establishment(factories.company("10000017"))
    with pytest.raises(InvalidRequest) as refusal:
        actions.begin_course(actor=hub, company=company, facts=facts(establishment=other))
    assert list(refusal.value.fields) == ["establishment"]


def test_a_consultant_is_a_colleague_who_may_see_the_course(company: Company, hub: Actor, team: Actor) -> None:
    stranger = factories.actor(of=OFFICE)
    for category, by, chosen in ((Category.GROWTH, hub, stranger), (Category.EARLY_WARNING, team, hub)):
        with pytest.raises(InvalidRequest) as refusal:
            actions.begin_course(actor=by, company=company, facts=facts(category, consultant=chosen.user))
        assert list(refusal.value.fields) == ["consultant"]


@pytest.mark.parametrize("role", [Role.READER, Role.CLERK, Role.FLOORWALKER, Role.ADMINISTRATOR])
def test_who_does_not_serve_companies_registers_nothing(company: Company, hub: Actor, role: str) -> None:
    course = factories.course(hub, company)
    somebody = factories.actor(role)
    with pytest.raises(NotAllowed):
        actions.begin_course(actor=somebody, company=company, facts=facts())
    with pytest.raises(NotAllowed):
        actions.end_course(actor=somebody, course=course, ended=DAY)


def test_another_organisation_changes_nothing(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    stranger = factories.actor(of=OFFICE)
    for change in (
        lambda: actions.change_course(actor=stranger, course=course, facts=facts(Category.SHORT)),
        lambda: actions.end_course(actor=stranger, course=course, ended=DAY),
        lambda: actions.remove_course(actor=stranger, course=course),
    ):
        with pytest.raises(NotAllowed):
            change()
    assert not courses_visible_to(stranger).exists()


@pytest.mark.parametrize("roles", [(Role.CONSULTANT,), (Role.LEADER,), (Role.READER,)])
def test_early_warning_is_the_teams_alone(company: Company, team: Actor, roles: tuple[str, ...]) -> None:
    course = factories.course(team, company, Category.EARLY_WARNING)
    others = (
        factories.actor(*roles),
        factories.actor(Role.EARLY_WARNING, of=OFFICE),
        factories.actor(Role.LEADER, Role.CONSULTANT, of="ihnd"),
    )
    for other in others:
        assert not courses_visible_to(other).exists()
        assert not ties_visible_to(other).exists()
        assert known_by(other, [company.pk]) == {}
        with pytest.raises(NotAllowed):
            actions.remove_course(actor=other, course=course)
    assert list(courses_visible_to(team)) == [course]
    assert entries() == [("course.begun", Circle.TEAM)]


def test_who_is_not_in_the_team_begins_no_early_warning_course(company: Company) -> None:
    for roles in ((Role.CONSULTANT,), (Role.LEADER,), (Role.READER,)):
        with pytest.raises(NotAllowed):
            actions.begin_course(actor=factories.actor(*roles), company=company, facts=facts(Category.EARLY_WARNING))
    assert not Course.objects.exists()


def test_who_works_with_early_warning_alone_registers_nothing_that_others_see(company: Company, team: Actor) -> None:
    for category in set(Category) - {Category.EARLY_WARNING}:
        with pytest.raises(NotAllowed):
            actions.begin_course(actor=team, company=company, facts=facts(category))
    course = factories.course(team, company, Category.EARLY_WARNING)
    with pytest.raises(NotAllowed):
        actions.change_course(actor=team, course=course, facts=facts(Category.GROWTH))
    assert [choice for choice, _label in CourseForm(actor=team, company=company).fields["category"].choices] == [Category.EARLY_WARNING]  # type: ignore[attr-defined]


def test_a_course_that_becomes_early_warning_is_hidden_with_everything_in_it(company: Company, hub: Actor) -> None:
    team = factories.actor(Role.CONSULTANT, Role.EARLY_WARNING)
    course = factories.course(team, company, Category.GROWTH)
    assert list(courses_visible_to(hub)) == [course]
    with pytest.raises(NotAllowed):
        actions.change_course(actor=hub, course=course, facts=facts(Category.EARLY_WARNING))
    actions.change_course(actor=team, course=course, facts=facts(Category.EARLY_WARNING))
    assert not courses_visible_to(hub).exists()
    assert not ties_visible_to(hub).exists()
    with pytest.raises(NotAllowed):
        actions.change_course(actor=hub, course=course, facts=facts(Category.GROWTH))
    actions.change_course(actor=team, course=course, facts=facts(Category.GROWTH))
    assert list(courses_visible_to(hub)) == [course]
    assert ties_visible_to(hub).count() == 1
    assert [circle for _verb, circle in entries()] == [Circle.ORGANISATION, Circle.TEAM, Circle.TEAM]


def test_a_course_whose_consultant_is_not_in_the_team_needs_another_to_become_early_warning(company: Company, hub: Actor) -> None:
    team = factories.actor(Role.CONSULTANT, Role.EARLY_WARNING)
    course = factories.course(hub, company)
    with pytest.raises(InvalidRequest):
        actions.change_course(actor=team, course=course, facts=facts(Category.EARLY_WARNING))
    changed = actions.change_course(actor=team, course=course, facts=facts(Category.EARLY_WARNING, consultant=team.user))
    assert changed.user == team.user


def test_a_course_ends_once_with_its_result_and_goes_on_when_it_is_opened_again(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    for _twice in range(2):
        actions.end_course(actor=hub, course=course, ended=dt.date(2026, 6, 1), result="Found a bank", hours=Decimal(12))
    with pytest.raises(NotNow):
        actions.end_course(actor=hub, course=course, ended=dt.date(2026, 6, 2), result="Found a bank")
    course.refresh_from_db()
    assert (course.ended, course.result, course.hours) == (dt.date(2026, 6, 1), "Found a bank", Decimal(12))
    assert Tie.objects.get().ended == dt.date(2026, 6, 1)
    for _twice in range(2):
        actions.reopen_course(actor=hub, course=course)
    assert Tie.objects.get().ended is None
    assert [verb for verb, _circle in entries()] == ["course.begun", "course.ended", "course.reopened"]


def test_a_course_cannot_end_before_it_starts(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    with pytest.raises(InvalidRequest) as refusal:
        actions.end_course(actor=hub, course=course, ended=dt.date(2026, 3, 1))
    assert list(refusal.value.fields) == ["ended"]


def test_what_was_registered_by_mistake_is_gone_everywhere_and_comes_back_exactly(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    was = Course.objects.filter(pk=course.pk).values().get()
    tied = Tie.objects.values_list("company", "organisation", "started", "ended").get()
    for _twice in range(2):
        actions.remove_course(actor=hub, course=course)
    assert not courses_visible_to(hub).exists()
    assert not Tie.objects.exists()
    with pytest.raises(NotNow):
        actions.end_course(actor=hub, course=course, ended=DAY)
    for _twice in range(2):
        actions.bring_back_course(actor=hub, course=course)
    assert Course.objects.filter(pk=course.pk).values().get() == was
    assert Tie.objects.values_list("company", "organisation", "started", "ended").get() == tied
    assert [verb for verb, _circle in entries()] == ["course.begun", "course.removed", "course.brought-back"]


def test_a_change_over_a_colleagues_change_is_not_made_unseen(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    seen = actions.stamp_of(Course.objects.get(pk=course.pk))
    actions.change_course(actor=hub, course=course, facts=facts(Category.SHORT), seen=seen)
    actions.change_course(actor=hub, course=course, facts=facts(Category.SHORT), seen=seen)  # a double click
    with pytest.raises(NotNow):
        actions.change_course(actor=hub, course=course, facts=facts(Category.OPERATIONS), seen=seen)
    course.refresh_from_db()
    assert course.category == Category.SHORT


def test_entries_of_the_journal_hold_no_words_of_anybody(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company, purpose="The owner is ill")
    actions.change_course(actor=hub, course=course, facts=facts(purpose="The owner is well"))
    actions.end_course(actor=hub, course=course, ended=DAY, result="The owner has gone")
    told = str([(entry.before, entry.after) for entry in Entry.objects.all()])
    assert "owner" not in told
    assert HUB not in told
