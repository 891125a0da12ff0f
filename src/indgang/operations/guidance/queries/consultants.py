"""The colleagues who can be a course's consultant."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from indgang.foundation.identity.models import Organisation, Role, User
from indgang.registers.parties.permissions import OPENLY, SERVING


def colleagues_to_choose(organisation: Organisation, *, by_team: bool) -> QuerySet[User]:
    """Whom somebody may name as the consultant: the colleagues who serve companies, and who of them is in the Early Warning team alone is
    shown to that team alone."""
    return _serving(organisation, SERVING if by_team else OPENLY)


def consultants_of(organisation: Organisation, *, secret: bool = False) -> QuerySet[User]:
    """Those who serve companies there, by name; of a confidential course those of the team."""
    return _serving(organisation, (Role.EARLY_WARNING,) if secret else SERVING)


def _serving(organisation: Organisation, roles: Iterable[str]) -> QuerySet[User]:
    serving = User.objects.filter(
        is_active=True, memberships__organisation=organisation, memberships__role__in=roles, memberships__ended_at=None
    )
    return serving.distinct().order_by("name", "pk")
