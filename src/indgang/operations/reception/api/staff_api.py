"""What the house's staff do, with a token: call next, arrive, start, finish, no-show."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from indgang.foundation.access.actors import Actor
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions import floor
from indgang.operations.reception.api import answers
from indgang.operations.reception.api.schemas import FinishIn, visit_out
from indgang.operations.reception.errors import InvalidRequest, NotNow
from indgang.operations.reception.models import Desk, Visit
from indgang.operations.reception.queries.documents import Documents
from indgang.operations.reception.queries.journeys import BESIDE, desks_of, shown_outcome, visits_visible_to

router = Router(tags=["desks"])


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind the token."""
    return request.actor  # type: ignore[attr-defined]


def desk_named(actor: Actor, key: str) -> Desk:
    """The actor's own desk with that key; `house:desk` where the actor has desks of that name in several houses.

    Raises NotNow, saying what to write, when a key alone names several.
    """
    house, _colon, name = key.rpartition(":")
    desks = desks_of(actor).filter(key=name)
    found = list(desks.filter(house__key=house) if house else desks)
    if not found:
        raise Http404
    if len(found) > 1:
        written = ", ".join(f"{desk.house.key}:{desk.key}" for desk in found)
        raise NotNow(
            _("You have a desk “%(key)s” in several houses. Write one of these instead: %(desks)s.") % {"key": name, "desks": written}
        )
    return found[0]


def visit_numbered(actor: Actor, number: int) -> Visit:
    """A step that the actor may see."""
    visit = visits_visible_to(actor).select_related("journey__house__region", "service__authority").filter(pk=number).first()
    if visit is None:
        raise Http404
    return visit


def fresh(actor: Actor, visit: Visit) -> dict[str, Any]:
    """The step as it is now, as far as the actor may know: another authority's refusal is told as "ended"."""
    related = "journey__house__region", "service", "desk", "appointment__desk", *BESIDE
    visit = Visit.objects.select_related(*related).get(pk=visit.pk)
    return visit_out(visit, Documents(visit.journey.house.region_id)) | {"outcome": shown_outcome(actor, visit) or None}


@router.post("desks/{desk}/next", response={200: answers.Visit, 204: None, **answers.problems(401, 404, 409, 422)}, summary="Call the next")
def call_next(request: HttpRequest, desk: str) -> Status:
    """The step that is called to the desk, or 204 when nobody waits. A desk that has somebody gets the same answer again."""
    actor = actor_of(request)
    visit = desk_actions.call_next(actor=actor, desk=desk_named(actor, desk))
    return Status(200, fresh(actor, visit)) if visit else Status(204, None)


@router.post(
    "visits/{number}/arrive", response={200: answers.Visit, **answers.problems(401, 404, 409, 422)}, summary="The party has arrived"
)
def arrive(request: HttpRequest, number: int) -> dict[str, Any]:
    """Check in the whole party for today."""
    visit = visit_numbered(actor_of(request), number)
    floor.check_in_journey(actor=actor_of(request), journey=visit.journey)
    return fresh(actor_of(request), visit)


@router.post("visits/{number}/start", response={200: answers.Visit, **answers.problems(401, 404, 409, 422)}, summary="The step begins")
def start(request: HttpRequest, number: int) -> dict[str, Any]:
    """The party sits down at the desk that called it."""
    actor = actor_of(request)
    return fresh(actor, desk_actions.start_visit(actor=actor, visit=visit_numbered(actor, number)))


@router.post(
    "visits/{number}/finish", response={200: answers.Visit, **answers.problems(400, 401, 404, 409, 413, 422)}, summary="The step ends"
)
def finish(request: HttpRequest, number: int, body: FinishIn | None = None) -> dict[str, Any]:
    """End the step with its outcome; `done` when nothing is sent."""
    if body is None and request.body.strip():
        raise InvalidRequest({"body": _("Send an object with its fields.")})
    how = body or FinishIn()
    actor = actor_of(request)
    visit = visit_numbered(actor, number)
    return fresh(actor, desk_actions.finish_visit(actor=actor, visit=visit, outcome=how.outcome, missing=how.missing, note=how.note))


@router.post(
    "visits/{number}/no-show", response={200: answers.Visit, **answers.problems(401, 404, 409, 422)}, summary="The party did not come"
)
def no_show(request: HttpRequest, number: int) -> dict[str, Any]:
    """The party's steps of today are no-shows."""
    visit = visit_numbered(actor_of(request), number)
    floor.mark_no_show(actor=actor_of(request), journey=visit.journey)
    return fresh(actor_of(request), visit)
