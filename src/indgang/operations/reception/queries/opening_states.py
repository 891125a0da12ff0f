"""What stands now, as the plain data of an opening change."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Closure, Desk, Hours, Resource, Session
from indgang.operations.reception.opening_changes import Change, State


def _text(value: dt.date | dt.time | None) -> str | None:
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    return value.isoformat() if value else None


def hours_state(house: House, desk: Desk | None, resource: Resource | None = None) -> State:
    """The hours of the house, or the desk's or resource's own."""
    stored = Hours.objects.filter(house=house, desk=desk, resource=resource)
    rows = [[r.weekday, _text(r.opens), _text(r.closes), _text(r.valid_from), _text(r.valid_until)] for r in stored]
    return {"rows": sorted(rows, key=lambda row: [str(value or "") for value in (row[3], row[4], *row[:3])])}


def desk_state(desk: Desk) -> State:
    """Who sits at the desk, and what for."""
    return {
        "title_da": desk.title_da,
        "title_en": desk.title_en,
        "organisation": desk.organisation.key,
        "zone": desk.zone,
        "services": sorted(desk.services.values_list("key", flat=True)),
        "languages": list(desk.languages),
        "active_from": _text(desk.active_from),
        "active_until": _text(desk.active_until),
        "only_in_sessions": desk.only_in_sessions,
    }


def resource_state(one: Resource) -> State:
    """An interpreter, or a room and what for."""
    return {
        "kind": one.kind,
        "title_da": one.title_da,
        "title_en": one.title_en,
        "languages": list(one.languages),
        "zone": one.zone,
        "services": sorted(one.services.values_list("key", flat=True)),
        "active_from": _text(one.active_from),
        "active_until": _text(one.active_until),
    }


def closure_state(row: Closure) -> State | None:
    """A closure; nothing once it is lifted."""
    if row.lifted_at:
        return None
    return {
        "title_da": row.title_da,
        "title_en": row.title_en,
        "desk": row.desk.key if row.desk else "",
        **({"resource": row.resource.key} if row.resource else {}),
        "first_day": _text(row.first_day),
        "last_day": _text(row.last_day),
        "from_time": _text(row.from_time),
        "until_time": _text(row.until_time),
    }


def session_state(row: Session) -> State | None:
    """A session; nothing once it has ended."""
    if row.ended_at:
        return None
    return {
        "title_da": row.title_da,
        "title_en": row.title_en,
        "weekday": row.weekday,
        "opens": _text(row.opens),
        "closes": _text(row.closes),
        "every_weeks": row.every_weeks,
        **({"of_month": row.of_month} if row.of_month else {}),
        "first_day": _text(row.first_day),
        "last_day": _text(row.last_day),
        **({"left_out": [date.isoformat() for date in row.left_out]} if row.left_out else {}),
        "desks": sorted(row.desks.values_list("key", flat=True)),
    }


def holiday_rows_of(house: House, day: State) -> QuerySet[Closure]:
    """The closures that say what a day read from a file says, in force or lifted."""
    names = "title_da", "title_en", "first_day", "last_day"
    whole = {"desk": None, "resource": None, "from_time": None, "until_time": None}
    return Closure.objects.filter(house=house, by_staff=True, **whole, **{name: day[name] for name in names})


def holidays_state(house: House, days: list[State]) -> State | None:
    """Those of the days that close the house; nothing where none does."""
    standing = [day for day in days if holiday_rows_of(house, day).filter(lifted_at=None).exists()]
    return {"days": standing} if standing else None


def house_state(house: House) -> State:
    """The first and the last day of the house."""
    return {"active_from": _text(house.active_from), "active_until": _text(house.active_until)}


def state_now(change: Change, house: House) -> State | None:
    """What stands where the change would be made."""
    if change.kind == "house":
        return house_state(house)
    if change.kind == "holidays":
        return holidays_state(house, (change.after or change.before or {})["days"])
    desk = Desk.objects.filter(house=house, key=change.desk).select_related("organisation").first() if change.desk else None
    resource = Resource.objects.filter(house=house, key=change.resource).first() if change.resource else None
    if change.kind == "hours":
        return hours_state(house, desk, resource)
    if change.kind == "resource":
        return resource_state(resource) if resource else None
    if change.kind == "desk":
        return desk_state(desk) if desk else None
    if change.kind == "closure":
        closure = Closure.objects.filter(house=house, pk=change.number).select_related("desk", "resource").first()
        return closure_state(closure) if closure else None
    session = Session.objects.filter(house=house, pk=change.number).first()
    return session_state(session) if session else None
