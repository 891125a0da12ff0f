"""What stands beside a course (contacts, next steps), and deliveries, by hand."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from indgang.foundation.access.actors import Actor, NotAllowed
from indgang.foundation.identity.models import Role
from indgang.foundation.journal.models import Circle, Entry
from indgang.operations.guidance.actions import courses, deliveries, log, steps
from indgang.operations.guidance.errors import InvalidRequest, NotNow
from indgang.operations.guidance.facts import ContactFacts, DeliveryFacts
from indgang.operations.guidance.models import Category, Delivery, LogEntry, NextStep
from indgang.operations.guidance.queries.courses import deliveries_visible_to
from indgang.operations.guidance.tests import factories
from indgang.operations.guidance.tests.factories import OFFICE
from indgang.registers.parties.models import Company, Tie

pytestmark = pytest.mark.django_db
CALL = ContactFacts(on=dt.date(2026, 11, 20), how="phone", text="Talked about Hamburg", hours=Decimal("0.5"))
NEWS = DeliveryFacts(kind="information", date=dt.date(2026, 11, 20), topic="Tax card")


def verbs() -> list[str]:
    """What the journal has, in order."""
    return list(Entry.objects.order_by("pk").values_list("verb", flat=True))


def test_a_contact_is_noted_once_corrected_removed_and_brought_back(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    entry = log.log_contact(actor=hub, course=course, facts=CALL, request_key="form")
    assert log.log_contact(actor=hub, course=course, facts=CALL, request_key="form") == entry
    visit = ContactFacts(on=CALL.on, how="visit", text="Saw the hall")
    for _twice in range(2):
        log.change_contact(actor=hub, entry=entry, facts=visit)
    entry.refresh_from_db()
    assert (entry.how, entry.text, entry.hours, entry.author) == ("visit", "Saw the hall", None, hub.user)
    for _twice in range(2):
        log.remove_contact(actor=hub, entry=entry)
    for _twice in range(2):
        log.bring_back_contact(actor=hub, entry=entry)
    assert LogEntry.objects.get().removed_at is None
    nouns = ["noted", "changed", "removed", "brought-back"]
    assert verbs() == ["course.begun", *(f"course-contact.{noun}" for noun in nouns)]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (ContactFacts(on=dt.date(2026, 11, 25), how="phone"), "on"),
        (ContactFacts(on=dt.date(2026, 3, 1), how="phone"), "on"),
        (ContactFacts(on=CALL.on, how="phone", hours=Decimal("24.5")), "hours"),
        (ContactFacts(on=CALL.on, how="dove"), "how"),
    ],
)
def test_a_contact_that_cannot_have_been_is_refused(company: Company, hub: Actor, wrong: ContactFacts, field: str) -> None:
    course = factories.course(hub, company)
    with pytest.raises(InvalidRequest) as refusal:
        log.log_contact(actor=hub, course=course, facts=wrong)
    assert list(refusal.value.fields) == [field]
    assert not LogEntry.objects.exists()


def test_a_step_is_agreed_once_done_and_not_done_after_all(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    agreed = {"text": " Send the form ", "due": dt.date(2026, 12, 1), "by_company": True}
    step = steps.agree_step(actor=hub, course=course, request_key="form", **agreed)  # type: ignore[arg-type]
    assert steps.agree_step(actor=hub, course=course, request_key="form", **agreed) == step  # type: ignore[arg-type]
    for change in (steps.step_done, steps.step_undone, steps.remove_step, steps.bring_back_step):
        for _twice in range(2):
            change(actor=hub, step=step)
    steps.change_step(actor=hub, step=step, text="Send both forms", due=None)
    found = NextStep.objects.get()
    assert (found.text, found.due, found.by_company, found.done_on, found.removed_at) == ("Send both forms", None, False, None, None)
    assert verbs() == ["course.begun", *(f"next-step.{was}" for was in ("agreed", "done", "undone", "removed", "brought-back", "changed"))]


@pytest.mark.parametrize("text", ["", "  ", "x" * 301])
def test_a_step_says_what_is_to_be_done_in_one_line(company: Company, hub: Actor, text: str) -> None:
    course = factories.course(hub, company)
    with pytest.raises(InvalidRequest):
        steps.agree_step(actor=hub, course=course, text=text)
    assert not NextStep.objects.exists()


def test_nothing_is_written_in_a_course_that_was_removed(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    entry = log.log_contact(actor=hub, course=course, facts=CALL)
    courses.remove_course(actor=hub, course=course)
    with pytest.raises(NotNow):
        log.remove_contact(actor=hub, entry=entry)
    with pytest.raises(NotNow):
        steps.agree_step(actor=hub, course=course, text="Call")


def test_what_is_written_in_an_early_warning_course_stays_in_the_team(company: Company, hub: Actor, team: Actor) -> None:
    course = factories.course(team, company, Category.EARLY_WARNING)
    entry = log.log_contact(actor=team, course=course, facts=CALL)
    step = steps.agree_step(actor=team, course=course, text="Call the bank")
    assert set(Entry.objects.values_list("circle", flat=True)) == {Circle.TEAM}
    with pytest.raises(NotAllowed):
        log.remove_contact(actor=hub, entry=entry)
    with pytest.raises(NotAllowed):
        steps.step_done(actor=hub, step=step)


def test_whoever_works_with_early_warning_alone_registers_no_delivery_for_others_to_see(company: Company) -> None:
    with pytest.raises(NotAllowed):
        deliveries.register_delivery(actor=factories.actor(Role.EARLY_WARNING), company=company, facts=NEWS)
    assert not Tie.objects.exists()


def test_a_delivery_is_registered_once_and_others_know_of_it_by_its_tie(company: Company, hub: Actor) -> None:
    delivery = deliveries.register_delivery(actor=hub, company=company, facts=NEWS, request_key="form")
    assert deliveries.register_delivery(actor=hub, company=company, facts=NEWS, request_key="form") == delivery
    assert (delivery.organisation, delivery.author, delivery.municipality, delivery.place) == (
        hub.organisation,
        hub.user,
        company.municipality,
        company.municipality,
    )
    service = DeliveryFacts(kind="service", date=dt.date(2026, 11, 19), topic="Tax card")
    for _twice in range(2):
        deliveries.change_delivery(actor=hub, delivery=delivery, facts=service)
    tie = Tie.objects.get()
    assert (tie.started, tie.ended, tie.consultant, tie.confidential) == (service.date, service.date, str(hub.user), False)
    for _twice in range(2):
        deliveries.remove_delivery(actor=hub, delivery=delivery)
    assert (deliveries_visible_to(hub).count(), Tie.objects.count()) == (0, 0)
    with pytest.raises(NotNow):
        deliveries.change_delivery(actor=hub, delivery=delivery, facts=NEWS)
    for _twice in range(2):
        deliveries.bring_back_delivery(actor=hub, delivery=delivery)
    assert (deliveries_visible_to(hub).count(), Tie.objects.count()) == (1, 1)
    assert verbs() == [f"delivery.{was}" for was in ("registered", "changed", "removed", "brought-back")]


def test_a_delivery_of_another_organisation_is_nobodys_to_change(company: Company, hub: Actor) -> None:
    delivery = deliveries.register_delivery(actor=hub, company=company, facts=NEWS)
    for other in (factories.actor(of=OFFICE), factories.actor(Role.READER)):
        with pytest.raises(NotAllowed):
            deliveries.remove_delivery(actor=other, delivery=delivery)


def test_a_delivery_is_registered_when_it_has_been(company: Company, hub: Actor) -> None:
    with pytest.raises(InvalidRequest):
        deliveries.register_delivery(actor=hub, company=company, facts=DeliveryFacts(kind="service", date=dt.date(2026, 11, 25)))
    assert not Delivery.objects.exists()
