"""What happened in made-up courses: the contacts, and what was agreed and done since; the same for the same seed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from decimal import Decimal
from random import Random

from indgang.foundation.database.bulk import copy_in
from indgang.foundation.journal.actions import Draft, record_many
from indgang.foundation.journal.models import Circle
from indgang.operations.guidance.actions.log import facts_of
from indgang.operations.guidance.demo import words
from indgang.operations.guidance.models import Category, Course, How, LogEntry, NextStep
from indgang.registers.parties.demo.register import Server, working_day

QUARTERS = {How.VISIT: (6, 14), How.MEETING: (4, 8), How.ONLINE: (2, 5), How.PHONE: (1, 3), How.MAIL: (1, 2)}  # of hours
STEPS = (
    "Send budget til gennemsyn",
    "Book møde med banken",
    "Beskriv ønskerne til et nyt system",
    "Ring til jobcentret",
    "Udkast til stillingsopslag",
)


def fill_log(seed: int, until: dt.date, courses: Sequence[tuple[Course, Server]]) -> None:
    """The contacts of the courses with their entries in the journal, and the next steps."""
    source = Random(f"{seed}:log")
    noted = [(entry, server) for course, server in courses for entry in _contacts(source, course, server, until)]
    copy_in(LogEntry, [entry for entry, _server in noted])
    copy_in(NextStep, [step for course, _server in courses for step in _steps(source, course, until)])
    record_many(sorted((_entry(entry, server) for entry, server in noted), key=lambda draft: (draft.at, draft.subject.pk)))


def _contacts(source: Random, course: Course, server: Server, until: dt.date) -> Iterator[LogEntry]:
    said = words.QUIET_CONTACTS if course.confidential else words.CONTACTS
    last = min(course.ended or until, until - dt.timedelta(days=1))
    count = min(source.randint(1, 2) if course.category == Category.SHORT else source.randint(2, 6), len(said))
    span = max((last - course.started).days, 0)
    days = sorted(max(working_day(course.started + dt.timedelta(days=source.randint(0, span))), course.started) for _number in range(count))
    for day, (how, text) in zip(days, source.sample(said, count), strict=True):
        yield LogEntry(
            course=course,
            on=day,
            how=how,
            text=text,
            hours=Decimal(source.randint(*QUARTERS[how])) / 4,
            author=server.user,
            created_at=dt.datetime.combine(day, dt.time(15, source.randint(0, 59)), dt.UTC),
        )


def _steps(source: Random, course: Course, until: dt.date) -> Iterator[NextStep]:
    """One or two that are done, and in most running courses one that is not."""
    said = source.sample(STEPS, 3)
    more = {"course": course, "author": course.user, "created_at": course.created_at}
    for text in said[: source.randint(0, 2)]:
        due = course.started + dt.timedelta(days=source.randint(3, 40))
        if due < min(course.ended or until, until):
            yield NextStep(text=text, by_company=source.random() < 0.5, due=due, done_on=max(working_day(due), course.started), **more)
    if course.ended is None and source.random() < 0.7:
        yield NextStep(text=said[2], by_company=source.random() < 0.5, due=until + dt.timedelta(days=source.randint(-6, 40)), **more)


def _entry(entry: LogEntry, server: Server) -> Draft:
    course = entry.course
    return Draft(
        actor=server.actor,
        verb="course-contact.noted",
        subject=entry,
        at=entry.created_at,
        organisation=course.organisation,
        circle=Circle.TEAM if course.confidential else Circle.ORGANISATION,
        about=[course, course.company],
        after=facts_of(entry),
    )
