"""Made-up courses and deliveries over two years, written in bulk and the same for the same seed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from random import Random

from indgang.foundation.database.bulk import copy_in
from indgang.foundation.identifiers.keys import derived_key
from indgang.foundation.journal.actions import Draft, record_many
from indgang.foundation.journal.models import Circle
from indgang.operations.guidance.actions.told import tie_of_course, tie_of_delivery
from indgang.operations.guidance.demo.log import fill_log
from indgang.operations.guidance.models import Category, Course, Delivery, DeliveryKind
from indgang.registers.parties.actions.ties import tie_many
from indgang.registers.parties.demo.register import FAITHFUL, Server, working_day
from indgang.registers.parties.models import EIGHT, Company, Tie

COURSES, DELIVERIES, QUIET = 190, 225, 12  # of them `QUIET` Early Warning; deliveries as many as the international house's in a year
DAYS = 700
CATEGORIES = {Category.GROWTH: 45, Category.OPERATIONS: 20, Category.SHORT: 35}
PURPOSES = (
    "Vækstplan og finansiering af næste skridt",
    "Kortlægning af forretningen og de næste tre år",
    "Digitalisering af ordre og lager",
    "Grøn omstilling: energi og materialer",
    "Eksport til de nordiske lande",
    "Rekruttering og fastholdelse af medarbejdere",
    "Salg og markedsføring: nye kunder",
)
RESULTS = ("Plan lagt og i gang.", "Lån bevilget i banken.", "Ny sælger ansat.", "Henvist til privat rådgiver.", "Færre fejl på lageret.")
TOPICS = (
    "Arbejdstilladelse",
    "Ansættelse af udenlandsk medarbejder",
    "Skat for nye i Danmark",
    "Bolig til medarbejdere",
    "Velkomst af familier",
)


def fill_guidance(
    seed: int, until: dt.date, companies: Sequence[Company], servers: Mapping[str, Sequence[Server]], team: Server | None
) -> tuple[int, int]:
    """Courses of the hub and the offices, Early Warning of the team, deliveries of the international house; how many of each."""
    if not companies or Course.objects.exists():
        return 0, 0
    source = Random(f"{seed}:guidance")
    advisers = [*servers.get("hub", ()), *servers.get("hub", ()), *servers.get("offices", ())]
    courses = [
        _course(source, seed, number, source.choice(companies if number % 3 else companies[:FAITHFUL]), source.choice(advisers), until)
        for number in range(COURSES)
    ]
    if team:
        quiet = source.sample(list(companies), min(QUIET, len(companies)))
        courses += [_course(source, seed, COURSES + at, company, team, until, quiet=True) for at, company in enumerate(quiet)]
    copy_in(Course, [course for course, _server in courses])
    house = servers.get("house", ())
    informed = source.sample(list(companies), min(DELIVERIES, len(companies))) if house else []
    deliveries = [_delivery(source, seed, at, company, source.choice(house), until) for at, company in enumerate(informed)]
    copy_in(Delivery, [delivery for delivery, _server in deliveries])
    tie_many([_told(tie_of_course(course), f"guidance.course:{course.pk}") for course, _server in courses])
    tie_many([_told(tie_of_delivery(one), f"guidance.delivery:{one.pk}") for one, _server in deliveries])
    record_many(_entries(courses, deliveries))
    fill_log(seed, until, courses)
    return len(courses), len(deliveries)


def _course(
    source: Random, seed: int, number: int, company: Company, server: Server, until: dt.date, *, quiet: bool = False
) -> tuple[Course, Server]:
    category = Category.EARLY_WARNING if quiet else source.choices(list(CATEGORIES), list(CATEGORIES.values()))[0]
    started = working_day(until - dt.timedelta(days=source.randint(5, DAYS)))
    ended = working_day(started + dt.timedelta(days=source.randint(7, 20) if category == Category.SHORT else source.randint(40, 260)))
    ended = max(ended, started)
    over = ended < until
    course = Course(
        reference=f"D-{derived_key('made-up course', seed, number)[:10].upper()}",
        company=company,
        organisation=server.organisation,
        category=category,
        fields=[] if quiet else [str(field) for field in source.sample(EIGHT, source.choice((1, 1, 2)))],
        purpose="Gennemgang af økonomien og en plan for de næste uger" if quiet else source.choice(PURPOSES),
        started=started,
        ended=ended if over else None,
        hours=Decimal(source.randint(2, 5) if category == Category.SHORT else source.randint(6, 40)) if over else None,
        consultant=server.user.name,
        user=server.user,
        result=source.choice(RESULTS) if over and not quiet else "",
        municipality_id=company.municipality_id,
        place_id=company.municipality_id,
        created_at=dt.datetime.combine(started, dt.time(10, number % 60), dt.UTC),
    )
    return course, server


def _delivery(source: Random, seed: int, number: int, company: Company, server: Server, until: dt.date) -> tuple[Delivery, Server]:
    date = working_day(until - dt.timedelta(days=source.randint(1, 360)))
    delivery = Delivery(
        reference=f"L-{derived_key('made-up delivery', seed, number)[:10].upper()}",
        company=company,
        organisation=server.organisation,
        kind=source.choice((DeliveryKind.INFORMATION, DeliveryKind.INFORMATION, DeliveryKind.SERVICE)),
        topic=source.choice(TOPICS),
        date=date,
        author=server.user,
        municipality_id=company.municipality_id,
        place_id=company.municipality_id,
        created_at=dt.datetime.combine(date, dt.time(11, number % 60), dt.UTC),
    )
    return delivery, server


def _told(tie: Tie, source: str) -> Tie:
    tie.source = source
    return tie


def _entries(courses: Sequence[tuple[Course, Server]], deliveries: Sequence[tuple[Delivery, Server]]) -> Iterator[Draft]:
    drafts = [_draft("course.begun", course, server, course.created_at) for course, server in courses]
    drafts += [
        _draft("course.ended", course, server, dt.datetime.combine(course.ended, dt.time(14), dt.UTC))
        for course, server in courses
        if course.ended
    ]
    drafts += [_draft("delivery.registered", one, server, one.created_at) for one, server in deliveries]
    yield from sorted(drafts, key=lambda draft: draft.at or dt.datetime.min.replace(tzinfo=dt.UTC))


def _draft(verb: str, record: Course | Delivery, server: Server, at: dt.datetime) -> Draft:
    secret = isinstance(record, Course) and record.confidential
    return Draft(
        actor=server.actor,
        verb=verb,
        subject=record,
        at=at,
        organisation=server.organisation,
        circle=Circle.TEAM if secret else Circle.ORGANISATION,
        about=[record.company],
        after=_facts(verb, record),
    )


def _facts(verb: str, record: Course | Delivery) -> dict[str, object]:
    if isinstance(record, Delivery):
        return {"kind": record.kind, "date": record.date}
    if verb == "course.ended":
        return {"ended": record.ended, "hours": record.hours}
    return {"category": record.category, "fields": record.fields}
