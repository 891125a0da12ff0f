"""The courses that somebody works with: the list, what is due, and the list as a file."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _

from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.database import clock
from indgang.foundation.ui.tables import Column, Table
from indgang.operations.guidance.course_files import CONTENT_TYPES, course_file
from indgang.operations.guidance.journal_sentences import fields_in_words
from indgang.operations.guidance.models import Category, Course
from indgang.operations.guidance.queries.my_courses import ENDED as OVER
from indgang.operations.guidance.queries.my_courses import EVERY, MINE, OURS, RUNNING, SOON, Wanted, courses_listed, steps_due
from indgang.operations.guidance.views.answers import shown
from indgang.registers.parties.models import Field
from indgang.registers.parties.permissions import serve_companies

A_PAGE = 50
LENGTH = 100


def wanted_from(request: StaffRequest) -> Wanted:
    """Which courses the address asks for. Whoever serves nobody themselves sees the organisation's at first."""
    asked = request.GET
    first = MINE if serve_companies(request.actor) else OURS
    return Wanted(
        whose=asked["whose"] if asked.get("whose") in (MINE, OURS) else first,
        state=asked["state"] if asked.get("state") in (RUNNING, OVER, EVERY) else RUNNING,
        category=asked["category"] if asked.get("category") in Category.values else "",
        field=asked["field"] if asked.get("field") in Field.values else "",
        text=asked.get("q", "").strip()[:LENGTH],
    )


@shown
def courses(request: StaffRequest) -> HttpResponse:
    """What is due, and the courses."""
    wanted, today = wanted_from(request), clock.today()
    pages = Paginator(courses_listed(request.actor, wanted), A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    query = _query(wanted)
    context = {
        "wanted": wanted,
        "today": today,
        "steps": list(steps_due(request.actor, today + SOON)[:A_PAGE]) if wanted.whose == MINE else [],
        "table": _table(page.object_list, wanted, query),
        "page": page,
        "query": query,
        "categories": Category.choices,
        "fields": Field.choices,
        "serves": serve_companies(request.actor),
    }
    return render(request, "guidance/courses/list.html", context)


def _table(rows: Any, wanted: Wanted, query: str) -> Table:
    columns = [
        Column("company", _("Company"), lambda row: row.company.name),
        Column("category", _("Category"), lambda row: row.get_category_display()),
        Column("fields", _("Fields"), lambda row: fields_in_words(row.fields)),
        Column("started", _("From"), lambda row: date_format(row.started, "SHORT_DATE_FORMAT")),
        Column("ended", _("Until"), lambda row: date_format(row.ended, "SHORT_DATE_FORMAT") if row.ended else _("still runs")),
        Column("due", _("Next step"), _due_in_words),
        Column("last", _("Last contact"), lambda row: date_format(row.last_contact, "SHORT_DATE_FORMAT") if row.last_contact else "-"),
    ]
    if wanted.whose == OURS:
        columns.insert(5, Column("consultant", _("Consultant"), lambda row: row.consultant))
    return Table(
        columns=columns,
        rows=rows,
        caption=_("Courses of my organisation") if wanted.whose == OURS else _("My courses"),
        link=lambda row: reverse("guidance:course", args=[row.pk]),
        export=f"{reverse('guidance:courses-file', args=['xlsx'])}?{query}",
        name="courses",
        stacks=True,
    )


def _due_in_words(course: Course) -> str:
    due = getattr(course, "due", None)
    if due is None or course.ended:
        return "-"
    day = date_format(due, "SHORT_DATE_FORMAT")
    return format_html('<span class="g-overdue">{}</span>', _("%(day)s, overdue") % {"day": day}) if due < clock.today() else day


def _query(wanted: Wanted) -> str:
    said = {"whose": wanted.whose, "state": wanted.state, "category": wanted.category, "field": wanted.field, "q": wanted.text}
    return urlencode({name: value for name, value in said.items() if value})


@shown
def download(request: StaffRequest, form: str) -> HttpResponse:
    """The same list as a file, in the columns of the import: an Early Warning team takes out its own courses here."""
    if form not in CONTENT_TYPES:
        raise Http404
    content = course_file(actor=request.actor, wanted=wanted_from(request), form=form)
    name = f"courses-{clock.today()}.{form}"
    return HttpResponse(content, content_type=CONTENT_TYPES[form], headers={"Content-Disposition": f'attachment; filename="{name}"'})
