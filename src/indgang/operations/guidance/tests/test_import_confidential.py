"""Early Warning courses in tables: who brings them in, and that nobody else learns of them by an import or an export."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Role
from indgang.foundation.imports.commands import run_export
from indgang.foundation.imports.models import Batch
from indgang.foundation.journal.models import Circle, Entry
from indgang.operations.guidance.actions import courses as actions
from indgang.operations.guidance.actions import log
from indgang.operations.guidance.facts import ContactFacts, CourseFacts
from indgang.operations.guidance.models import Course
from indgang.operations.guidance.tests import factories
from indgang.operations.guidance.tests.browsing import browser, page
from indgang.operations.guidance.tests.factories import HUB
from indgang.operations.guidance.tests.tables import COLUMNS, ONE, done, refused, taken_out
from indgang.registers.parties.models import Company, Tie
from indgang.registers.parties.queries.ties import ties_visible_to

pytestmark = pytest.mark.django_db
SECRET = f"EW-77,10000009,,{HUB},early-warning,finance,2024-03-05,2024-05-06,12.5,Bo Hemmelig\n"
WORDS = ("EW-77", "Hemmelig")
MIXED = COLUMNS + ONE + SECRET


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> None:
    """Files go to a folder of the test's own."""
    settings.HOME = tmp_path


@pytest.fixture
def leader(region: Any) -> Actor:
    """The operator's leader, who may import, and is in no team."""
    return factories.actor(Role.LEADER, Role.CONSULTANT, of="ihnd")


@pytest.fixture
def insider(region: Any) -> Actor:
    """The operator's administrator, who is in the operator's own team."""
    return factories.actor(Role.ADMINISTRATOR, Role.EARLY_WARNING, of="ihnd")


def handed_in(client: Client, text: str) -> str:
    """The address of the preview of a table."""
    upload = SimpleUploadedFile("table.csv", text.encode())
    return client.post("/imports/", {"kind": "courses", "file": upload}).headers["Location"]


def test_the_server_brings_them_in_and_their_ties_are_the_teams(company: Company, hub: Actor, team: Actor) -> None:
    done(MIXED)
    assert Course.objects.get(reference="EW-77").confidential
    assert [tie.confidential for tie in Tie.objects.order_by("pk")] == [False, True]
    assert ties_visible_to(hub).count() == 1
    assert ties_visible_to(team).count() == 2


def test_a_course_that_a_table_makes_confidential_is_the_teams_from_then_on(company: Company, hub: Actor) -> None:
    done(COLUMNS + ONE)
    done(COLUMNS + ONE.replace("growth", "early-warning"))
    assert Tie.objects.get().confidential
    assert not ties_visible_to(hub).exists()


def test_on_the_web_only_their_team_brings_them_in(company: Company, leader: Actor, insider: Actor) -> None:
    team_only = "Courses of Early Warning are brought in by their team alone."
    own = SECRET.replace(HUB, "ihnd")
    assert refused(COLUMNS + SECRET, leader) == refused(COLUMNS + SECRET, insider) == [(2, "category", "early-warning", team_only)]
    assert refused(COLUMNS + own, leader) == [(2, "category", "early-warning", team_only)]
    done(COLUMNS + own, insider)
    assert Course.objects.get().confidential


def test_a_reference_of_theirs_is_used_already_and_nothing_more_is_told(company: Company, leader: Actor) -> None:
    done(MIXED)
    for text in (COLUMNS + SECRET, COLUMNS + SECRET.replace("early-warning", "growth"), "reference,ended\nEW-77,1999-01-01\n"):
        assert [(row, column, message) for row, column, _value, message in refused(text, leader)] == [
            (2, "reference", "This reference is used already.")
        ]


def test_no_export_has_them_and_all_say_so(company: Company, insider: Actor, capfd: pytest.CaptureFixture[str]) -> None:
    done(MIXED)
    options = type("Options", (), {"kind": "courses", "format": "csv", "out": None})()
    run_export(options)
    printed = capfd.readouterr()
    assert printed.out == COLUMNS + ONE.replace("finance|innovation", "innovation|finance")
    assert "Courses of Early Warning are not in this table" in printed.err
    for form in ("csv", "json"):
        assert not [word for word in WORDS if word in taken_out(insider, form=form)]
    assert "Courses of Early Warning are not in this table" in page(browser(insider).get("/imports/"))


def test_what_is_said_is_the_same_where_there_are_none(company: Company, capfd: pytest.CaptureFixture[str]) -> None:
    options = type("Options", (), {"kind": "courses", "format": "csv", "out": None})()
    run_export(options)
    none = capfd.readouterr().err
    done(COLUMNS + SECRET)
    run_export(options)
    assert capfd.readouterr().err == none


