"""What business offices are told of the hub's meetings with their companies."""

from __future__ import annotations

from django.db.models import QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import WITH_COMPANIES
from indgang.operations.guidance.models import Category, OfficeNotice


def standing_notices() -> QuerySet[OfficeNotice]:
    """What still holds. Of a course that was removed or is confidential nothing does, whatever stands in the table."""
    rows = OfficeNotice.objects.filter(taken_back_at=None, course__removed_at=None).exclude(course__category=Category.EARLY_WARNING)
    return rows.select_related("company", "organisation", "office").order_by("-on", "-pk")


def notices_visible_to(actor: Actor) -> QuerySet[OfficeNotice]:
    """Those of the offices in which the actor works with companies, the latest first."""
    return standing_notices().filter(office__in=actor.organisations_as(*WITH_COMPANIES))
