"""The sustainability wheel: a use on the public page is counted, a wheel in a course is kept with it."""

from __future__ import annotations

from django.db import transaction

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions.told import write_entry
from indgang.operations.guidance.models import Course, Wheel, WheelFilling, WheelUse
from indgang.operations.guidance.rules.wheels import Turned


def count_use(*, wheel: Wheel, key: str) -> None:
    """One finished wheel, on this day; the same form again (`key`) counts once. Nothing of who or what is kept."""
    WheelUse.objects.bulk_create([WheelUse(wheel=wheel, on=clock.today(wheel.region.zone), key_digest=digest(key))], ignore_conflicts=True)


@transaction.atomic
def fill_in_wheel(*, actor: Actor, course: Course, wheel: Wheel, turned: Turned, note: str = "") -> WheelFilling:
    """Keep a wheel with a course. The same wheel of the same day is kept once."""
    course = Course.objects.select_for_update(of=("self",)).select_related("organisation", "company").get(pk=course.pk)
    require(permissions.keep(course), actor)
    answers = {key: list(value) for key, value in turned.items()}
    said = {"course": course, "wheel": wheel, "on": clock.today(), "answers": answers, "note": note.strip(), "removed_at": None}
    same = WheelFilling.objects.filter(**said).first()
    if same:
        return same
    filling = WheelFilling.objects.create(**said, organisation=course.organisation, author=actor.user)
    write_entry(actor, "wheel.filled-in", filling, course, after={"version": wheel.version})
    return filling


def turned_of(filling: WheelFilling) -> Turned:
    """What was answered."""
    said = filling.answers
    return {one.key: tuple(said.get(one.key, (None, None))) for one in filling.wheel.dimensions}


@transaction.atomic
def remove_wheel(*, actor: Actor, filling: WheelFilling) -> WheelFilling:
    """It was filled in by mistake. Doing it twice changes nothing."""
    filling = _locked(actor, filling)
    if filling.removed_at is None:
        filling.removed_at = clock.now()
        filling.save(update_fields=["removed_at"])
        write_entry(actor, "wheel.removed", filling, filling.course)
    return filling


@transaction.atomic
def bring_back_wheel(*, actor: Actor, filling: WheelFilling) -> WheelFilling:
    """It was none."""
    filling = _locked(actor, filling)
    if filling.removed_at is not None:
        filling.removed_at = None
        filling.save(update_fields=["removed_at"])
        write_entry(actor, "wheel.brought-back", filling, filling.course)
    return filling


def _locked(actor: Actor, filling: WheelFilling) -> WheelFilling:
    found = (
        WheelFilling.objects.select_for_update(of=("self",)).select_related("course__organisation", "course__company").get(pk=filling.pk)
    )
    require(permissions.keep(found.course), actor)
    return found
