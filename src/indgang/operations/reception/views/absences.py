"""A colleague is away: noted in one click; the desks that then have nobody are shown, and closing them is proposed, never done silently."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import tell, warn
from indgang.foundation.ui.words import time_in_words
from indgang.operations.reception import permissions
from indgang.operations.reception.actions import roster as actions
from indgang.operations.reception.actions.roster import Away
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.forms.roster import AwayForm
from indgang.operations.reception.models import Absence, Desk
from indgang.operations.reception.opening_changes import Change
from indgang.operations.reception.opening_words import days_in_words, part_of_day
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.roster import Unstaffed, officers_for, unstaffed
from indgang.operations.reception.roster_week import away_in_words
from indgang.operations.reception.views.opening import house_of
from indgang.operations.reception.views.opening_change import answer
from indgang.operations.reception.views.roster import officers_to_note
from indgang.operations.reception.views.staff_answers import address, back, staff_post


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def away(request: StaffRequest, house: str) -> HttpResponse:
    """Somebody is away for some days, or a part of each."""
    here = house_of(request.actor, house)
    pairs = officers_to_note(request, here)
    if not pairs:
        raise Http404
    officers = list(dict.fromkeys(user for _one, user in pairs))
    initial = {"first_day": clock.today(here.zone), "officer": request.GET.get("officer", "")}
    form = AwayForm(request.POST or None, house=here, officers=officers, initial=initial)
    if form.is_valid():
        officer = form.chosen()
        try:
            return _noted(request, here, next(one for one, user in pairs if user == officer), officer, form.away())
        except NotNow as refusal:
            form.add_error(None, refusal.message)
    context = {"house": here, "form": form, "title": _("Somebody is away"), "lead": _("Write who and when. Why is not asked and not kept.")}
    return render(request, "reception/opening/form.html", context)


@staff_post
def away_today(request: StaffRequest, house: str) -> HttpResponse:
    """Away for the rest of today: in one click; for oneself only once nobody is at the desk any more."""
    here = house_of(request.actor, house)
    number = request.POST.get("officer", "")
    found = _organisation_of(here, int(number)) if number.isdecimal() and len(number) < 10 else None
    if found is None:
        raise Http404
    organisation, officer = found
    away = actions.rest_of_today(here)
    try:
        return _noted(request, here, organisation, officer, away)
    except NotNow as refusal:
        warn(request, refusal.message)
        if request.actor.user != officer:
            return redirect("reception:week-plan", house=here.key)
        desk = actions.desk_left(here, officer, away)
        return redirect("reception:desk-page", here.key, desk.key) if desk else redirect("reception:desk")


def _organisation_of(house: House, number: int) -> tuple[Organisation, User] | None:
    """The organisation of the house in which the colleague works."""
    for one in Organisation.objects.filter(participations__house=house, memberships__user=number, memberships__ended_at=None).distinct():
        officer = officers_for(one.pk).filter(pk=number).first()
        if officer is not None:
            return one, officer
    return None


def _noted(request: StaffRequest, house: House, organisation: Organisation, officer: User, when: Away) -> HttpResponse:
    row = actions.note_absence(actor=request.actor, house=house, organisation=organisation, officer=officer, away=when)
    facts = {"name": str(officer), "when": away_in_words(row)}
    noted = _("You are away: %(when)s.") if officer == request.user else _("%(name)s is away: %(when)s.")
    tell(request, noted % facts, undo=address("absence-lift", house.key, row.pk))
    if desk := actions.desk_left(house, officer, when):
        left = _("Somebody is still at %(desk)s, called by %(name)s. Put them back in line or finish there.")
        warn(request, left % {"name": str(officer), "desk": desk.title})
    if unstaffed(house_plan(house)):
        return redirect("reception:unstaffed", house=house.key)
    return redirect("reception:week-plan", house=house.key)


@staff_post
def lift(request: StaffRequest, house: str, number: int) -> HttpResponse:
    """There after all."""
    here = house_of(request.actor, house)
    rows = Absence.objects.filter(organisation__participations__house=here).select_related("officer", "organisation")
    row = rows.filter(pk=number).first()
    if row is None:
        raise Http404
    actions.lift_absence(actor=request.actor, house=here, row=row)
    tell(
        request,
        (
            _("You are here after all. A desk that was closed meanwhile stays closed until somebody opens it.")
            if row.officer == request.user
            else _("%(name)s is there after all. A desk that was closed meanwhile stays closed until somebody opens it.")
        )
        % {"name": row.officer},
    )
    if request.GET.get("back") == "desk":
        return back(request, house=here.key)
    return redirect("reception:week-plan", house=here.key)


def _key(one: Unstaffed) -> str:
    """By its end: the start of one that has begun moves on with the clock, and no two gaps of a desk end at the same time."""
    until = one.gap.until_time
    return "|".join([one.desk.key, one.gap.first.isoformat(), one.gap.last.isoformat(), until.isoformat("minutes") if until else ""])


def _when(one: Unstaffed) -> str:
    gap = one.gap
    if one.begun and gap.until_time:
        return _("now until %(last)s") % {"last": time_in_words(gap.until_time)}
    if one.begun:
        return _("now, for the rest of the day")
    return f"{days_in_words(gap.first, gap.last)} {part_of_day(gap.from_time, gap.until_time)}".strip()


def _may_close(request: StaffRequest, house: House, one: Unstaffed) -> bool:
    today = clock.today(house.zone)
    desk = one.desk
    desk.house = house
    if one.gap.first == one.gap.last == today and permissions.close_today(desk)(request.actor):
        return True
    return permissions.keep_desks_of(house, desk.organisation_id)(request.actor)


@require_safe
@staff_required
def nobody(request: StaffRequest, house: str) -> HttpResponse:
    """The desks that have nobody because somebody is away, with how many are booked there then."""
    here = house_of(request.actor, house)
    rows: list[dict[str, Any]] = []
    for one in unstaffed(house_plan(here)):
        rows.append({"one": one, "when": _when(one), "key": _key(one), "may_close": _may_close(request, here, one)})
    return render(request, "reception/opening/nobody.html", {"house": here, "rows": rows})


@staff_post
def close(request: StaffRequest, house: str) -> HttpResponse:
    """Close a desk for the time in which it has nobody: who is booked there is shown first, and nothing is saved before."""
    here = house_of(request.actor, house)
    one = next((one for one in unstaffed(house_plan(here)) if _key(one) == request.POST.get("gap", "")), None)
    if one is None:
        warn(request, _("This desk has somebody again, or is closed already."))
        return redirect("reception:unstaffed", house=here.key)
    if not _may_close(request, here, one):
        raise Http404
    return answer(request, here, Change("closure", here.key, "", 0, None, _closure(one.desk, one)))


def _closure(desk: Desk, one: Unstaffed) -> dict[str, Any]:
    def text(time: dt.time | None) -> str | None:
        return time.isoformat("minutes") if time else None

    gap = one.gap
    return {
        "title_da": "Ingen ved skranken",
        "title_en": "Nobody at the desk",
        "desk": desk.key,
        "first_day": gap.first.isoformat(),
        "last_day": gap.last.isoformat(),
        "from_time": text(gap.from_time),
        "until_time": text(gap.until_time),
    }
