"""How a staff page answers: who asks, back to where they came from, and what went wrong said in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.access.not_here import NotHere
from indgang.foundation.identifiers.keys import normal_reference
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import warn
from indgang.operations.reception import permissions
from indgang.operations.reception.desk_words import whose_it_is
from indgang.operations.reception.errors import NotAtDesk, ReceptionError
from indgang.operations.reception.models import Desk, Journey, Visit
from indgang.operations.reception.queries.desk_hands import desk_known_to, taken_from_us_at
from indgang.operations.reception.queries.journeys import desks_of, houses_of, journeys_visible_to, visits_visible_to, with_steps
from indgang.operations.reception.views.became import what_became_since

Arguments = ParamSpec("Arguments")


def house_named(actor: Actor, key: str) -> House:
    """A house whose day the actor may see."""
    house = houses_of(actor).filter(key=key).first()
    if house is None:
        raise Http404
    return house


def desk_named(actor: Actor, house: str, key: str) -> Desk:
    """A desk the actor may serve at. Of another authority's the colleagues in its house are told whose it is."""
    desk = desks_of(actor).filter(house__key=house, key=key).first()
    if desk is None:
        raise _elsewhere(actor, house, key)
    return desk


def _elsewhere(actor: Actor, house: str, key: str) -> Http404:
    desk = desk_known_to(actor, house, key)
    if desk is None:
        return Http404()
    title, lead = whose_it_is(desk, taken_from_us_at(actor, desk))
    return NotHere(title=title, lead=lead, way_on=_way_on(actor, desk.house))


def _way_on(actor: Actor, house: House) -> tuple[str, str]:
    if desks_of(actor).exists():
        return _("Go to your desk"), reverse("reception:desk")
    if permissions.work_in_house(house)(actor):
        return _("Go to the board"), reverse("reception:board-page", args=[house.key])
    return _("To the opening hours"), reverse("reception:hours-page", args=[house.key])


def journey_named(actor: Actor, reference: str) -> Journey:
    """A journey the actor may see at work, with its steps."""
    journey = _staffs(actor) and with_steps(journeys_visible_to(actor)).filter(reference=known_reference(reference)).first()
    if not journey:
        raise Http404
    return journey


def known_reference(text: str) -> str:
    """The reference as it is stored: tidied when it is one of ours, as it stands when it came with an import."""
    return normal_reference(text) or text.strip()


def _staffs(actor: Actor) -> bool:
    return actor.kind == "staff"


def visit_numbered(actor: Actor, number: int) -> Visit:
    """A step the actor may see."""
    related = "journey__house__region", "journey__contact", "service__authority", "desk"
    visit = visits_visible_to(actor).select_related(*related).filter(pk=number).first()
    if visit is None:
        raise Http404
    return visit


def staff_post(
    view: Callable[Concatenate[StaffRequest, Arguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Arguments], HttpResponse]:
    """A change by staff. What cannot be done is said on the page they came from (`?back=`)."""

    @wraps(view)
    def answered(request: StaffRequest, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ReceptionError as refusal:
            warn(request, " ".join(filter(None, [refusal.message, _became(request, refusal, kwargs)])))
            return back(request, **kwargs)

    return require_POST(staff_required(answered))


def _became(request: StaffRequest, refusal: ReceptionError, where: Mapping[str, object]) -> str:
    """What has become of a step that a desk's page still showed, and who did it."""
    number, desk = where.get("number"), where.get("desk") or request.GET.get("desk", "")
    if not isinstance(refusal, NotAtDesk) or not isinstance(number, int):
        return ""
    return what_became_since(number, str(desk), request.actor)


def back(request: HttpRequest, **where: object) -> HttpResponse:
    """To the page that the form stood on: `?back=` board or not-noted (of `house`), code, desk or journey; else to the board."""
    page = request.GET.get("back", "")
    place = {name: str(where.get(name) or request.GET.get(name, "")) for name in ("house", "desk", "reference")}
    try:
        if page == "desk":
            return redirect("reception:desk-page", house=place["house"], desk=place["desk"])
        if page == "board":
            return redirect("reception:board-page", house=place["house"])
        if page == "not-noted":
            return redirect("reception:not-noted", house=place["house"])
        if page == "code":
            return redirect("reception:check-in-code", reference=place["reference"])
        return redirect("reception:journey", reference=place["reference"])
    except NoReverseMatch:
        return redirect("reception:board")


def address(name: str, *arguments: object, **query: object) -> str:
    """An address with its query."""
    path = reverse(f"reception:{name}", args=arguments)
    pairs = "&".join(f"{key}={value}" for key, value in query.items() if value)
    return f"{path}?{pairs}" if pairs else path
