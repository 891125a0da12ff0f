"""Courses and deliveries, as far as somebody may see them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import WITH_COMPANIES
from indgang.operations.guidance.models import Category, Course, Delivery
from indgang.registers.parties.permissions import teams_of


def courses_visible_to(actor: Actor) -> QuerySet[Course]:
    """The courses of the actor's own organisations; those of Early Warning to their team alone, which the program itself is not
    in. What others do is told by their ties."""
    if actor.kind == "system":
        return Course.objects.filter(~Q(category=Category.EARLY_WARNING), removed_at=None)
    open_ones = Q(organisation__in=actor.organisations_as(*WITH_COMPANIES)) & ~Q(category=Category.EARLY_WARNING)
    return Course.objects.filter(open_ones | Q(organisation__in=teams_of(actor), category=Category.EARLY_WARNING), removed_at=None)


def deliveries_visible_to(actor: Actor) -> QuerySet[Delivery]:
    """The deliveries of the actor's own organisations."""
    standing = Delivery.objects.filter(removed_at=None)
    return standing if actor.kind == "system" else standing.filter(organisation__in=actor.organisations_as(*WITH_COMPANIES))
