"""What organisations keep about the same company, and what a confidential team does: every address x every role.

The addresses come from the urlconf itself, so a new page is tested without being listed. All kinds of records have the same number, so that
a page that asks for the wrong kind shows somebody else's.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.conf import LazySettings, settings
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from indgang.config import program
from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import WITH_COMPANIES, Role
from indgang.foundation.imports.kinds import KINDS
from indgang.operations.guidance.actions.courses import begin_course
from indgang.operations.guidance.actions.deliveries import register_delivery
from indgang.operations.guidance.actions.log import log_contact
from indgang.operations.guidance.actions.steps import agree_step
from indgang.operations.guidance.facts import ContactFacts as Talk
from indgang.operations.guidance.facts import CourseFacts, DeliveryFacts
from indgang.operations.guidance.models import Category, Course, Delivery, LogEntry, NextStep
from indgang.operations.reception.tests.staff_day import logged_in
from indgang.registers.parties.actions.contacts import ContactFacts, add_contact
from indgang.registers.parties.actions.notes import write_note
from indgang.registers.parties.models import Company, CompanyNote, Contact, Sharing
from indgang.registers.parties.tests import factories

pytestmark = pytest.mark.django_db
HUB, OFFICE, IHND = "erhvervshus-nordjylland", "erhvervskontor-aalborg", "ihnd"
NUMBER = 4711
TODAY = dt.date(2026, 11, 24)
NAME, CVR = "Klitmøllens Værksted ApS", "30000005"
# what the hub keeps for itself, and what its Early Warning team keeps from everybody
OWN = ("Quirina Zabłocka", "quirina@zablocka.example", "Wants to sell to Poland", "Purpose Zanzibar", "Talk Timbuktu", "Step Samarkand")
SECRET = ("Xaver Nowak", "xaver@nowak.example", "Cannot pay wages", "Purpose Reykjavik", "Talk Ouagadougou", "Step Vladivostok")
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>|\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")
WORDS = {"kind": "courses", "form": "csv", "day": "2026-11-24", "year": "2026", "house": "aalborg", "office": OFFICE, "organisation": HUB}
# of each request anew: what protects forms, and names that only belong to one answer
ANEW = re.compile(r'(?:nonce|value)="[\w-]{16,}={0,2}"|csrf\w*: ?"[^"]+"|[\w-]{64}')


@pytest.fixture
def company(settings: LazySettings) -> Company:
    """A company that the hub guides, and whose card the office may open. Whatever is made next has the same number."""
    settings.CLOCK_STARTS_AT, settings.CLOCK_SINCE = dt.datetime(2026, 11, 24, 9, 20, tzinfo=dt.UTC), time.time()
    factories.operator()
    for key in (HUB, OFFICE):
        factories.organisation(key)
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in ("parties", "guidance") and model._meta.pk.get_internal_type() in ("AutoField", "BigAutoField"):
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s, false)", [model._meta.db_table, model._meta.pk.column, NUMBER]
                )
    made = factories.company(NAME, cvr=CVR, code="851")
    assert made.pk == NUMBER
    return made


def kept(actor: Actor, company: Company, words: tuple[str, ...], sharing: str, category: str) -> None:
    """Everything that a colleague can write down about a company."""
    name, email, note, purpose, talk, step = words
    add_contact(actor=actor, company=company, facts=ContactFacts(name=name, email=email, sharing=sharing))
    write_note(actor=actor, company=company, text=note, on=TODAY, sharing=sharing)
    course = begin_course(actor=actor, company=company, facts=CourseFacts(category=category, started=TODAY, purpose=purpose))
    log_contact(actor=actor, course=course, facts=Talk(on=TODAY, how="visit", text=talk))
    agree_step(actor=actor, course=course, text=step, due=TODAY)


def openly(company: Company) -> None:
    """What the hub keeps for itself."""
    hub = factories.colleague(Role.CONSULTANT, HUB)
    kept(hub, company, OWN, Sharing.ORGANISATION, Category.GROWTH)
    register_delivery(actor=hub, company=company, facts=DeliveryFacts(kind="service", date=TODAY, topic="Topic Tasmania"))


def in_confidence(company: Company) -> None:
    """What the hub's Early Warning team does."""
    kept(factories.colleague(Role.EARLY_WARNING, HUB), company, SECRET, Sharing.TEAM, Category.EARLY_WARNING)


