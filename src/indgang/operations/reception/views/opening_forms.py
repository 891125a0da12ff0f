"""The forms of the hours' pages: hours, desks, closures, sessions, and the time a house is there."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.forms.opening import ClosureForm, DeskForm, HoursForm, HouseTimeForm, OpeningForm, SessionForm, often_of
from indgang.operations.reception.languages import languages_in_words
from indgang.operations.reception.models import Desk, Hours, Resource, Session
from indgang.operations.reception.models.house import Weekday
from indgang.operations.reception.opening_changes import Change, State
from indgang.operations.reception.queries import opening_page
from indgang.operations.reception.queries.opening_states import desk_state, hours_state, house_state, session_state
from indgang.operations.reception.rules.opening import Opening, replaced
from indgang.operations.reception.views.opening import desk_of_house, house_of, resource_of_house
from indgang.operations.reception.views.opening_change import answer

page = require_http_methods(["GET", "HEAD", "POST"])


def _form_page(request: StaffRequest, house: House, form: OpeningForm, **words: Any) -> HttpResponse:
    return render(request, f"reception/opening/{words.pop('template', 'form')}.html", {"house": house, "form": form, **words})


@page
@staff_required
def house_hours(request: StaffRequest, house: str) -> HttpResponse:
    """The hours of the whole house."""
    here = house_of(request.actor, house)
    if not permissions.keep_house(here)(request.actor):
        raise Http404
    return _hours(request, here, None)


@page
@staff_required
def desk_hours(request: StaffRequest, house: str, desk: str) -> HttpResponse:
    """The hours of one desk."""
    here = house_of(request.actor, house)
    return _hours(request, here, desk_of_house(request.actor, here, desk))


@page
@staff_required
def resource_hours(request: StaffRequest, house: str, resource: str) -> HttpResponse:
    """The hours of one interpreter or room."""
    here = house_of(request.actor, house)
    return _hours(request, here, None, resource_of_house(request.actor, here, resource))


def _hours(request: StaffRequest, house: House, desk: Desk | None, resource: Resource | None = None) -> HttpResponse:
    rows, of = opening_page.hours_of(house), desk or resource
    own = opening_page.resource_hours_of(house).get(resource.pk, []) if resource else rows.get(desk.pk if desk else None, [])
    form = HoursForm(request.POST or None, house=house, of=of, initial=_first_week(own, rows.get(None, []), house))
    if form.is_valid():
        before, key = hours_state(house, desk, resource), resource.key if resource else ""
        change = Change("hours", house.key, desk.key if desk else "", 0, before, _hours_after(form, own), key)
        return answer(request, house, change)
    title = _("Opening hours, %(place)s") % {"place": of.title if of else house.title}
    lead = _("Write the times and from which day they count. What is in force before and after that stays as it is.")
    weeks = opening_page.weeks(own, clock.today(house.zone))
    return _form_page(request, house, form, title=title, lead=lead, weeks=weeks, template="hours_form")


def _first_week(own: list[Hours], of_house: list[Hours], house: House) -> dict[str, Any]:
    """The hours of today, to begin with."""
    today = clock.today(house.zone)

    def valid(rows: list[Hours]) -> list[Hours]:
        return [r for r in rows if (r.valid_from is None or r.valid_from <= today) and (r.valid_until is None or today <= r.valid_until)]

    first: dict[str, Any] = {"valid_from": today, "as_house": not valid(own)}
    for number, _day in Weekday.choices:
        day = sorted((row.opens, row.closes) for row in valid(own) or valid(of_house) if row.weekday == number)
        for turn, (opens, closes) in enumerate(day[:2], start=1):
            first |= {f"opens_{number}_{turn}": opens, f"closes_{number}_{turn}": closes}
    return first


def _hours_after(form: HoursForm, own: list[Hours]) -> State:
    facts = form.cleaned_data
    stored = [Opening(row.weekday, row.opens, row.closes, row.valid_from, row.valid_until) for row in own]
    new = [Opening(weekday, opens, closes) for weekday, opens, closes in form.week()]
    rows = [
        [one.weekday, one.opens.isoformat("minutes"), one.closes.isoformat("minutes"), _iso(one.valid_from), _iso(one.valid_until)]
        for one in replaced(stored, new, facts["valid_from"], facts["valid_until"])
    ]
    return {"rows": sorted(rows, key=lambda row: [str(value or "") for value in (row[3], row[4], *row[:3])])}


def _iso(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


def _organisations(actor: Actor, house: House) -> list[Organisation]:
    """Those whose desks the actor may keep."""
    rows = Organisation.objects.filter(participations__house=house).order_by("id")
    return [row for row in rows if permissions.keep_desks_of(house, row.pk)(actor)]


@page
@staff_required
def desk(request: StaffRequest, house: str, desk: str) -> HttpResponse:
    """What a desk is: services, languages, from when until when."""
    here = house_of(request.actor, house)
    row = desk_of_house(request.actor, here, desk)
    before = desk_state(row)
    initial = {**before, "languages": languages_in_words(before["languages"])}
    form = DeskForm(request.POST or None, house=here, organisations=_organisations(request.actor, here), initial=initial)
    if form.is_valid():
        try:
            return answer(request, here, Change("desk", here.key, row.key, 0, before, form.state()))
        except NotNow as refusal:
            form.add_error("organisation", refusal.message)
    lead = _("Services, languages, and from when until when it is here.")
    return _form_page(request, here, form, title=row.title, lead=lead)


@page
@staff_required
def new_desk(request: StaffRequest, house: str) -> HttpResponse:
    """A further desk, for good or for a time."""
    here = house_of(request.actor, house)
    organisations = _organisations(request.actor, here)
    if not organisations:
        raise Http404
    form = DeskForm(request.POST or None, house=here, organisations=organisations, initial={"languages": "da, en"})
    if form.is_valid():
        state = form.state()
        key = _free_key(here, state["title_en"] or state["title_da"])
        return answer(request, here, Change("desk", here.key, key, 0, None, state))
    lead = _("For good, or for a time: then write the first and the last day.")
    return _form_page(request, here, form, title=_("New desk"), lead=lead)


def _free_key(house: House, title: str) -> str:
    base = slugify(title)[:50] or "desk"
    taken = set(Desk.objects.filter(house=house).values_list("key", flat=True))
    return next(key for key in (base, *(f"{base}-{number}" for number in range(2, 1000))) if key not in taken)


def _desks_kept(actor: Actor, house: House) -> list[Desk]:
    return [desk for desk in opening_page.desks_in(house) if permissions.keep_desks_of(house, desk.organisation_id)(actor)]


@page
@staff_required
def close(request: StaffRequest, house: str) -> HttpResponse:
    """Close the house, a desk, an interpreter or a room for some days, or a part of each."""
    here = house_of(request.actor, house)
    desks, whole = _desks_kept(request.actor, here), permissions.keep_house(here)(request.actor)
    resources = opening_page.resources_in(here) if permissions.close_resource_today(here)(request.actor) else []
    if not desks and not whole and not resources:
        raise Http404
    initial = {"first_day": clock.today(here.zone), "desk": request.GET.get("desk", "")}
    form = ClosureForm(request.POST or None, house=here, desks=desks, whole_house=whole, resources=resources, initial=initial)
    if form.is_valid():
        return answer(request, here, Change("closure", here.key, "", 0, None, form.state()))
    lead = _("If somebody is booked then, you see who, with other times for them, before anything is saved.")
    return _form_page(request, here, form, title=_("Close for a time"), lead=lead)


@page
@staff_required
def session(request: StaffRequest, house: str, number: int = 0) -> HttpResponse:
    """A recurring session, new or changed."""
    here = house_of(request.actor, house)
    row = Session.objects.filter(house=here, pk=number, ended_at=None).first() if number else None
    desks = _desks_kept(request.actor, here)
    mine = {desk.key for desk in desks}
    before = session_state(row) if row else None
    if not desks or (number and (before is None or not set(before["desks"]) <= mine)):
        raise Http404
    initial = {**before, "often": often_of(before)} if before else {"first_day": clock.today(here.zone), "often": "1"}
    form = SessionForm(request.POST or None, house=here, desks=desks, initial=initial)
    if form.is_valid():
        left_out = {"left_out": before["left_out"]} if before and before.get("left_out") else {}
        return answer(request, here, Change("session", here.key, "", number, before, {**form.state(), **left_out}))
    title = row.title if row else _("New session")
    lead = _("Hours that several desks hold together, such as every second Thursday afternoon, beside the hours they keep anyway.")
    return _form_page(request, here, form, title=title, lead=lead)


@page
@staff_required
def house_time(request: StaffRequest, house: str) -> HttpResponse:
    """The first and the last day of a house that is there for a time."""
    here = house_of(request.actor, house)
    if not permissions.keep_house(here)(request.actor):
        raise Http404
    before = house_state(here)
    form = HouseTimeForm(request.POST or None, house=here, initial=before)
    if form.is_valid():
        return answer(request, here, Change("house", here.key, "", 0, before, form.state()))
    lead = _("Only for a house that is there for a time. Outside these days nobody can book.")
    return _form_page(request, here, form, title=_("First and last day"), lead=lead)
