"""Versions of the sustainability wheel, and the wheels of courses as far as somebody may see them."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.places.models import Region
from indgang.operations.guidance.models import Course, Wheel, WheelFilling
from indgang.operations.guidance.queries.courses import courses_visible_to


def wheel_on(region: Region, day: dt.date) -> Wheel | None:
    """The version in force on a day; before the first one, that one."""
    versions = Wheel.objects.filter(region=region)
    return versions.filter(valid_from__lte=day).order_by("-valid_from", "-version").first() or versions.order_by("valid_from").first()


def fillings_visible_to(actor: Actor) -> QuerySet[WheelFilling]:
    """The wheels of the courses that the actor may see, removed ones too."""
    return WheelFilling.objects.filter(course__in=courses_visible_to(actor).values("pk"))


def fillings_of(actor: Actor, course: Course) -> QuerySet[WheelFilling]:
    """The wheels of a course, the newest first."""
    standing = fillings_visible_to(actor).filter(course=course, removed_at=None)
    return standing.select_related("wheel", "author").order_by("-on", "-pk")