def addresses(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every address of the urlconf but reception's, which knows no company; a parameter that names no kind of thing is the number."""
    for pattern in patterns:
        if getattr(pattern, "app_name", "") == "reception":
            continue
        route = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif not route.startswith(("account/", "demo/")):
            yield PARAMETER.sub(lambda found: WORDS.get(found[2] or found[3], str(NUMBER)), route)


def asked() -> list[dict[str, str]]:
    """What somebody curious writes into searches and addresses."""
    about = {"company": str(NUMBER), "cvr": CVR, "first": "2026-01-01", "last": "2026-12-31"}
    return [{**about, "q": NAME, "name": NAME}, {**about, "q": SECRET[0], "name": SECRET[0]}, {**about, "q": SECRET[1], "part": "category"}]


def answers(client: Client) -> dict[tuple[str, str], tuple[int, str]]:
    """What every address answers to every question: status and text, without what is new each time."""
    told = {}
    for address in addresses(get_resolver().url_patterns):
        for question in asked():
            settings.CLOCK_SINCE = time.time()  # every request is at the same moment, however long the walk takes
            response = client.get(f"/{address}", question)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            text = "" if body.startswith(b"PK") else body.decode(errors="replace")
            told[address, question["q"]] = response.status_code, ANEW.sub("", text)
    return told


def exported(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """What the program writes of every kind of table."""
    told = {}
    for kind in KINDS:
        program.run_or_refuse(["export", kind])
        captured = capsys.readouterr()
        told[kind] = captured.out + captured.err
    return told


def rows() -> list[list[tuple[Any, ...]]]:
    """Everything that is kept about the company."""
    models = (Company, Contact, CompanyNote, Course, Delivery, LogEntry, NextStep)
    return [list(model._base_manager.filter(pk=NUMBER).values_list()) for model in models]


def browser(role: str, of: str) -> Client:
    user = factories.colleague(role, of).user
    assert user
    return logged_in(user)


CURIOUS = [
    (Role.CONSULTANT, HUB),
    (Role.LEADER, HUB),
    (Role.READER, HUB),
    (Role.CONSULTANT, OFFICE),
    (Role.EARLY_WARNING, OFFICE),
    (Role.LEADER, IHND),
    (Role.ADMINISTRATOR, IHND),
]


@pytest.mark.parametrize(("role", "of"), CURIOUS)
def test_no_answer_tells_whether_a_company_is_in_confidence(company: Company, role: str, of: str) -> None:
    """Every page, list, search, count and file is the same, letter by letter, whether the team guides the company or not."""
    openly(company)
    client = browser(role, of)
    before = answers(client)
    in_confidence(company)
    after = answers(client)
    assert {question for question, answer in after.items() if answer != before[question]} == set()


def test_the_programs_own_files_do_not_tell_it_either(company: Company, capsys: pytest.CaptureFixture[str]) -> None:
    openly(company)
    before = exported(capsys)
    in_confidence(company)
    assert exported(capsys) == before


def test_the_walk_would_notice(company: Company) -> None:
    openly(company)
    client = browser(Role.EARLY_WARNING, HUB)
    before = answers(client)
    in_confidence(company)
    assert {question for question, answer in answers(client).items() if answer != before[question]} != set()


@pytest.mark.parametrize("role", WITH_COMPANIES)
def test_another_organisation_reads_nothing_of_what_the_hub_keeps_for_itself(company: Company, role: str) -> None:
    openly(company)
    told = answers(browser(role, OFFICE))
    assert {(question, word) for question, (_status, text) in told.items() for word in OWN if word in text} == set()


@pytest.mark.parametrize(("role", "of"), [*((role, OFFICE) for role in WITH_COMPANIES), (Role.READER, HUB), (Role.CLERK, HUB)])
def test_who_may_not_changes_nothing(company: Company, role: str, of: str) -> None:
    openly(company)
    before = rows()
    client = browser(role, of)
    for address in addresses(get_resolver().url_patterns):
        for question in asked():
            client.post(f"/{address}", {**question, "text": "changed", "name": "changed", "started": "2026-11-01", "judgement": "same"})
    assert rows()[1:] == before[1:]
