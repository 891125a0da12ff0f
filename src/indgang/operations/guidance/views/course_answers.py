"""Which course or delivery a page means."""

from __future__ import annotations

from django.http import Http404

from indgang.foundation.access.actors import Actor
from indgang.operations.guidance.models import Course, Delivery
from indgang.operations.guidance.queries.courses import courses_visible_to, deliveries_visible_to


def course_numbered(actor: Actor, number: int) -> Course:
    """A course that the actor may see."""
    related = "company__municipality", "organisation__region", "establishment__municipality", "municipality", "user"
    course = courses_visible_to(actor).select_related(*related).filter(pk=number).first()
    if course is None:
        raise Http404
    return course


def kept_course(number: int) -> Course:
    """A course, removed ones too, for an action that asks who may."""
    course = Course.objects.filter(pk=number).first()
    if course is None:
        raise Http404
    return course


def delivery_numbered(actor: Actor, number: int) -> Delivery:
    """A delivery that the actor may see."""
    delivery = deliveries_visible_to(actor).select_related("company", "establishment", "organisation").filter(pk=number).first()
    if delivery is None:
        raise Http404
    return delivery
