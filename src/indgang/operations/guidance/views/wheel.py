"""The sustainability wheel: turned on the public page by anybody, and nothing is stored that names them; and in a course."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indgang.foundation.access.actors import require
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import new_key
from indgang.foundation.places.models import Region
from indgang.foundation.ui.context import region_of, speak_for
from indgang.foundation.ui.tell import tell
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions import wheels as actions
from indgang.operations.guidance.models import Course, Wheel, WheelFilling
from indgang.operations.guidance.queries.courses import courses_visible_to
from indgang.operations.guidance.queries.wheels import fillings_of, fillings_visible_to, wheel_on
from indgang.operations.guidance.rules.wheels import STEPS, Turned, is_finished, read_turned
from indgang.operations.guidance.wheel_words import caption_of, labels_of, rows_of, said_of, series_of, wheel_paper

SALT = "guidance.wheel"
KLIMAKOMPASSET = "https://klimakompasset.dk/"


def _wheel_of(request: HttpRequest) -> tuple[Region, Wheel]:
    region = region_of(request)
    wheel = wheel_on(region, clock.today()) if region else None
    if region is None or wheel is None:
        raise Http404
    return region, wheel


def _version(request: HttpRequest) -> Wheel:
    """The version that a result was made with."""
    region, wheel = _wheel_of(request)
    text = request.GET.get("version", "")
    return Wheel.objects.filter(region=region, version=int(text)).first() or wheel if text.isdecimal() and len(text) < 5 else wheel


def _turned(wheel: Wheel, said: Any) -> Turned:
    return read_turned([one.key for one in wheel.dimensions], {key: str(value) for key, value in said.items()})


@require_http_methods(["GET", "HEAD", "POST"])
def turn(request: HttpRequest) -> HttpResponse:
    """The sentences to find oneself in (GET); what is finished is counted once, and its answers go on in the address (POST)."""
    region, wheel = _wheel_of(request)
    speak_for(request, region)
    turned = _turned(wheel, request.POST or request.GET)
    if request.method == "POST" and is_finished(turned):
        try:
            key = signing.loads(request.POST.get("key", ""), salt=SALT, max_age=24 * 60 * 60)
        except signing.BadSignature:
            key = ""
        if key:
            actions.count_use(wheel=wheel, key=str(key))
        return redirect(f"{reverse('guidance:wheel-result')}?{_address(region, wheel, turned)}")
    context = {
        "lines": _lines(wheel, turned),
        "steps": STEPS,
        "key": signing.dumps(new_key(), salt=SALT),
        "problem": request.method == "POST",
        "has_errors": request.method == "POST",
        "wheel": wheel,
        "klimakompasset": KLIMAKOMPASSET,
    }
    return render(request, "guidance/wheel/turn.html", context, status=422 if request.method == "POST" else 200)


def _lines(wheel: Wheel, turned: Turned) -> list[dict[str, Any]]:
    return [{"one": one, "now": turned[one.key][0], "wanted": turned[one.key][1]} for one in wheel.dimensions]


def _address(region: Region, wheel: Wheel, turned: Turned) -> str:
    said: dict[str, str | int] = {"region": region.key, "version": wheel.version}
    for key, (now, wanted) in turned.items():
        said |= {f"now-{key}": now} if now is not None else {}
        said |= {f"wanted-{key}": wanted} if wanted is not None else {}
    return urlencode(said)


def _result(wheel: Wheel, turned: Turned) -> dict[str, Any]:
    return {
        "labels": labels_of(wheel),
        "series": series_of(wheel, turned),
        "caption": caption_of(wheel, turned),
        "said": said_of(wheel, turned),
        "rows": rows_of(wheel, turned),
        "klimakompasset": KLIMAKOMPASSET,
    }


@require_safe
def result(request: HttpRequest) -> HttpResponse:
    """The picture of the answers in the address."""
    wheel = _version(request)
    turned = _turned(wheel, request.GET)
    if not is_finished(turned):
        return redirect("guidance:wheel")
    speak_for(request, wheel.region)
    context = {**_result(wheel, turned), "wheel": wheel, "answers": request.GET.urlencode()}
    return render(request, "guidance/wheel/result.html", context)


@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """The same as a PDF."""
    wheel = _version(request)
    turned = _turned(wheel, request.GET)
    if not is_finished(turned):
        raise Http404
    response = HttpResponse(wheel_paper(wheel, turned, (get_language() or "da")[:2]), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{_("wheel")}.pdf"'
    return response


def _course_or_404(request: StaffRequest, number: int) -> Course:
    found = courses_visible_to(request.actor).filter(pk=number).select_related("company", "organisation__region").first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def on_course(request: StaffRequest, course: int) -> HttpResponse:
    """Fill in the wheel with a company as a part of its course, and see the wheels that were filled in before."""
    found = _course_or_404(request, course)
    writes = permissions.keep(found)(request.actor)
    if request.method == "POST":
        require(permissions.keep(found), request.actor)
    wheel = wheel_on(found.organisation.region, clock.today())
    if wheel is None:
        raise Http404
    turned = _turned(wheel, request.POST)
    if request.method == "POST" and is_finished(turned):
        actions.fill_in_wheel(actor=request.actor, course=found, wheel=wheel, turned=turned, note=request.POST.get("note", "")[:4_000])
        tell(request, _("The wheel is saved with the course."))
        return redirect("guidance:course-wheel", found.pk)
    before = [(filling, _result(filling.wheel, actions.turned_of(filling))) for filling in fillings_of(request.actor, found)]
    context = {
        "course": found,
        "writes": writes,
        "lines": _lines(wheel, turned),
        "steps": STEPS,
        "problem": request.method == "POST",
        "has_errors": request.method == "POST",
        "before": before,
        "note": request.POST.get("note", ""),
        "klimakompasset": KLIMAKOMPASSET,
    }
    return render(request, "guidance/wheel/course.html", context, status=422 if request.method == "POST" else 200)


def _filling_or_404(request: StaffRequest, number: int) -> WheelFilling:
    found = fillings_visible_to(request.actor).filter(pk=number).select_related("course").first()
    if found is None:
        raise Http404
    return found


@require_POST
@staff_required
def remove(request: StaffRequest, filling: int) -> HttpResponse:
    """A wheel that was filled in by mistake."""
    found = _filling_or_404(request, filling)
    actions.remove_wheel(actor=request.actor, filling=found)
    tell(request, _("The wheel is removed."), undo=reverse("guidance:bring-back-wheel", args=[found.pk]))
    return redirect("guidance:course-wheel", found.course_id)


@require_POST
@staff_required
def bring_back(request: StaffRequest, filling: int) -> HttpResponse:
    """It was none."""
    found = _filling_or_404(request, filling)
    actions.bring_back_wheel(actor=request.actor, filling=found)
    tell(request, _("The wheel is back."))
    return redirect("guidance:course-wheel", found.course_id)
