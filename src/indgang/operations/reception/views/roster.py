"""Who sits where: the week's plan of a house, and the turns of one desk."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import House
from indgang.foundation.ui.tell import tell
from indgang.operations.reception import permissions
from indgang.operations.reception.actions import roster as actions
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.forms.roster import SittingForm
from indgang.operations.reception.models import Sitting
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.roster import absences_shown_to, officers_for, sittings_in, unstaffed
from indgang.operations.reception.roster_week import away_in_words, monday_of, sitters, turn_in_words, week_of
from indgang.operations.reception.views.opening import desk_of_house, house_of
from indgang.operations.reception.views.staff_answers import address, staff_post

WEEK = dt.timedelta(days=7)


@require_safe
@staff_required
def week(request: StaffRequest, house: str) -> HttpResponse:
    """The plan of a week, to read and to print; of one authority with `?organisation=`."""
    here = house_of(request.actor, house)
    monday = _monday(request.GET.get("from", ""), here)
    organisations = list(Organisation.objects.filter(desks__house=here).distinct().order_by("pk"))
    chosen = next((one for one in organisations if one.key == request.GET.get("organisation")), None)
    plan, today = house_plan(here), clock.today(here.zone)
    shown = week_of(plan, monday, chosen)
    may_note = {
        officer.pk
        for row in shown.desks
        for day in row.days
        for officer in (seat.officer for seat in day.seats)
        if permissions.note_absence(here, row.desk.organisation_id, officer.pk, only_today=True)(request.actor)
    }
    context: dict[str, Any] = {
        "house": here,
        "week": shown,
        "today": today,
        "open_on": today if today in shown.days else shown.first,
        "number": monday.isocalendar().week,
        "before": monday - WEEK,
        "after": monday + WEEK,
        "organisations": organisations,
        "chosen": chosen,
        "of": {one.pk: one for one in organisations},
        "may_note": may_note,
        "notes_some": bool(officers_to_note(request, here)),
        "absences": [(row, away_in_words(row)) for row in absences_shown_to(request.actor, here)],
        "unstaffed": len(unstaffed(plan)),
    }
    return render(request, "reception/opening/week_plan.html", context)


def _monday(text: str, house: House) -> dt.date:
    try:
        date = dt.date.fromisoformat(text)
    except ValueError:
        date = clock.today(house.zone)
    return monday_of(date) if dt.date(2000, 1, 1) < date < dt.date(2200, 1, 1) else monday_of(clock.today(house.zone))


def officers_to_note(request: StaffRequest, house: House) -> list[Any]:
    """Whose absence the actor may note on any day: (organisation, colleague)."""
    actor = request.actor
    organisations = Organisation.objects.filter(participations__house=house).order_by("pk")
    found = []
    for one in organisations:
        if permissions.keep_desks_of(house, one.pk)(actor):
            found += [(one, user) for user in officers_for(one.pk)]
        elif actor.user and permissions.note_absence(house, one.pk, actor.user.pk)(actor):
            found.append((one, actor.user))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def desk_roster(request: StaffRequest, house: str, desk: str, number: int = 0) -> HttpResponse:
    """Who sits at a desk: the turns as they stand, and a new one (or, with `number`, one to be changed)."""
    here = house_of(request.actor, house)
    place = desk_of_house(request.actor, here, desk)
    today = clock.today(here.zone)
    rows = list(sittings_in(here, today).filter(desk=place))
    row = next((one for one in rows if one.pk == number), None)
    if number and row is None:
        raise Http404
    form = SittingForm(request.POST or None, house=here, officers=list(officers_for(place.organisation_id)), initial=_initial(row, today))
    if form.is_valid():
        try:
            saved = actions.set_sitting(actor=request.actor, desk=place, wanted=form.wanted(), row=row)
        except InvalidRequest as refusal:
            for name, message in refusal.fields.items():
                form.add_error(name, message)
        else:
            facts = {"name": str(saved.officer), "desk": place.title, "when": turn_in_words(saved)}
            undo = "" if row else address("roster-end", here.key, saved.pk)
            tell(request, _("%(name)s sits at %(desk)s: %(when)s.") % facts, undo=undo)
            return redirect("reception:desk-roster", house=here.key, desk=place.key)
    context = {"house": here, "desk": place, "form": form, "row": row, "turns": sitters(rows).get(place.pk, [])}
    return render(request, "reception/opening/roster.html", context)


def _initial(row: Sitting | None, today: dt.date) -> dict[str, Any]:
    if row is None:
        return {"valid_from": today, "weekdays": list(range(5))}
    return {
        "officer": str(row.officer_id),
        "weekdays": row.weekdays,
        "begins": row.begins,
        "ends": row.ends,
        "valid_from": row.valid_from,
        "valid_until": row.valid_until,
    }


def _sitting(request: StaffRequest, house: House, number: int) -> Sitting:
    row = (
        Sitting.objects.filter(desk__house=house, pk=number).select_related("desk__house__region", "desk__organisation", "officer").first()
    )
    if row is None or not permissions.keep_desks_of(house, row.desk.organisation_id)(request.actor):
        raise Http404
    return row


@staff_post
def end(request: StaffRequest, house: str, number: int) -> HttpResponse:
    """From today on the colleague does not sit there."""
    here = house_of(request.actor, house)
    row = _sitting(request, here, number)
    actions.end_sitting(actor=request.actor, row=row)
    facts = {"name": str(row.officer), "desk": row.desk.title}
    tell(request, _("%(name)s does not sit at %(desk)s any more.") % facts, undo=address("roster-resume", here.key, row.pk))
    return redirect("reception:desk-roster", house=here.key, desk=row.desk.key)


@staff_post
def resume(request: StaffRequest, house: str, number: int) -> HttpResponse:
    """Undo of an end."""
    here = house_of(request.actor, house)
    row = _sitting(request, here, number)
    actions.resume_sitting(actor=request.actor, row=row)
    facts = {"name": str(row.officer), "desk": row.desk.title, "when": turn_in_words(row)}
    tell(request, _("%(name)s sits at %(desk)s: %(when)s.") % facts)
    return redirect("reception:desk-roster", house=here.key, desk=row.desk.key)
