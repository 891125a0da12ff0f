"""Reading batches and files that wait to become one."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.files.models import StoredFile
from indgang.foundation.identity.models import Organisation, Role
from indgang.foundation.imports.models import Batch, BatchRow
from indgang.foundation.imports.permissions import may_import
from indgang.foundation.imports.reports import Problem


def batches_visible_to(actor: Actor) -> QuerySet[Batch]:
    """The imports of the actor's region, newest first. One that wrote nothing but what a team alone may know of is not there for others."""
    batches = Batch.objects.select_related("organisation", "user", "file").order_by("-created_at", "-id")
    if actor.kind == "system":
        return batches
    if actor.organisation is None or not may_import(actor):
        return batches.none()
    known = Q(in_the_open=True) | Q(confidential__has_any_keys=[str(team) for team in teams_of(actor)])
    return batches.filter(known, organisation__region=actor.organisation.region_id)


def teams_of(actor: Actor) -> frozenset[int]:
    """The organisations whose confidential rows the actor may know of."""
    return actor.organisations_as(Role.EARLY_WARNING)


@dataclass(frozen=True)
class Told:
    """A batch as somebody may know it: what a team alone may know of is in no count, and nothing is left where only that is left."""

    batch: Batch
    created: int
    updated: int
    unchanged: int

    @classmethod
    def to(cls, actor: Actor, batch: Batch) -> Told:
        """What this actor may know."""
        teams = {str(team) for team in teams_of(actor)}
        hidden = [] if actor.kind == "system" else [counts for team, counts in batch.confidential.items() if team not in teams]
        created, updated, unchanged = (sum(part) for part in zip((0, 0, 0), *hidden, strict=True))
        return cls(batch, batch.created - created, batch.updated - updated, batch.unchanged - unchanged)


def rows_left(actor: Actor, batch: Batch) -> QuerySet[BatchRow]:
    """The rows that can still be taken back, as far as the actor may know of them."""
    rows = batch.rows.all()
    return rows if actor.kind == "system" else rows.filter(Q(team=None) | Q(team__in=teams_of(actor)))


def replaced_cells(actor: Actor, batch: Batch) -> list[Problem]:
    """Where what people had written gave way to the table, in the rows that can still be taken back: what it says, and what they had."""
    rows = rows_left(actor, batch).exclude(replaced=None).values_list("row", "replaced", "before", "after")
    told = _("People here had written “%(value)s”.")
    cells = ((row, name, before or {}, after) for row, names, before, after in rows for name in names or ())
    return [Problem(row, name, after[name], told % {"value": before[name]}) for row, name, before, after in cells]


def files_visible_to(actor: Actor) -> QuerySet[StoredFile]:
    """The files that the actor handed in: what stands in one may be for those alone who may know of it."""
    if actor.organisation is None or not may_import(actor):
        return StoredFile.objects.none()
    return StoredFile.objects.filter(organisation=actor.organisation, user=actor.user)


def operator() -> Organisation | None:
    """Who acts when nobody is named: the region's operator; nobody in particular where several regions are loaded."""
    operators = list(Organisation.objects.filter(is_operator=True)[:2])
    return operators[0] if len(operators) == 1 else None
