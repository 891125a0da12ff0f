"""Reading holidays from a calendar file: what is in it is shown first, then the days that were chosen close the house, all or none."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.errors import ReceptionError
from indgang.operations.reception.forms.holidays import HolidayDaysForm, HolidayFileForm
from indgang.operations.reception.holiday_files import Days, Holidays, read_holidays
from indgang.operations.reception.opening_changes import Change, State, read_change, signed
from indgang.operations.reception.opening_words import days_in_words
from indgang.operations.reception.queries.holidays import HolidayRow, holiday_rows
from indgang.operations.reception.views.opening import house_of
from indgang.operations.reception.views.opening_change import answer


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def holidays(request: StaffRequest, house: str) -> HttpResponse:
    """A file is chosen; its days are shown; those that are chosen are saved as any other change of the hours."""
    here = house_of(request.actor, house)
    if not permissions.keep_house(here)(request.actor):
        raise Http404
    if "found" in request.POST:
        return _chosen(request, here)
    form = HolidayFileForm(request.POST, request.FILES) if request.method == "POST" else HolidayFileForm()
    if form.is_valid():
        try:
            read = read_holidays(form.cleaned_data["file"].read(), clock.today(here.zone))
        except ReceptionError as refusal:
            form.add_error("file", refusal.message)
        else:
            return _preview(request, here, read)
    return render(request, "reception/opening/holidays.html", {"house": here, "form": form})


def _preview(request: StaffRequest, house: House, read: Holidays) -> HttpResponse:
    rows = holiday_rows(house, read.days)
    new = [row for row in rows if not row.closed]
    change = Change("holidays", house.key, "", 0, None, {"days": [_state(row.days) for row in new]})
    context = {
        "house": house,
        "new": _with_words(new),
        "closed": _with_words([row for row in rows if row.closed]),
        "read": read,
        "found": signed(change) if new else "",
    }
    return render(request, "reception/opening/holidays_found.html", context)


def _with_words(rows: list[HolidayRow]) -> list[tuple[HolidayRow, str]]:
    return [(row, days_in_words(row.days.first, row.days.last)) for row in rows]


def _state(days: Days) -> State:
    """The days as a closure is written; a calendar does not say in which language its names are."""
    titles = {"title_da": days.title, "title_en": ""} if days.title else {"title_da": "Helligdag", "title_en": "Holiday"}
    return {**titles, "first_day": days.first.isoformat(), "last_day": days.last.isoformat()}


def _chosen(request: StaffRequest, house: House) -> HttpResponse:
    """The days that were ticked, as one change: who is booked then is shown before anything is saved."""
    form = HolidayFileForm()
    try:
        change = read_change(request.POST["found"])
    except ReceptionError as refusal:
        return render(request, "reception/opening/holidays.html", {"house": house, "form": form, "problem": refusal.message})
    if change.kind != "holidays" or change.house != house.key:
        raise Http404
    days = HolidayDaysForm(request.POST, found=change.after or {"days": []})
    if not days.is_valid():
        problem = _("No day was chosen, so nothing is closed. Choose the file again.")
        return render(request, "reception/opening/holidays.html", {"house": house, "form": form, "problem": problem})
    return answer(request, house, Change("holidays", house.key, "", 0, None, days.state()))
