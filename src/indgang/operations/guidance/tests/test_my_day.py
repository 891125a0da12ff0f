"""What a consultant's courses need, on the page after login."""

from __future__ import annotations

import datetime as dt

import pytest

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Role
from indgang.operations.guidance.actions import log, steps
from indgang.operations.guidance.facts import ContactFacts
from indgang.operations.guidance.models import Category
from indgang.operations.guidance.tests import factories
from indgang.operations.guidance.tests.browsing import browser, page
from indgang.registers.parties.models import Company

pytestmark = pytest.mark.django_db


def test_steps_due_and_quiet_courses_stand_there_for_their_consultant_alone(company: Company, hub: Actor) -> None:
    course = factories.course(hub, company)
    client = browser(hub)
    assert "No contact for 267 days, and nothing is agreed." in page(client.get("/my-day/"))
    step = steps.agree_step(actor=hub, course=course, text="Send the form", due=dt.date(2026, 11, 23))
    assert "Send the form, due" in page(client.get("/my-day/"))
    colleague = browser(factories.actor(Role.LEADER))
    assert "Send the form" not in page(colleague.get("/my-day/"))
    steps.step_done(actor=hub, step=step)
    log.log_contact(actor=hub, course=course, facts=ContactFacts(on=dt.date(2026, 11, 20), how="phone"))
    assert "No step is due today, and no course has been quiet for long." in page(client.get("/my-day/"))


def test_the_teams_courses_stand_on_the_teams_page_alone(company: Company, hub: Actor, team: Actor) -> None:
    course = factories.course(team, company, Category.EARLY_WARNING)
    steps.agree_step(actor=team, course=course, text="Call the bank", due=dt.date(2026, 11, 24))
    assert "Call the bank, today." in page(browser(team).get("/my-day/"))
    assert "Call the bank" not in page(browser(hub).get("/my-day/"))
