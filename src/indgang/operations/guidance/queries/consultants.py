"""The colleagues who can be a course's consultant."""

from __future__ import annotations

from django.db.models import QuerySet

from indgang.foundation.identity.models import Organisation, Role, User
from indgang.registers.parties.permissions import SERVING


def consultants_of(organisation: Organisation, *, secret: bool = False) -> QuerySet[User]:
    """Those who serve companies there, by name; of a confidential course those of the team."""
    roles = (Role.EARLY_WARNING,) if secret else SERVING
    serving = User.objects.filter(
        is_active=True, memberships__organisation=organisation, memberships__role__in=roles, memberships__ended_at=None
    )
    return serving.distinct().order_by("name", "pk")
