"""Interpreters and rooms: making and changing them, and the day of one of them, to read and to print."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.journal.actions import record_read
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.beside_words import taken_now
from indgang.operations.reception.forms.resources import InterpreterForm, ResourceForm, RoomForm, form_for
from indgang.operations.reception.languages import languages_in_words
from indgang.operations.reception.models import Appointment, Resource
from indgang.operations.reception.opening_changes import Change
from indgang.operations.reception.opening_words import times_in_words
from indgang.operations.reception.queries.house import HousePlan, ResourcePlan, house_plan, runs_of
from indgang.operations.reception.queries.opening_states import resource_state
from indgang.operations.reception.queries.resources import day_of_resource
from indgang.operations.reception.resource_words import language_of_place, resource_facts
from indgang.operations.reception.views.opening import house_of, resource_of_house
from indgang.operations.reception.views.opening_change import answer
from indgang.operations.reception.views.opening_forms import page
from indgang.operations.reception.views.staff_rows import party_name


@page
@staff_required
def new_interpreter(request: StaffRequest, house: str) -> HttpResponse:
    """Somebody who interprets."""
    return _new(request, house, InterpreterForm, _("New interpreter"))


@page
@staff_required
def new_room(request: StaffRequest, house: str) -> HttpResponse:
    """A room that services need."""
    return _new(request, house, RoomForm, _("New room"))


def _new(request: StaffRequest, house: str, kind: type[ResourceForm], title: str) -> HttpResponse:
    here = house_of(request.actor, house)
    if not permissions.keep_house(here)(request.actor):
        raise Http404
    form = kind(request.POST or None, house=here)
    if form.is_valid():
        state = form.state()
        key = _free_key(here, state["title_en"] or state["title_da"])
        return answer(request, here, Change("resource", here.key, "", 0, None, state, key))
    return _form_page(request, here, form, title)


@page
@staff_required
def change(request: StaffRequest, house: str, resource: str) -> HttpResponse:
    """What an interpreter or a room is for, from when until when."""
    here = house_of(request.actor, house)
    one = resource_of_house(request.actor, here, resource)
    before = resource_state(one)
    initial = {**before, "languages": languages_in_words(before["languages"])}
    form = form_for(one.kind)(request.POST or None, house=here, initial=initial)
    if form.is_valid():
        return answer(request, here, Change("resource", here.key, "", 0, before, form.state(), one.key))
    return _form_page(request, here, form, one.title)


def _form_page(request: StaffRequest, house: House, form: ResourceForm, title: str) -> HttpResponse:
    if isinstance(form, RoomForm):
        lead = _("Where it is, what is only done in it, and from when until when it is there.")
    else:
        lead = _("In which languages, and from when until when. The hours are those of the house until you give them others.")
    return render(request, "reception/opening/form.html", {"house": house, "form": form, "title": title, "lead": lead})


def _free_key(house: House, title: str) -> str:
    base = slugify(title)[:50] or "resource"
    taken = set(Resource.objects.filter(house=house).values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}-{number}" for number in range(2, 1000))) if key not in taken)


@dataclass(frozen=True)
class Turn:
    """Somebody who has the interpreter or the room."""

    place: Appointment
    name: str
    language: str
    named: bool


@require_safe
@staff_required
def day(request: StaffRequest, house: str, resource: str) -> HttpResponse:
    """Who has it on a day, when, and where. Names are for those who may know them at that desk; others see the code."""
    here = house_of(request.actor, house)
    one = Resource.objects.filter(house=here, key=resource).select_related("house__region").first()
    if one is None or not permissions.see_hours(here)(request.actor):
        raise Http404
    date = _date(request.GET.get("date", ""), clock.today(here.zone))
    turns = [_turn(request, here, one, place) for place in day_of_resource(one, date)]
    people = [turn.place.visit.journey.contact for turn in turns if turn.named and turn.place.visit and turn.place.visit.journey.contact]
    if people:
        record_read(actor=request.actor, subject=here, about=people, house=here)
    plan = house_plan(here)
    row = next(row for row in plan.resources if row.resource.pk == one.pk)
    context = {
        "house": here,
        "zone": here.zone,
        "resource": one,
        "facts": resource_facts(one),
        "date": date,
        "before": date - dt.timedelta(days=1),
        "after": date + dt.timedelta(days=1),
        "today": clock.today(here.zone),
        "turns": turns,
        "open": _open(row, plan, date),
        "now": taken_now(plan, row) if date == clock.today(here.zone) else "",
    }
    return render(request, "reception/opening/resource_day.html", context)


def _open(row: ResourcePlan, plan: HousePlan, date: dt.date) -> str:
    that_day = plan.day(date)
    runs = runs_of(that_day, plan.resource_cells(row, that_day))
    return times_in_words(runs) if runs else ""


def _turn(request: StaffRequest, house: House, one: Resource, place: Appointment) -> Turn:
    named = permissions.see_parties_of(house, place.desk.organisation_id)(request.actor)
    assert place.visit is not None
    journey = place.visit.journey
    return Turn(place, party_name(journey) if named else journey.reference, language_of_place(one, journey.interpreter), named)


def _date(text: str, today: dt.date) -> dt.date:
    """The day asked for; today where it is none."""
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        return today
    return min(max(found, today - dt.timedelta(days=366)), today + dt.timedelta(days=366))
