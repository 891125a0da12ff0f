"""Who may do what with courses, deliveries and screening visits. Each is a predicate for `access.actors.require`."""

from __future__ import annotations

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.permissions import Permission
from indgang.foundation.identity.models import Organisation, Role
from indgang.operations.guidance.models import Category, Course, ParticipantKind, Screening
from indgang.registers.parties.permissions import OPENLY, SERVING


def begin(organisation: Organisation, category: str) -> Permission:
    """Register a course of that category for the organisation: those who serve companies openly there, of Early Warning the team."""
    roles = (Role.EARLY_WARNING,) if category == Category.EARLY_WARNING else OPENLY
    return lambda actor: actor.has_role(*roles, organisation_id=organisation.pk)


def keep(course: Course) -> Permission:
    """Change a course and what stands beside it."""
    return begin(course.organisation, course.category)


def begin_some(organisation: Organisation) -> Permission:
    """Register courses of one category or another for the organisation."""
    return lambda actor: actor.has_role(*SERVING, organisation_id=organisation.pk)


def deliver(organisation: Organisation) -> Permission:
    """Register information and service for the organisation."""
    return lambda actor: actor.has_role(*OPENLY, organisation_id=organisation.pk)


def plan_screenings(actor: Actor) -> bool:
    """Plan screening visits: those who serve companies in a municipality's organisation, for that organisation."""
    organisation = actor.organisation
    return (
        organisation is not None and organisation.municipality_id is not None and actor.has_role(*OPENLY, organisation_id=organisation.pk)
    )


def keep_screening(screening: Screening) -> Permission:
    """Change a visit and fill it in: consultants and leaders of the organisation that holds it, and of those of the municipality that take
    part. The hub has its say in the result that the company shares with it."""
    part = screening.participants.filter(kind__in=[ParticipantKind.OFFICE, ParticipantKind.ENVIRONMENT])
    taking_part = {screening.organisation_id, *part.exclude(organisation=None).values_list("organisation", flat=True)}
    return lambda actor: bool(taking_part & actor.organisations_as(*OPENLY))
