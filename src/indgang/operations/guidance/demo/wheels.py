"""Made-up wheels: turned by nobody knows whom on the public page, and kept with green courses; the same for the same seed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from random import Random

from indgang.foundation.access.actors import Actor
from indgang.foundation.database.bulk import copy_in
from indgang.foundation.identifiers.keys import digest
from indgang.foundation.journal.actions import Draft, record_many
from indgang.foundation.journal.models import Circle
from indgang.operations.guidance.models import Category, Course, Wheel, WheelFilling, WheelUse
from indgang.operations.guidance.queries.wheels import wheel_on
from indgang.operations.guidance.rules.wheels import MOST
from indgang.registers.parties.demo.register import Server, working_day
from indgang.registers.parties.models import Field

TURNED, DAYS = 140, 640
NOTES = ("Udfyldt sammen med ejeren.", "Ledelsen var ikke enig; det blev en god snak.", "")


def fill_wheels(seed: int, until: dt.date, servers: Sequence[Server]) -> tuple[int, int]:
    """Uses of the public page, and wheels of courses about the green transition; none where the region has no wheel."""
    wheel = wheel_on(servers[0].organisation.region, until) if servers else None
    if wheel is None or WheelUse.objects.exists():
        return 0, 0
    source = Random(f"{seed}:wheels")
    days = [until - dt.timedelta(days=int(DAYS * source.random() ** 1.5) + 1) for _number in range(TURNED)]  # more from year to year
    copy_in(WheelUse, [WheelUse(wheel=wheel, on=day, key_digest=digest(f"made-up wheel {seed} {at}")) for at, day in enumerate(days)])
    actors = {server.user.pk: server.actor for server in servers}
    green = Course.objects.filter(fields__contains=[Field.GREEN_CIRCULAR], user__in=actors)
    courses = green.exclude(category=Category.EARLY_WARNING).select_related("organisation", "company", "user").order_by("reference")
    fillings = [_filling(source, course, wheel, until) for course in courses if source.random() < 0.6]
    copy_in(WheelFilling, fillings)
    record_many(_entry(one, actors[one.course.user_id or 0]) for one in sorted(fillings, key=lambda one: one.on))
    return len(days), len(fillings)


def _filling(source: Random, course: Course, wheel: Wheel, until: dt.date) -> WheelFilling:
    last = min(course.ended or until, until - dt.timedelta(days=1))
    day = max(working_day(course.started + dt.timedelta(days=source.randint(0, max((last - course.started).days, 0)))), course.started)
    now = {dimension.key: source.randint(0, 3) for dimension in wheel.dimensions}
    answers = {key: [value, min(value + source.randint(0, 2), MOST)] for key, value in now.items()}
    facts = {"on": day, "answers": answers, "note": source.choice(NOTES), "created_at": dt.datetime.combine(day, dt.time(13), dt.UTC)}
    return WheelFilling(course=course, organisation=course.organisation, wheel=wheel, author=course.user, **facts)


def _entry(filling: WheelFilling, actor: Actor) -> Draft:
    course = filling.course
    return Draft(
        actor=actor,
        verb="wheel.filled-in",
        subject=filling,
        at=filling.created_at,
        organisation=course.organisation,
        circle=Circle.ORGANISATION,
        about=[course, course.company],
        after={"version": filling.wheel.version},
    )
