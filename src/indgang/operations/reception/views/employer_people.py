"""Who is in an employer's group: rows in a form, a spreadsheet, one person to correct or to take out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indgang.foundation.ui.tell import tell, warn
from indgang.operations.reception.actions.employers import Added, add_people, change_employee, remove_employee
from indgang.operations.reception.employer_tables import example_row, read_group
from indgang.operations.reception.employers import EMPLOYEES_AT_MOST, doubles
from indgang.operations.reception.forms.employers import (
    FileForm,
    Offered,
    PersonForm,
    defaults_form,
    form_of_employee,
    names_of_countries,
    offered_in,
    person_form,
)
from indgang.operations.reception.models import Employee, EmployerBooking
from indgang.operations.reception.plan_words import all_of
from indgang.operations.reception.views.employers import group_page

ROWS_AT_FIRST, ROWS_MORE = 3, 3
NAMED_AT_MOST = 6


@group_page
def people(request: HttpRequest, booking: EmployerBooking) -> HttpResponse:
    """The form's rows and the spreadsheet (GET); more rows, or put them into the group (POST)."""
    offered = offered_in(booking.house)
    if request.method != "POST":
        return _show(request, booking, _rows(None, booking, ROWS_AT_FIRST, offered), offered)
    if "file" in request.FILES or "upload" in request.POST:
        return _upload(request, booking, offered)
    count = _count(request.POST.get("rows", ""))
    if "more" in request.POST:
        room = EMPLOYEES_AT_MOST - booking.employees.count()
        kept = {name: str(value) for name, value in request.POST.items() if name != "csrfmiddlewaretoken"}
        rows = [_unjudged(booking, number, kept, offered) for number in range(1, min(count + ROWS_MORE, max(room, 1)) + 1)]
        return _show(request, booking, rows, offered, request.POST)
    return _add(request, booking, count, offered)


def _count(text: str) -> int:
    return min(max(int(text), 1), EMPLOYEES_AT_MOST) if text.isascii() and text.isdigit() and len(text) < 4 else ROWS_AT_FIRST


def _rows(data: Any, booking: EmployerBooking, count: int, offered: Offered) -> list[PersonForm]:
    return [person_form(data, booking, number, offered) for number in range(1, count + 1)]


def _unjudged(booking: EmployerBooking, number: int, kept: dict[str, str], offered: Offered) -> PersonForm:
    """A row with what was written in it, not judged yet."""
    prefix = f"p{number}-"
    form = person_form(None, booking, number, offered)
    form.initial = {name.removeprefix(prefix): value for name, value in kept.items() if name.startswith(prefix)}
    return form


def _add(request: HttpRequest, booking: EmployerBooking, count: int, offered: Offered) -> HttpResponse:
    defaults = defaults_form(request.POST, offered)
    rows = _rows(request.POST, booking, count, offered)
    filled = [(number, row) for number, row in enumerate(rows, start=1) if not row.empty]
    ready = defaults.is_valid()
    checked = [row.check(defaults.answers() if ready else {}) for _number, row in filled]
    if ready and filled and all(checked):
        wanted = [(number, row.wanted) for number, row in filled if row.wanted]
        twice = doubles(wanted)
        for number, name, _value, first in twice:
            message = _("Employee %(first)s has the same. Leave an e-mail address empty where you want the e-mail yourself.")
            rows[number - 1].add_error(name, message % {"first": first})
        if not twice:
            _say(request, add_people(booking=booking, people=[person for _number, person in wanted]))
            return redirect("reception:employer-group", booking.pk)
    problem = "" if filled else _("Write at least one employee's name.")
    shown = [row if not row.empty else person_form(None, booking, number, offered) for number, row in enumerate(rows, start=1)]
    return _show(request, booking, shown, offered, request.POST, problem=problem)