def test_the_pages_of_a_batch_tell_others_nothing_of_them(company: Company, leader: Actor) -> None:
    batch = done(MIXED)
    client = browser(leader)
    shown = page(client.get(f"/imports/{batch.pk}/"))
    assert "<dt>New</dt><dd>1</dd>" in shown
    assert '<td class="i-number-cell">1</td>' in page(client.get("/imports/"))
    undone = page(client.post(f"/imports/{batch.pk}/undo/"))
    assert "<dt>Removed</dt><dd>1</dd>" in undone
    assert not [word for word in WORDS if word in shown + undone]
    assert (Course.objects.count(), Tie.objects.count()) == (0, 0)


def test_one_that_the_team_works_on_stays_and_is_not_named_to_others(company: Company, leader: Actor, team: Actor) -> None:
    batch = done(MIXED)
    course = Course.objects.get(reference="EW-77")
    log.log_contact(actor=team, course=course, facts=ContactFacts(on=course.started, how="phone"))
    client = browser(leader)
    undone = page(client.post(f"/imports/{batch.pk}/undo/"))
    assert "<dt>Removed</dt><dd>1</dd>" in undone
    assert "<dt>Changed since, and kept</dt><dd>0</dd>" in undone
    assert "What was kept" not in undone
    shown = page(client.get(f"/imports/{batch.pk}/"))
    assert "kept" not in shown
    assert "Take this import back" not in shown
    assert "This import was undone already." in page(client.post(f"/imports/{batch.pk}/undo/", follow=True))
    assert Course.objects.get() == course


def test_a_batch_of_nothing_else_is_not_there_for_others(company: Company, leader: Actor, insider: Actor) -> None:
    theirs = done(COLUMNS + SECRET)
    own = done(COLUMNS + SECRET.replace("EW-77", "EW-78").replace(HUB, "ihnd"))
    client = browser(leader)
    assert "Nothing was imported yet" in page(client.get("/imports/"))
    assert {client.get(f"/imports/{batch.pk}/").status_code for batch in (theirs, own)} == {404}
    assert {client.post(f"/imports/{batch.pk}/undo/").status_code for batch in (theirs, own)} == {404}
    knowing = browser(insider)
    assert (knowing.get(f"/imports/{theirs.pk}/").status_code, knowing.get(f"/imports/{own.pk}/").status_code) == (404, 200)
    assert "<dt>Removed</dt><dd>1</dd>" in page(knowing.post(f"/imports/{own.pk}/undo/"))


def test_a_colleague_cannot_open_the_table_that_a_member_of_the_team_handed_in(company: Company, leader: Actor, insider: Actor) -> None:
    address = handed_in(browser(insider), COLUMNS + SECRET.replace(HUB, "ihnd"))
    assert "EW-77" in page(browser(insider).get(address))
    assert browser(leader).get(address).status_code == 404
    done(COLUMNS + SECRET)
    kept = Batch.objects.get().file
    assert kept is not None
    assert browser(leader).get(f"/imports/courses/files/{kept.pk}/").status_code == 404


def test_the_journal_counts_only_what_others_may_know(company: Company, leader: Actor) -> None:
    done(MIXED)
    done(COLUMNS + SECRET.replace("EW-77", "EW-78"))
    told = [(entry.circle, entry.after["created"]) for entry in Entry.objects.filter(verb="batch.imported").order_by("pk")]
    assert told == [(Circle.ORGANISATION, 1), (Circle.SYSTEM, 0)]


def test_a_course_that_its_team_made_confidential_since_is_named_on_no_page_of_its_import(company: Company, leader: Actor) -> None:
    batch = done(COLUMNS + ONE + SECRET.replace("early-warning", "growth"))
    insider = factories.actor(Role.CONSULTANT, Role.EARLY_WARNING)
    course = Course.objects.get(reference="EW-77")
    actions.change_course(actor=insider, course=course, facts=replace(facts_of_form(course), category="early-warning"))
    client = browser(leader)
    shown = page(client.get(f"/imports/{batch.pk}/"))
    undone = page(client.post(f"/imports/{batch.pk}/undo/"))
    assert not [word for word in (*WORDS, "early-warning") if word in shown + undone]
    assert "<dt>Removed</dt><dd>1</dd>" in undone
    assert Course.objects.get() == course


def facts_of_form(course: Course) -> CourseFacts:
    """What a form says that changes nothing."""
    return CourseFacts(
        category=course.category, started=course.started, ended=course.ended, fields=tuple(course.fields), hours=course.hours
    )
