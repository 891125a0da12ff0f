"""Who may do what with courses and deliveries. Each is a predicate for `access.actors.require`."""

from __future__ import annotations

from indgang.foundation.access.permissions import Permission
from indgang.foundation.identity.models import Organisation, Role
from indgang.operations.guidance.models import Category, Course
from indgang.registers.parties.permissions import SERVING


def begin(organisation: Organisation, category: str) -> Permission:
    """Register a course of that category for the organisation: those who serve companies there, of Early Warning the team."""
    roles = (Role.EARLY_WARNING,) if category == Category.EARLY_WARNING else SERVING
    return lambda actor: actor.has_role(*roles, organisation_id=organisation.pk)


def keep(course: Course) -> Permission:
    """Change a course and what stands beside it."""
    return begin(course.organisation, course.category)


def deliver(organisation: Organisation) -> Permission:
    """Register information and service for the organisation."""
    return lambda actor: actor.has_role(*SERVING, organisation_id=organisation.pk)
