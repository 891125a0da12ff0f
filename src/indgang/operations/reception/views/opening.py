"""The hours of a house: what they are, who sits where, what is closed, and what was changed lately."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database import clock
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House
from indgang.operations.reception import permissions
from indgang.operations.reception.models import Closure, Desk, Hours, Resource, Session, Sitting
from indgang.operations.reception.opening_words import days_in_words, part_of_day, recurrence_in_words, sentence_of
from indgang.operations.reception.queries import opening_page
from indgang.operations.reception.queries.affected import places_outside
from indgang.operations.reception.queries.house import HousePlan, house_plan, recurring
from indgang.operations.reception.queries.opening_page import Week
from indgang.operations.reception.queries.roster import sittings_in
from indgang.operations.reception.resource_words import resource_facts
from indgang.operations.reception.roster_week import sitters
from indgang.operations.reception.rules.daytime import run
from indgang.operations.reception.views.staff_rows import language_name

DATES_SHOWN = 3
NOT_UNDONE = {"desk.removed", "resource.removed"}  # added anew instead


def house_of(actor: Actor, key: str) -> House:
    """A house whose hours the actor may see."""
    house = next((house for house in opening_page.houses_with_hours(actor) if house.key == key), None)
    if house is None:
        raise Http404
    return house


def desk_of_house(actor: Actor, house: House, key: str) -> Desk:
    """A desk whose hours the actor may change."""
    desk = Desk.objects.filter(house=house, key=key).select_related("organisation", "house__region").first()
    if desk is None or not permissions.keep_desks_of(house, desk.organisation_id)(actor):
        raise Http404
    return desk


def resource_of_house(actor: Actor, house: House, key: str) -> Resource:
    """An interpreter or a room whose hours the actor may change."""
    one = Resource.objects.filter(house=house, key=key).select_related("house__region").first()
    if one is None or not permissions.keep_house(house)(actor):
        raise Http404
    return one


@dataclass(frozen=True)
class ResourceRow:
    """An interpreter or a room as the page shows it."""

    resource: Resource
    weeks: list[Week]
    facts: str
    time: str
    over: bool


@dataclass(frozen=True)
class DeskRow:
    """A desk as the page shows it."""

    desk: Desk
    weeks: list[Week]
    languages: str
    time: str
    over: bool
    closed: Closure | None
    may_keep: bool
    may_close: bool
    turns: list[tuple[Sitting, str]]


@dataclass(frozen=True)
class Closed:
    """A closure, or a public holiday."""

    first: dt.date
    when: str
    what: str
    where: str
    number: int = 0
    may_lift: bool = False


@dataclass(frozen=True)
class SessionRow:
    """A session with its next dates."""

    session: Session
    how: str
    dates: list[dt.date]
    left_out: list[dt.date]
    closed: list[dt.date]
    may_keep: bool

    @property
    def days(self) -> list[tuple[dt.date, str]]:
        """The next dates and those that are left out, in their order: "held", "left out", or "closed" where nobody is there anyway."""
        told = [(date, "closed" if date in self.closed else "held") for date in self.dates]
        return sorted([*told, *((date, "left out") for date in self.left_out)])


@dataclass(frozen=True)
class Done:
    """A change that was made."""

    entry: Entry
    text: str
    may_undo: bool


@require_safe
@staff_required
def houses(request: StaffRequest) -> HttpResponse:
    """Straight to the only house; else a choice."""
    found = list(opening_page.houses_with_hours(request.actor))
    if len(found) == 1:
        return redirect("reception:hours-page", house=found[0].key)
    return render(request, "reception/opening/houses.html", {"houses": found})


@require_safe
@staff_required
def hours_page(request: StaffRequest, house: str) -> HttpResponse:
    """Everything about when the house receives people."""
    here, actor = house_of(request.actor, house), request.actor
    today = clock.today(here.zone)
    rows = opening_page.hours_of(here)
    keeps = permissions.keep_house(here)(actor)
    closures = opening_page.closures_ahead(here)
    turns = sitters(list(sittings_in(here, today)))
    desks = [
        _desk_row(actor, desk, opening_page.weeks(rows.get(desk.pk, []), today), closures, turns.get(desk.pk, []))
        for desk in opening_page.desks_in(here)
    ]
    resources, own = opening_page.resources_in(here), opening_page.resource_hours_of(here)
    plan = house_plan(here)
    outside = places_outside(plan, now=clock.now())
    context = {
        "house": here,
        "zone": here.zone,
        "today": today,
        "weeks": opening_page.weeks(rows.get(None, []), today),
        "time": days_in_words(here.active_from, here.active_until) if here.active_from or here.active_until else "",
        "desks": desks,
        "closed": _closed(actor, here, keeps, closures),
        "sessions": [_session_row(actor, plan, session) for session in opening_page.sessions_of(here)],
        "resources": [_resource_row(one, own.get(one.pk, []), today) for one in resources],
        "closes_resources": permissions.close_resource_today(here)(actor),
        "done": _done(actor, here, [row.desk for row in desks], resources),
        "outside": len({place.visit.journey_id for place in outside if place.visit}),
        "keeps_house": keeps,
        "keeps_some": keeps or any(row.may_keep for row in desks),
    }
    return render(request, "reception/opening/hours.html", context)


def _desk_row(actor: Actor, desk: Desk, weeks: list[Week], closures: list[Closure], turns: list[tuple[Sitting, str]]) -> DeskRow:
    house = desk.house
    over = desk.active_until is not None and desk.active_until < clock.today(house.zone)
    may_close = permissions.close_today(desk)(actor)
    return DeskRow(
        desk,
        weeks,
        ", ".join(language_name(code) for code in desk.languages),
        days_in_words(desk.active_from, desk.active_until) if desk.active_from or desk.active_until else "",
        over,
        opening_page.closed_today(desk, closures) if may_close and not over else None,
        permissions.keep_desks_of(house, desk.organisation_id)(actor),
        may_close and not over,
        turns,
    )


def _resource_row(one: Resource, own: list[Hours], today: dt.date) -> ResourceRow:
    time = days_in_words(one.active_from, one.active_until) if one.active_from or one.active_until else ""
    over = one.active_until is not None and one.active_until < today
    return ResourceRow(one, opening_page.weeks(own, today), resource_facts(one), time, over)


def _closed(actor: Actor, house: House, keeps: bool, closures: list[Closure]) -> list[Closed]:
    rows = [Closed(date, days_in_words(date, date), name, _("Public holiday")) for date, name in opening_page.holidays_ahead(house)]
    for row in closures:
        when = f"{days_in_words(row.first_day, row.last_day)} {part_of_day(row.from_time, row.until_time)}".strip()
        may = keeps if row.desk is None else permissions.keep_desks_of(house, row.desk.organisation_id)(actor)
        place = row.desk or row.resource
        rows.append(Closed(row.first_day, when, row.title, place.title if place else _("The whole house"), row.pk, may))
    return sorted(rows, key=lambda row: (row.first, row.number))


def _session_row(actor: Actor, plan: HousePlan, session: Session) -> SessionRow:
    house = plan.house
    how = recurrence_in_words(session.weekday, session.every_weeks, session.opens, session.closes, session.of_month)
    may = all(permissions.keep_desks_of(house, desk.organisation_id)(actor) for desk in session.desks.all())
    today = clock.today(house.zone)
    dates = [date for date in recurring(session).dates(today, 2 * DATES_SHOWN) if not plan.is_holiday(date)]
    closed = [date for date in dates[:DATES_SHOWN] if _is_closed(plan, session, date)]
    return SessionRow(session, how, dates[:DATES_SHOWN], [date for date in session.left_out if date >= today], closed, may)


def _is_closed(plan: HousePlan, session: Session, date: dt.date) -> bool:
    """Whether none of its desks receives anybody at its time, because they or the house are closed then."""
    day, numbers = plan.day(date), {desk.pk for desk in session.desks.all()}
    times = run(day.cell_at(session.opens), day.cell_at(session.closes))
    return bool(numbers) and not any(plan.open_cells(one, day) & times for one in plan.desks if one.desk.pk in numbers)


def _done(actor: Actor, house: House, desks: list[Desk], resources: list[Resource]) -> list[Done]:
    entries = opening_page.changes_of(house)
    newest = opening_page.newest_of_each(entries)
    named = {("desk", one.key): one.title for one in desks} | {("resource", one.key): one.title for one in resources}
    named |= {(one._meta.model_name or "", str(one.pk)): one.title for one in [*desks, *resources]}
    return [Done(entry, change_text(entry, house, named), entry.pk in newest and may_undo(actor, entry, house)) for entry in entries]


def change_text(entry: Entry, house: House, named: dict[tuple[str, str], str]) -> str:
    """The change in one sentence. `named`: desks, interpreters and rooms by key and by number."""
    facts = {**entry.before, **entry.after}
    found = [named.get((entry.subject_type.rpartition(".")[2], entry.subject_id), "")]
    found += [named.get((kind, facts.get(kind, "")), "") for kind in ("desk", "resource")]
    return sentence_of(entry.verb, entry.before, entry.after, next(filter(None, found), house.title))


def may_undo(actor: Actor, entry: Entry, house: House) -> bool:
    """Whether the page offers it; whether it can be done is asked again."""
    own = entry.organisation_id in actor.organisations_as(*permissions.KEEPING)
    return entry.verb not in NOT_UNDONE and (own or permissions.keep_house(house)(actor))