def _upload(request: HttpRequest, booking: EmployerBooking, offered: Offered) -> HttpResponse:
    form, defaults = FileForm(request.POST, request.FILES), defaults_form(request.POST, offered)
    if not form.is_valid() or not defaults.is_valid():
        return _show(request, booking, _rows(None, booking, ROWS_AT_FIRST, offered), offered, request.POST, file_form=form)
    found = read_group(form.cleaned_data["file"].file, booking=booking, defaults=defaults.answers())
    if found.problems:
        rows, told = _rows(None, booking, ROWS_AT_FIRST, offered), [str(one) for one in found.problems]
        return _show(request, booking, rows, offered, request.POST, file_problems=told)
    for notice in found.notices:
        warn(request, notice)
    _say(request, add_people(booking=booking, people=found.people))
    return redirect("reception:employer-group", booking.pk)


def _named(people: Sequence[Employee]) -> str:
    """Everybody by name; of many, how many more there are."""
    names = [one.name for one in people]
    if len(names) <= NAMED_AT_MOST:
        return str(all_of(names))
    more = len(names) - NAMED_AT_MOST + 1
    return str(all_of([*names[: NAMED_AT_MOST - 1], ngettext("%(count)s more", "%(count)s more", more) % {"count": more}]))


def _say(request: HttpRequest, added: Added) -> None:
    """What became of everybody."""
    if added.new:
        tell(request, ngettext("%(count)s person added.", "%(count)s people added.", len(added.new)) % {"count": len(added.new)})
    if added.changed:
        names = _named(added.changed)
        tell(request, _("Changed, because they were in the group already: %(names)s.") % {"names": names})
    if added.unchanged:
        tell(request, _("In the group already, as you wrote them: %(names)s.") % {"names": _named(added.unchanged)})
    if added.booked:
        names = _named(added.booked)
        tell(request, _("These have a visit or wait for one already, and nothing of it was changed: %(names)s.") % {"names": names})


def _show(
    request: HttpRequest,
    booking: EmployerBooking,
    rows: list[PersonForm],
    offered: Offered,
    data: Any = None,
    *,
    problem: str = "",
    file_form: FileForm | None = None,
    file_problems: list[str] | None = None,
) -> HttpResponse:
    wrong = [row for row in rows if row.is_bound and row.errors]
    context = {
        "booking": booking,
        "house": booking.house,
        "defaults": defaults_form(data, offered),
        "rows": rows,
        "problem": problem,
        "file_form": file_form or FileForm(),
        "example": example_row(booking.house),
        "file_problems": file_problems or [],
        "country_names": names_of_countries(),
        "all_forms": wrong,
        "most": EMPLOYEES_AT_MOST,
        "has_errors": bool(problem or wrong or file_problems or (file_form and file_form.errors)),
    }
    return render(request, "reception/employers/people.html", context)


@group_page
def person(request: HttpRequest, booking: EmployerBooking, number: int) -> HttpResponse:
    """Correct what was said of one person, or take them out of the group."""
    employee = booking.employees.filter(pk=number).first()
    if employee is None or employee.journey_id or employee.waiting_id:
        warn(request, _("This person has a visit already, or is not in the group any more."))
        return redirect("reception:employer-group", booking.pk)
    if request.method == "POST" and "remove" in request.POST:
        remove_employee(booking=booking, number=number)
        tell(request, _("%(name)s is not in the group any more. We have forgotten what you wrote.") % {"name": employee.name})
        return redirect("reception:employer-group", booking.pk)
    form = form_of_employee(request.POST if request.method == "POST" else None, booking, employee)
    if form.is_bound and form.check({}) and form.wanted:
        change_employee(booking=booking, number=number, wanted=form.wanted)
        tell(request, _("Saved: %(name)s.") % {"name": form.wanted.name})
        return redirect("reception:employer-group", booking.pk)
    context = {"booking": booking, "house": booking.house, "form": form, "one": employee, "country_names": names_of_countries()}
    return render(request, "reception/employers/person.html", {**context, "has_errors": bool(form.errors)})
