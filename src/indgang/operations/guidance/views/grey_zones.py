"""Decisions about grey zones: finding them again, reading one, writing one down."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import NotAllowed
from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.ui.tell import tell
from indgang.operations.guidance.actions.approach import decide_grey_zone
from indgang.operations.guidance.approach_errors import ApproachError
from indgang.operations.guidance.approach_words import field_in_words
from indgang.operations.guidance.forms.approach import GreyZoneForm
from indgang.operations.guidance.models import GreyZone
from indgang.operations.guidance.queries.division import division_in_force
from indgang.operations.guidance.queries.grey_zones import grey_zones_found, grey_zones_visible_to
from indgang.operations.guidance.views.answers import company_numbered, filled_in, shown
from indgang.registers.parties.models import Field
from indgang.registers.parties.permissions import serve_openly

SHOWN_AT_MOST = 100


@shown
def grey_zones(request: StaffRequest) -> HttpResponse:
    """Search what has been decided."""
    text, field = request.GET.get("q", "").strip(), request.GET.get("field", "")
    replaced = request.GET.get("replaced") == "1"
    found = grey_zones_found(request.actor, text=text, field=field if field in Field.values else "", replaced=replaced)
    rows = list(found[: SHOWN_AT_MOST + 1])
    context = {
        "rows": [(row, about_in_words(row)) for row in rows[:SHOWN_AT_MOST]],
        "more": len(rows) > SHOWN_AT_MOST,
        "q": text,
        "field": field,
        "replaced": replaced,
        "fields": Field.choices,
        "searched": bool(text or field),
        "may_write": serve_openly(request.actor),
    }
    return render(request, "guidance/approach/grey_zones.html", context)


def about_in_words(row: GreyZone) -> str:
    """What it is about: a company, or a field, a size, industries."""
    parts = [row.company.name] if row.company else []
    parts += [field_in_words(row.field)] if row.field else []
    parts += [str(row.get_size_display())] if row.size else []
    parts += [_("industries %(codes)s") % {"codes": ", ".join(row.industries)}] if row.industries else []
    return ", ".join(parts) or _("All companies")


@shown
def grey_zone(request: StaffRequest, zone: int) -> HttpResponse:
    """One decision, with what it replaced and what replaced it."""
    row = _zone(request, zone)
    before = GreyZone.objects.filter(replaced_by=row).first()
    context = {"row": row, "about": about_in_words(row), "before": before, "may_write": serve_openly(request.actor)}
    return render(request, "guidance/approach/grey_zone.html", context)


@filled_in
def new_grey_zone(request: StaffRequest) -> HttpResponse:
    """Write a decision down; `?replaces=` names the one that does not hold any more, `?company=` the one it is about."""
    if not serve_openly(request.actor):
        raise NotAllowed
    replaces = _zone(request, _number(request, "replaces")) if "replaces" in request.GET else None
    about = company_numbered(request.actor, _number(request, "company")) if "company" in request.GET else None
    company = about or (replaces.company if replaces else None)
    form = GreyZoneForm(request.POST or None, parties=_parties(request), company=company, initial=_first(request, replaces))
    if form.is_valid():
        try:
            row = decide_grey_zone(actor=request.actor, form_key=form.cleaned_data["form_key"], decision=form.decided(), replaces=replaces)
        except ApproachError as refusal:
            form.add_error(None, refusal.message)
        else:
            tell(request, _("The decision is written down. It stands where it applies."))
            return redirect("guidance:grey-zone", zone=row.pk)
    return render(request, "guidance/approach/grey_zone_form.html", {"form": form, "replaces": replaces, "about": company})


def _number(request: StaffRequest, name: str) -> int:
    value = request.GET.get(name, "")
    if not value.isascii() or not value.isdigit() or len(value) > 15:
        raise Http404
    return int(value)


def _zone(request: StaffRequest, number: int) -> GreyZone:
    row = grey_zones_visible_to(request.actor).filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def _parties(request: StaffRequest) -> list[Organisation]:
    """The hub, the offices, and whoever writes."""
    own = request.actor.organisation
    division = division_in_force(own.region, clock.today()) if own else None
    parties = [one for one in (division.hub, *division.offices.values()) if one] if division else []
    return parties if own is None or own in parties else [*parties, own]


def _first(request: StaffRequest, replaces: GreyZone | None) -> dict[str, Any]:
    """What the form begins with: what the old decision said."""
    own = [request.actor.organisation.pk] if request.actor.organisation else []
    if replaces is None:
        return {"parties": own}
    return {
        "question": replaces.question,
        "reason": replaces.reason,
        "parties": [one.pk for one in replaces.parties.all()],
        "field": replaces.field,
        "size": replaces.size,
        "industries": ", ".join(replaces.industries),
    }
