"""Reading batches and files that wait to become one."""

from __future__ import annotations

from django.db.models import QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.files.models import StoredFile
from indgang.foundation.identity.models import Organisation
from indgang.foundation.imports.models import Batch
from indgang.foundation.imports.permissions import may_import


def batches_visible_to(actor: Actor) -> QuerySet[Batch]:
    """The imports of the actor's region, newest first."""
    batches = Batch.objects.select_related("organisation", "user", "file").order_by("-created_at", "-id")
    if actor.kind == "system":
        return batches
    if actor.organisation is None or not may_import(actor):
        return batches.none()
    return batches.filter(organisation__region=actor.organisation.region_id)


def files_visible_to(actor: Actor) -> QuerySet[StoredFile]:
    """The files that the actor's organisation handed in."""
    if actor.organisation is None or not may_import(actor):
        return StoredFile.objects.none()
    return StoredFile.objects.filter(organisation=actor.organisation)


def operator() -> Organisation | None:
    """Who acts when nobody is named: the region's operator; nobody in particular where several regions are loaded."""
    operators = list(Organisation.objects.filter(is_operator=True)[:2])
    return operators[0] if len(operators) == 1 else None
