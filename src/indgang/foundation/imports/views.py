"""Pages for those who bring tables in: hand in a file, look at what would happen, import, look back, undo, take out."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from indgang.foundation.access.actors import require
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.database.console import Refused
from indgang.foundation.files.actions import open_file, store_file
from indgang.foundation.imports.actions import apply_import, preview_import, undo_batch
from indgang.foundation.imports.exports import FORMS, export_table
from indgang.foundation.imports.forms import HandInForm
from indgang.foundation.imports.kinds import KINDS, Kind
from indgang.foundation.imports.permissions import may_import
from indgang.foundation.imports.queries import Told, batches_visible_to, files_visible_to, replaced_cells, rows_left

SHOWN_BATCHES = 50
SHOWN_PROBLEMS = 200
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def overview(request: StaffRequest) -> HttpResponse:
    """Hand in a file; what was imported so far; tables to take out."""
    require(may_import, request.actor)
    form = HandInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            kept = store_file(actor=request.actor, name=upload.name, content=upload.chunks())
            return redirect("imports:preview", kind=form.cleaned_data["kind"], file=kept.pk)
        except Refused as refusal:
            form.add_error("file", str(refusal))
    batches = [
        (Told.to(request.actor, found), KINDS[found.kind].title if found.kind in KINDS else found.kind)
        for found in batches_visible_to(request.actor)[:SHOWN_BATCHES]
    ]
    context = {"form": form, "batches": batches, "kinds": list(KINDS.values()), "forms": sorted(FORMS)}
    return render(request, "imports/overview.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required
def preview(request: StaffRequest, kind: str, file: int) -> HttpResponse:
    """What importing a file would do, row by row; a POST does it."""
    require(may_import, request.actor)
    wanted, kept = _kind(kind), get_object_or_404(files_visible_to(request.actor), pk=file)
    try:
        with open_file(kept) as stream:
            if request.method != "POST":
                report = preview_import(actor=request.actor, kind=wanted, stream=stream)
            else:
                batch, report = apply_import(actor=request.actor, kind=wanted, stream=stream, name=kept.name, file=kept)
                if batch is not None:
                    messages.success(request, _("The table was imported."))
                    if report.kept:
                        messages.info(request, _kept_text(len(report.kept)))
                    if report.replaced:
                        messages.info(request, _replaced_text(len(report.replaced)))
                    return redirect("imports:batch", batch=batch.pk)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("imports:overview")
    context = {
        "kind": wanted,
        "file": kept,
        "report": report,
        "problems": report.refused[:SHOWN_PROBLEMS],
        "kept": [] if report.refused else report.kept[:SHOWN_PROBLEMS],
        "replaced": [] if report.refused else report.replaced[:SHOWN_PROBLEMS],
        "writes": report.created + report.updated,
    }
    return render(request, "imports/preview.html", context)


@require_safe
@staff_required
def batch(request: StaffRequest, batch: int) -> HttpResponse:
    """One import: who, when, how much, and the way back."""
    found = get_object_or_404(batches_visible_to(request.actor), pk=batch)
    rows = rows_left(request.actor, found).count() if found.can_be_undone else 0
    context = {
        "batch": found,
        "told": Told.to(request.actor, found),
        "rows_left": rows,
        "kind": _kind(found.kind),
        "replaced": replaced_cells(request.actor, found)[:SHOWN_PROBLEMS] if rows else [],
    }
    return render(request, "imports/batch.html", context)


@require_POST
@staff_required
def undo(request: StaffRequest, batch: int) -> HttpResponse:
    """Take an import back, and say what was kept."""
    found = get_object_or_404(batches_visible_to(request.actor), pk=batch)
    try:
        undone = undo_batch(actor=request.actor, batch=found)
    except Refused as refusal:
        messages.warning(request, str(refusal))
        return redirect("imports:batch", batch=found.pk)
    again = found.can_be_undone and rows_left(request.actor, found).exists()
    context = {"batch": found, "undone": undone, "kept": undone.kept[:SHOWN_PROBLEMS], "again": again}
    return render(request, "imports/undone.html", context)


@require_safe
@staff_required
def export(request: StaffRequest, kind: str, form: str) -> HttpResponse:
    """A whole table, as a file."""
    require(may_import, request.actor)
    wanted = _kind(kind)
    if form not in FORMS:
        raise Http404
    stream = tempfile.TemporaryFile()  # noqa: SIM115  -- the response closes it
    export_table(actor=request.actor, kind=wanted, form=form, stream=stream)
    stream.seek(0)
    name = f"{wanted.key}-{clock.today()}.{form}"
    return FileResponse(stream, as_attachment=True, filename=name, content_type=CONTENT_TYPES[form])  # type: ignore[return-value]


def _kept_text(count: int) -> str:
    text = ngettext(
        "One cell of the table says something else than people have noted here since. It was left as people noted it.",
        "%(count)s cells of the table say something else than people have noted here since. They were left as people noted them.",
        count,
    )
    return text % {"count": number_format(count, force_grouping=True)}


def _replaced_text(count: int) -> str:
    text = ngettext(
        "One cell of the table replaced what people had written here. It is named below, and comes back when the import is taken back.",
        "%(count)s cells of the table replaced what people had written here. They are named below, and come back when the import is taken"
        " back.",
        count,
    )
    return text % {"count": number_format(count, force_grouping=True)}


def _kind(key: str) -> Kind:
    try:
        return KINDS[key]
    except KeyError:
        raise Http404 from None
