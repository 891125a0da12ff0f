"""Who is who: the matrix of offices and fields, and one's own entries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Organisation
from indgang.operations.guidance.approach_permissions import keep_duty
from indgang.operations.guidance.models import Duty, DutyKind
from indgang.operations.guidance.queries.division import InForce, division_in_force
from indgang.operations.guidance.rules.approach import is_old
from indgang.registers.parties.models import Field
from indgang.registers.parties.permissions import see_companies


@dataclass(frozen=True)
class Person:
    """Somebody in a cell. `old`: nobody has confirmed it lately; `mine`: the actor may keep it."""

    duty: Duty
    old: bool
    mine: bool


@dataclass(frozen=True)
class Row:
    """An office, or a field: who at the hub, and who at the office (of a field: nobody, `has_office` is False)."""

    office: Organisation | None
    field: str
    hub: Sequence[Person]
    own: Sequence[Person]

    @property
    def has_office(self) -> bool:
        """Whether there is an office whose own contact could stand there."""
        return self.office is not None


def duties_visible_to(actor: Actor) -> QuerySet[Duty]:
    """All that run, for everyone who works with companies."""
    if actor.kind != "system" and not see_companies(actor):
        return Duty.objects.none()
    return Duty.objects.filter(ended_at=None).select_related("user", "organisation", "office", "region").order_by("name", "pk")


def who_is_who(actor: Actor, division: InForce, today: dt.date) -> tuple[list[Row], list[Row]]:
    """The offices by name, then the fields in their order; one query."""
    cells: dict[tuple[str, int | None, str], list[Person]] = {}
    for duty in duties_visible_to(actor).filter(region=division.region):
        old = is_old(duty.confirmed_on, today, division.confirm_after_days)
        cells.setdefault((duty.kind, duty.office_id, duty.field), []).append(Person(duty, old, keep_duty(duty)(actor)))
    offices = [
        Row(one, "", cells.get((DutyKind.CONTACT, one.pk, ""), []), cells.get((DutyKind.OFFICE, one.pk, ""), []))
        for one in division.offices.values()
    ]
    fields = [
        Row(None, str(one), cells.get((DutyKind.FIELD, None, str(one)), []), []) for one in Field if one in division.rules.specialised
    ]
    return offices, fields


def old_duties_of(actor: Actor, today: dt.date) -> list[Duty]:
    """One's own entries that are to be confirmed again."""
    if actor.user is None or actor.organisation is None:
        return []
    division = division_in_force(actor.organisation.region, today)
    own = duties_visible_to(actor).filter(user=actor.user)
    return [duty for duty in own if division and is_old(duty.confirmed_on, today, division.confirm_after_days)]
