"""Book for your employees: say who you are, and the page that the link in the letter opens.

Looking at the link opens the group for this browser session; the first thing that is changed there confirms the address.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from indgang.foundation.ui.context import speak_for
from indgang.foundation.ui.tell import warn
from indgang.operations.reception.actions.employers import confirm_group, start_employer_booking
from indgang.operations.reception.employer_links import group_key
from indgang.operations.reception.employer_tables import Written, as_csv, as_xlsx, example_row, template_lines
from indgang.operations.reception.employer_words import STATES, problem_in_words
from indgang.operations.reception.employers import EMPLOYEES_AT_MOST
from indgang.operations.reception.errors import InvalidRequest, ReceptionError, TooManyBookings
from indgang.operations.reception.forms.employers import StartForm
from indgang.operations.reception.models import EmployerBooking
from indgang.operations.reception.queries.employers import EmployeeRow, employees_of, employer_booking, may_book, rows_of
from indgang.operations.reception.resource_words import need_in_words
from indgang.operations.reception.views import newcomer_session as session
from indgang.operations.reception.views.newcomer import house_for
from indgang.operations.reception.waiting_links import opens

KEY_LENGTH = 100
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
Arguments = ParamSpec("Arguments")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask who books (GET), or write to them (POST); then they look in their mail."""
    house = house_for(request)
    form, problem = StartForm(request.POST if request.method == "POST" else None), ""
    if form.is_bound and form.is_valid():
        cleaned = form.cleaned_data
        try:
            booking = start_employer_booking(
                house=house, company=cleaned["company"], cvr=cleaned["cvr"], contact=form.contact, consent=cleaned["consent"]
            )
        except InvalidRequest as refusal:
            form.refuse(refusal)
        except TooManyBookings as refusal:
            problem = refusal.message
        else:
            context = {"house": house, "email": booking.email, "example": example_row(house)}
            return render(request, "reception/employers/sent.html", context)
    context = {"house": house, "form": form, "problem": problem, "most": EMPLOYEES_AT_MOST, "query": request.GET.urlencode()}
    context["example"] = example_row(house)
    return render(request, "reception/employers/start.html", {**context, "has_errors": bool(problem) or bool(form.errors)})


@require_safe
def template(request: HttpRequest, form: str) -> HttpResponse:
    """The empty spreadsheet, in the language of the page."""
    return table_answer(template_lines(house_for(request)), form, _("employees"))


def table_answer(lines: Sequence[Sequence[Written]], form: str, name: str) -> HttpResponse:
    """A table as a file."""
    if form not in TYPES:
        raise Http404
    answer = HttpResponse(as_csv(lines) if form == "csv" else as_xlsx(lines, name), content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def opened_group(request: HttpRequest, pk: UUID) -> EmployerBooking | None:
    """The group, where this browser session has opened it."""
    booking = employer_booking(pk) if session.has_group(request, str(pk)) else None
    if booking:
        speak_for(request, booking.house.region)
    return booking


def not_found(request: HttpRequest) -> HttpResponse:
    """The same answer for a group that is not there, a wrong key, and a browser that has not opened it."""
    return render(request, "reception/employers/not_found.html", status=404)


def group_page(
    view: Callable[Concatenate[HttpRequest, EmployerBooking, Arguments], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A page of a group that this browser has opened. What cannot be done is said on the group's own page."""

    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @wraps(view)
    def answered(request: HttpRequest, booking: UUID, *args: Arguments.args, **kwargs: Arguments.kwargs) -> HttpResponse:
        found = opened_group(request, booking)
        if found is None:
            return not_found(request)
        if request.method == "POST" and found.confirmed_at is None:
            found = confirm_group(booking=found)
        try:
            return view(request, found, *args, **kwargs)
        except ReceptionError as refusal:
            warn(request, refusal.message)
            return redirect("reception:employer-group", found.pk)

    return answered


@never_cache
@require_safe
def group(request: HttpRequest, booking: UUID) -> HttpResponse:
    """Everybody in the group, with what is booked for them and what can be done."""
    if "key" in request.GET:
        found = employer_booking(booking)
        if found and opens(group_key(found), request.GET["key"][:KEY_LENGTH]):
            session.open_group(request, str(booking))
            return redirect("reception:employer-group", booking)
    opened = opened_group(request, booking)
    return render(request, "reception/employers/group.html", context_of(opened)) if opened else not_found(request)


def _line(row: EmployeeRow) -> dict[str, Any]:
    one = row.employee
    problem, need = problem_in_words(one, one.problem), need_in_words(one.interpreter)
    return {"row": row, "one": one, "state": STATES[row.state], "problem": problem, "need": need}


def context_of(booking: EmployerBooking) -> dict[str, Any]:
    """What the group's page shows."""
    rows = rows_of(booking, employees_of(booking))
    return {
        "booking": booking,
        "house": booking.house,
        "rows": [_line(row) for row in rows],
        "count": len(rows),
        "most": EMPLOYEES_AT_MOST,
        "booked": [row for row in rows if row.state == "booked"],
        "open": [row for row in rows if row.state in ("new", "no-time", "proposed")],
        "proposed": [row for row in rows if row.employee.offer],
        "movable": [row for row in rows if row.changeable],
        "may_book": may_book(booking, rows),
        "others_keep": any(row.own and row.state == "booked" for row in rows),
    }
