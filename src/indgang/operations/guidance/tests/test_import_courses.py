"""Courses in and out: what a table says, what it may not say, and the way back."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from indgang.foundation.access.actors import Actor
from indgang.foundation.imports.actions import undo_batch
from indgang.operations.guidance.actions import courses as actions
from indgang.operations.guidance.models import Course, LogEntry
from indgang.operations.guidance.tests import factories
from indgang.operations.guidance.tests.factories import HUB, OFFICE, facts
from indgang.operations.guidance.tests.tables import COLUMNS, ONE, done, everything, hand_in, refused, server, taken_out
from indgang.registers.parties.models import Company, Move, Tie

pytestmark = pytest.mark.django_db
TABLE = COLUMNS + ONE


def test_a_row_is_a_course_and_others_know_of_it_by_its_tie(company: Company) -> None:
    before = factories.company("10000017", municipality="825").municipality
    Move.objects.create(company=company, on=dt.date(2025, 1, 1), municipality=before)
    unit = factories.establishment(company)
    done(TABLE.replace("10000009,,", f"10000009,{unit.p_number},"))
    course = Course.objects.get()
    assert (course.reference, course.company, course.establishment, course.organisation.key) == ("C-1", company, unit, HUB)
    assert (course.category, course.fields, course.consultant, course.user) == ("growth", ["innovation", "finance"], "Anna Vester", None)
    assert (course.started, course.ended, course.hours) == (dt.date(2024, 3, 5), dt.date(2024, 5, 6), Decimal("12.5"))
    assert (course.municipality, course.place) == (before, unit.municipality)
    tie = Tie.objects.get()
    assert (tie.source, tie.company, tie.organisation, tie.fields, tie.consultant, tie.started, tie.ended, tie.confidential) == (
        f"guidance.course:{course.pk}",
        company,
        course.organisation,
        course.fields,
        "Anna Vester",
        course.started,
        course.ended,
        False,
    )


def test_danish_headers_words_dates_and_decimals_are_read(company: Company) -> None:
    header = "Forløbsnummer;CVR-nr;Organisation;Kategori;Fagområder;Startdato;Slutdato;Timer;Konsulent\n"
    done(header + f"C-1;DK 10 00 00 09;{HUB};Vækst;Finance | innovation;5.3.2024;;12,333;Anna\n")
    course = Course.objects.get()
    assert (course.category, course.fields, course.started, course.ended, course.hours) == (
        "growth",
        ["innovation", "finance"],
        dt.date(2024, 3, 5),
        None,
        Decimal("12.33"),
    )


def test_the_same_table_again_changes_nothing(company: Company) -> None:
    text = TABLE + f"C-2,10000009,,{HUB},short,,2024-03-05,,,\nC-3,10000009,,{HUB},early-warning,,2024-03-05,,1.005,\n"
    done(text)
    before = everything()
    batch, report = hand_in(text)
    assert (batch, report.created, report.updated, report.unchanged, report.refused) == (None, 0, 0, 3, [])
    assert everything() == before


def test_empty_cells_keep_what_is_stored_but_the_last_day_and_the_first_day_decides_the_municipality(company: Company) -> None:
    done(TABLE)
    before = factories.company("10000017", municipality="825").municipality
    Move.objects.create(company=company, on=dt.date(2024, 1, 1), municipality=before)
    done(COLUMNS + "C-1,,,,,,,,13,\n")
    course = Course.objects.get()
    assert (course.hours, course.ended, course.consultant, course.municipality) == (
        13,
        None,
        "Anna Vester",
        company.municipality,
    )
    done("reference,started,ended\nC-1,2023-12-31,2024-06-01\n")
    course.refresh_from_db()
    assert (course.municipality, Tie.objects.get().started, Tie.objects.get().ended) == (before, course.started, course.ended)


BAD = [
    ("cvr", "10000008", "This is not a CVR number: eight digits, of which the last checks the others."),
    ("cvr", "10000041", "No company with this CVR number is known. Import the companies first."),
    ("p_number", "123", "This is not a P-number: ten digits."),
    ("p_number", "1999999999", "No establishment with this P-number is known. Import the establishments first."),
    ("p_number", "1000000002", "This establishment belongs to another company."),
    ("organisation", "nobody", "There is no organisation with this key."),
    ("category", "huge", "Write one of: growth, operations, short, early-warning."),
    ("started", "2024-02-30", "There is no such day."),
    ("ended", "2024-03-04", "The course ends before it starts."),
    ("hours", "-1", "Hours cannot be negative."),
    ("hours", "6000", "These are more hours than anybody can have worked."),
    ("hours", "many", "Write a number such as 12.5 or 12,5."),
    ("cvr", "", "This must be filled in."),
    ("category", "", "This must be filled in."),
    ("started", "", "This must be filled in."),
    ("organisation", "", "Say whose it is: this must be filled in."),
    ("reference", "=1+1", "A reference begins with a letter or a digit."),
]


@pytest.mark.parametrize(("column", "value", "message"), BAD)
def test_a_row_that_cannot_be_is_refused_with_its_column_and_the_reason(company: Company, column: str, value: str, message: str) -> None:
    factories.establishment(factories.company("10000017"), "1000000002")
    names, cells = COLUMNS.strip().split(","), ONE.strip().split(",")
    cells[names.index(column)] = value
    good = ONE.replace("C-1", "C-0")
    assert refused(COLUMNS + good + ",".join(cells) + "\n") == [(3, column, value, message)]


def test_fields_that_are_none_are_named_with_those_there_are(company: Company) -> None:
    ((row, column, value, message),) = refused(TABLE.replace("finance|innovation", "finance|magic|more"))
    assert (row, column, value) == (2, "fields", "finance|magic|more")
    assert message.startswith("Not a field: magic, more. The fields are: qualified-labour, green-circular, ")


def test_the_same_reference_twice_is_refused(company: Company) -> None:
    assert refused(TABLE + ONE) == [(3, "reference", "C-1", "Row 2 and row 3 have the same reference.")]


def test_an_organisation_writes_its_own_courses_alone(company: Company) -> None:
    hub, office = server(HUB), server(OFFICE)
    foreign = "This belongs to another organisation. Only its own, or the region's operator, can bring it in."
    assert refused(TABLE, office) == [(2, "organisation", HUB, foreign)]
    done(TABLE.replace(HUB, ""), hub)
    assert Course.objects.get().organisation.key == HUB
    used = [(2, "reference", "C-1", "This reference is used already.")]
    assert refused(TABLE, office) == refused("reference,ended\nC-1,1999-01-01\n", office) == used
    assert refused(TABLE.replace(HUB, OFFICE), office) == used


def test_taking_it_back_removes_restores_and_leaves_what_people_changed(company: Company, hub: Actor) -> None:
    nothing = everything()
    first = done(TABLE + ONE.replace("C-1", "C-2"))
    before = everything()
    second = done(TABLE.replace("12.5", "13").replace("2024-05-06", "2024-06-06"))
    undone = undo_batch(actor=server(), batch=second)
    assert (undone.removed, undone.restored, undone.kept) == (0, 1, [])
    assert everything() == before

    changed = Course.objects.get(reference="C-1")
    actions.end_course(actor=hub, course=actions.reopen_course(actor=hub, course=changed), ended=dt.date(2024, 7, 7))
    undone = undo_batch(actor=server(), batch=first)
    assert (undone.removed, [(one.row, one.column, one.value) for one in undone.kept]) == (1, [(2, "ended", "2024-07-07")])
    actions.end_course(actor=hub, course=actions.reopen_course(actor=hub, course=changed), ended=dt.date(2024, 5, 6))
    undo_batch(actor=server(), batch=first)
    assert everything() == nothing


@pytest.mark.parametrize("what", ["log", "purpose", "establishment"])
def test_a_course_that_people_work_on_stays_when_its_table_is_taken_back(company: Company, hub: Actor, what: str) -> None:
    batch = done(TABLE)
    course = Course.objects.get()
    if what == "log":
        LogEntry.objects.create(course=course, on=course.started, how="phone", author=hub.user)
    else:
        said = facts(started=course.started, ended=course.ended, hours=course.hours, fields=tuple(course.fields))
        more = {"purpose": "Grow"} if what == "purpose" else {"establishment": factories.establishment(company)}
        actions.change_course(actor=hub, course=course, facts=replace(said, **more))
    undone = undo_batch(actor=server(), batch=batch)
    assert (undone.removed, len(undone.kept), Course.objects.count(), Tie.objects.count()) == (0, 1, 1, 1)


def test_what_people_changed_is_left_by_every_table_that_says_otherwise(company: Company, hub: Actor) -> None:
    done(TABLE)
    course = Course.objects.get()
    kept = facts(started=course.started, ended=course.ended, hours=Decimal(20), fields=("finance", "innovation"))
    actions.change_course(actor=hub, course=course, facts=kept)
    batch, report = hand_in(TABLE)
    assert batch is None
    assert [(one.column, one.value, one.message) for one in report.kept] == [
        ("hours", "12.5", "People here have noted “20” since. That stays.")
    ]
    actions.change_course(actor=hub, course=course, facts=replace(kept, hours=Decimal("12.5")))
    done(TABLE.replace("12.5", "14"))
    assert Course.objects.get().hours == 14


def test_an_empty_last_day_means_that_the_course_still_runs(company: Company) -> None:
    """A table without the column says nothing about it, and a batch that is taken back brings the day again."""
    done(TABLE)
    done("reference,hours\nC-1,13\n")
    assert Course.objects.get().ended == dt.date(2024, 5, 6)
    batch = done(TABLE.replace("2024-05-06", ""))
    assert Course.objects.get().ended is None
    assert Tie.objects.get().ended is None
    undo_batch(actor=server(), batch=batch)
    assert Course.objects.get().ended == dt.date(2024, 5, 6)


def test_a_new_first_day_goes_not_with_a_last_day_that_people_noted(company: Company, hub: Actor) -> None:
    done(TABLE.replace("2024-05-06", ""))
    actions.end_course(actor=hub, course=Course.objects.get(), ended=dt.date(2024, 4, 1))
    batch, report = hand_in(TABLE.replace("2024-05-06", "").replace("2024-03-05", "2024-04-30"))
    assert (batch, report.refused, [one.column for one in report.kept]) == (None, [], ["started", "ended"])


def test_what_people_removed_stays_removed(company: Company, hub: Actor) -> None:
    done(TABLE)
    actions.remove_course(actor=hub, course=Course.objects.get())
    before = everything()
    batch, report = hand_in(TABLE.replace("12.5", "13"))
    assert (batch, report.unchanged, [one.column for one in report.kept]) == (None, 1, ["reference"])
    assert everything() == before
    assert taken_out() == COLUMNS


def test_what_is_taken_out_and_handed_in_again_is_unchanged(company: Company, hub: Actor) -> None:
    unit = factories.establishment(company)
    done(TABLE + f"C-2,10000009,{unit.p_number},{OFFICE},short,,2024-03-05,,,\n")
    factories.course(hub, company, hours=Decimal("0.25"))
    text = taken_out()
    assert len(text.splitlines()) == 4
    batch, report = hand_in(text)
    assert (batch, report.unchanged, report.refused) == (None, 3, [])


def test_a_company_without_a_number_is_in_no_table(company: Company, hub: Actor) -> None:
    Company.objects.filter(pk=company.pk).update(cvr=None)
    factories.course(hub, company)
    assert taken_out() == COLUMNS


@pytest.mark.parametrize(
    ("started", "ended", "column"),
    [
        ("0203-02-02", "2024-02-01", "started"),
        ("1989-12-31", "", "started"),
        ("2024-02-02", "2924-02-01", "ended"),
        ("2027-11-26", "", "started"),
    ],
)
def test_a_table_may_name_the_days_that_a_form_may(company: Company, started: str, ended: str, column: str) -> None:
    found = refused(COLUMNS + f"C-1,10000009,,{HUB},growth,,{started},{ended},,\n")
    day = {"started": started, "ended": ended}[column]
    assert found == [(2, column, day, "Look at the year: the day is before 1990, or more than a year ahead.")]
    done(COLUMNS + f"C-1,10000009,,{HUB},growth,,1990-01-01,2027-11-25,,\n")


def test_a_day_that_is_stored_already_may_be_said_again(company: Company) -> None:
    done(TABLE)
    Course.objects.update(started=dt.date(1203, 2, 2))
    _batch, report = hand_in(TABLE.replace("2024-03-05", "1203-02-02"))
    assert (report.unchanged, report.refused) == (1, [])
