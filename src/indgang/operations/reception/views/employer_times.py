"""When an employer's group can come, what is proposed, and booking, moving, cancelling and taking it out."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indgang.foundation.database import clock
from indgang.foundation.ui.tell import tell, warn
from indgang.operations.reception.actions.employer_booking import (
    begin_again,
    cancel_for_employees,
    confirm_proposals,
    shown_proposals,
    wait_for_employee,
)
from indgang.operations.reception.actions.employers import drop_moves, propose_times
from indgang.operations.reception.employer_tables import export_lines
from indgang.operations.reception.employer_words import STATES, problem_in_words
from indgang.operations.reception.errors import GroupChanged, InvalidRequest, OfferRefused
from indgang.operations.reception.forms.employers import WishesForm, wishes_of
from indgang.operations.reception.group_calendars import calendar_of_group
from indgang.operations.reception.models import EmployerBooking
from indgang.operations.reception.offers import read_offer
from indgang.operations.reception.plan_words import all_of, papers_in_words, people_in_words, when_in_words
from indgang.operations.reception.queries.employers import (
    EmployeeRow,
    employees_of,
    may_book,
    request_for_employee,
    rows_of,
)
from indgang.operations.reception.queries.house import HousePlan, house_plan
from indgang.operations.reception.queries.plans import needs_for
from indgang.operations.reception.queries.times import offered_itinerary
from indgang.operations.reception.resource_words import beside_in_words
from indgang.operations.reception.views.employers import TYPES, context_of, group_page, table_answer


@group_page
def times(request: HttpRequest, booking: EmployerBooking) -> HttpResponse:
    """Ask for the wishes (GET), or look for times (POST); `?move=` numbers: other times for what is booked."""
    rows = rows_of(booking, employees_of(booking))
    move = [int(text) for text in request.GET.getlist("move") if text.isascii() and text.isdigit() and len(text) < 18]
    people = [row.employee for row in rows if row.state in ("new", "no-time", "proposed")]
    if not move and not people:
        warn(request, _("Everybody in the group has a time. Add people first."))
        return redirect("reception:employer-group", booking.pk)
    initial = wishes_of(booking, people, clock.today(booking.house.zone))
    form = WishesForm(request.POST if request.method == "POST" else None, people=people, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            propose_times(booking=booking, wishes=form.wishes, move=move or None)
        except InvalidRequest as refusal:
            form.refuse(refusal)
        else:
            return redirect("reception:employer-preview", booking.pk)
    context = {
        "booking": booking,
        "house": booking.house,
        "form": form,
        "moving": [row.employee.name for row in rows if row.employee.pk in move],
        "query": request.GET.urlencode(),
        "has_errors": bool(form.errors),
    }
    return render(request, "reception/employers/times.html", context)


@group_page
def preview(request: HttpRequest, booking: EmployerBooking) -> HttpResponse:
    """What is proposed to everybody (GET); book exactly that (POST)."""
    if request.method == "POST" and "drop" in request.POST:
        drop_moves(booking=booking)
        tell(request, _("Nothing was moved."))
        return redirect("reception:employer-group", booking.pk)
    if request.method == "POST":
        return _book(request, booking)
    rows = rows_of(booking, employees_of(booking))
    asked = [row for row in rows if row.state in ("new", "no-time", "proposed") or _moves(row)]
    if booking.first_day is None or not asked:
        return redirect("reception:employer-group", booking.pk)
    return _show(request, booking, rows)


def _moves(row: EmployeeRow) -> bool:
    """Whether another time was looked for, for a visit that is booked."""
    return row.state == "booked" and bool(row.employee.offer or row.employee.problem)


def _book(request: HttpRequest, booking: EmployerBooking) -> HttpResponse:
    try:
        done = confirm_proposals(booking=booking, shown=request.POST.get("shown", "")[:100])
    except GroupChanged as changed:
        warn(request, changed.message)
        return redirect("reception:employer-preview", booking.pk)
    if done.again:
        tell(request, _("This is booked already. Nothing was booked twice."))
    if done.booked:
        tell(request, ngettext("%(count)s visit is booked.", "%(count)s visits are booked.", done.booked) % {"count": done.booked})
    if done.moved:
        tell(request, ngettext("%(count)s visit is moved.", "%(count)s visits are moved.", done.moved) % {"count": done.moved})
    return redirect("reception:employer-group", booking.pk)


def _show(request: HttpRequest, booking: EmployerBooking, rows: list[EmployeeRow]) -> HttpResponse:
    plan = house_plan(booking.house)
    moving = any(_moves(row) for row in rows)
    shown = [_line(row, booking, plan) for row in rows if (_moves(row) if moving else row.state in ("new", "no-time", "proposed"))]
    found = [line for line in shown if line["when"]]
    context = {
        "booking": booking,
        "house": booking.house,
        "lines": shown,
        "found": len(found),
        "without": [line for line in shown if not line["when"]],
        "moving": moving,
        "may_book": bool(found) and (moving or may_book(booking, rows)),
        "shown": shown_proposals(rows),
        "replaced": [line["one"].name for line in shown if line["one"].replaced],
        "needed": [row.employee.name for row in rows if row.employee.needed],
    }
    return render(request, "reception/employers/preview.html", context)


def _line(row: EmployeeRow, booking: EmployerBooking, plan: HousePlan) -> dict[str, Any]:
    """One of the group: the proposed way with its authorities and papers, or why there is none."""
    one, house = row.employee, booking.house
    way = None
    if one.offer:
        try:
            way = offered_itinerary(read_offer(one.offer, age_minutes=None), house)
        except OfferRefused:
            way = None
    assert booking.first_day and booking.last_day, "there are wishes"
    needs = needs_for(request_for_employee(one, house, booking.first_day, booking.last_day), plan)
    called = people_in_words(request_for_employee(one, house, booking.first_day, booking.last_day).travellers)
    called[0] = one.name
    papers = {step.service: list(papers_in_words(step, called).values()) for step in needs.steps}
    steps = way.stops if way else ()
    return {
        "one": one,
        "row": row,
        "when": when_in_words(way, house) if way else "",
        "steps": [
            {
                "title": stop.service.title,
                "authority": stop.service.authority.title,
                "starts": stop.starts,
                "ends": stop.ends,
                "bring": papers.get(stop.service.key, []),
                "beside": beside_in_words(stop.interpreter, stop.room, one.interpreter),
            }
            for stop in steps
        ],
        "elsewhere": needs.elsewhere,
        "problem": problem_in_words(one, one.problem or "no-time"),
        "can_wait": one.problem == "no-time" and bool(one.email),
    }


@group_page
def change(request: HttpRequest, booking: EmployerBooking) -> HttpResponse:
    """Cancel one or all of what is booked (asked once on a page of its own), begin again with somebody, or put them on the waiting list."""
    if request.method != "POST":
        return _ask_to_cancel(request, booking)
    if request.POST.get("wait", "").isdigit():
        name = wait_for_employee(booking=booking, number=int(request.POST["wait"][:17]))
        said = _("We have written to %(name)s. As soon as they have confirmed it in the e-mail, they are on the waiting list.")
        tell(request, said % {"name": name})
    elif request.POST.get("again", "").isdigit():
        name = begin_again(booking=booking, number=int(request.POST["again"][:17]))
        tell(request, _("%(name)s has no time yet. Press “Find times”.") % {"name": name})
    elif "cancel_all" in request.POST or request.POST.get("cancel", "").isdigit():
        numbers = None if "cancel_all" in request.POST else [int(request.POST["cancel"][:17])]
        names = cancel_for_employees(booking=booking, numbers=numbers)
        tell(request, _("Cancelled: %(names)s. Whoever has given us an e-mail address has been told.") % {"names": all_of(names)})
    return redirect("reception:employer-group", booking.pk)


def _ask_to_cancel(request: HttpRequest, booking: EmployerBooking) -> HttpResponse:
    rows = [row for row in rows_of(booking, employees_of(booking)) if row.changeable]
    one = next((row for row in rows if str(row.employee.pk) == request.GET.get("cancel")), None)
    if not rows or ("cancel" in request.GET and one is None):
        warn(request, _("There is nothing left to cancel."))
        return redirect("reception:employer-group", booking.pk)
    context = {"booking": booking, "house": booking.house, "rows": [one] if one else rows, "one": one}
    return render(request, "reception/employers/cancel.html", context)


@group_page
def file(request: HttpRequest, booking: EmployerBooking, form: str) -> HttpResponse:
    """The group as a table or as a calendar file."""
    rows = context_of(booking)["rows"]
    if form == "ics":
        text = calendar_of_group(booking, [line["row"] for line in rows])
        answer = HttpResponse(text, content_type="text/calendar; charset=utf-8")
        answer["Content-Disposition"] = 'attachment; filename="group.ics"'
        return answer
    if form not in TYPES:
        raise Http404
    states = {key: str(word) for key, word in STATES.items()}
    return table_answer(list(export_lines([line["row"] for line in rows], states)), form, _("group"))
