"""Writing the state of an opening change into the rows, and marking what staff keep from now on."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.desks import desk_to_change, refuse_while_somebody_is_there
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Closure, Desk, Hours, Kept, Resource, Service, Session
from indgang.operations.reception.opening_changes import Change, State
from indgang.operations.reception.queries.opening_states import holiday_rows_of

Subject = House | Desk | Resource | Closure | Session
Place = TypeVar("Place", Desk, Resource)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _time(text: str | None) -> dt.time | None:
    return dt.time.fromisoformat(text) if text else None


def write_state(change: Change, house: House) -> Subject:
    """Make the rows say what is to stand after the change; answer what it was made to. No permission is asked and no entry written."""
    if change.kind == "hours":
        return _write_hours(change, house)
    if change.kind == "desk":
        return _write_desk(change, house)
    if change.kind == "resource":
        return _write_resource(change, house)
    if change.kind == "closure":
        return _write_closure(change, house)
    if change.kind == "session":
        return _write_session(change, house)
    if change.kind == "holidays":
        return _write_holidays(change, house)
    after = change.after or {}
    house.active_from, house.active_until = _day(after.get("active_from")), _day(after.get("active_until"))
    house.save(update_fields=["active_from", "active_until"])
    Kept.objects.get_or_create(house=house, desk=None, resource=None, what="house")
    return house


def _write_hours(change: Change, house: House) -> Subject:
    desk = Desk.objects.select_related("organisation").get(house=house, key=change.desk) if change.desk else None
    resource = Resource.objects.get(house=house, key=change.resource) if change.resource else None
    Hours.objects.filter(house=house, desk=desk, resource=resource).delete()
    Hours.objects.bulk_create(
        Hours(house=house, desk=desk, resource=resource, weekday=weekday, opens=opens, closes=closes, valid_from=first, valid_until=last)
        for weekday, opens, closes, first, last in (change.after or {}).get("rows", [])
    )
    Kept.objects.get_or_create(house=house, desk=desk, resource=resource, what="hours")
    return desk or resource or house


def _write_desk(change: Change, house: House) -> Subject:
    desk = desk_to_change(house, change.desk) or Desk(house=house, key=change.desk)
    if change.after is None:
        return _taken_back(desk)
    after = change.after
    if desk.pk and desk.organisation.key != after["organisation"]:
        refuse_while_somebody_is_there(desk)
    for column in ("title_da", "title_en", "zone", "languages", "only_in_sessions"):
        setattr(desk, column, after[column])
    desk.active_from, desk.active_until = _day(after["active_from"]), _day(after["active_until"])
    desk.organisation = Organisation.objects.get(key=after["organisation"])
    desk.save()
    desk.services.set(Service.objects.filter(region_id=house.region_id, key__in=after["services"]))
    Kept.objects.get_or_create(house=house, desk=desk, resource=None, what="desk")
    return desk


def _taken_back(place: Place) -> Place:
    """A new desk, interpreter or room was not wanted. Raises NotNow once anything is kept about it, which would go with it."""
    about = [one for one in place._meta.related_objects if one.related_model is not Kept]
    if any(one.related_model._base_manager.filter(**{one.field.name: place}).exists() for one in about):
        raise NotNow(_("This has been used or given hours by now, so it cannot be taken back. Give it a last day instead."))
    number = place.pk
    place.delete()
    place.pk = number  # the journal names it still
    return place


def _write_resource(change: Change, house: House) -> Subject:
    one = Resource.objects.filter(house=house, key=change.resource).first() or Resource(house=house, key=change.resource)
    if change.after is None:
        return _taken_back(one)
    after = change.after
    for column in ("kind", "title_da", "title_en", "languages", "zone"):
        setattr(one, column, after[column])
    one.active_from, one.active_until = _day(after["active_from"]), _day(after["active_until"])
    one.save()
    one.services.set(Service.objects.filter(region_id=house.region_id, key__in=after["services"]))
    Kept.objects.get_or_create(house=house, desk=None, resource=one, what="resource")
    return one


def _write_closure(change: Change, house: House) -> Subject:
    """A closure that is lifted keeps its row, so that the region's files do not bring it back."""
    row = Closure.objects.filter(house=house, pk=change.number).select_related("desk__organisation").first()
    if row is not None:
        row.lifted_at = None if change.after else clock.now()
        row.save(update_fields=["lifted_at"])
        return row
    values = _closure_values(change.after or {}, house)
    same = Closure.objects.filter(house=house, lifted_at=None, **values).select_related("desk__organisation").first()
    return same or Closure.objects.create(house=house, by_staff=True, **values)


def _write_holidays(change: Change, house: House) -> Subject:
    """Days of a file that are taken back keep their rows; read again, the same rows count again."""
    for day in (change.after or change.before or {})["days"]:
        rows = holiday_rows_of(house, day)
        if change.after is None:
            rows.filter(lifted_at=None).update(lifted_at=clock.now())
        elif not rows.filter(pk__in=rows.order_by("id").values("pk")[:1]).update(lifted_at=None):
            days = {"first_day": _day(day["first_day"]), "last_day": _day(day["last_day"])}
            Closure.objects.create(house=house, by_staff=True, title_da=day["title_da"], title_en=day["title_en"], **days)
    return house


def _closure_values(after: State, house: House) -> dict[str, Any]:
    desk = Desk.objects.select_related("organisation").get(house=house, key=after["desk"]) if after["desk"] else None
    resource = Resource.objects.get(house=house, key=after["resource"]) if after.get("resource") else None
    return {
        "title_da": after["title_da"],
        "title_en": after["title_en"],
        "desk": desk,
        "resource": resource,
        "first_day": _day(after["first_day"]),
        "last_day": _day(after["last_day"]),
        "from_time": _time(after["from_time"]),
        "until_time": _time(after["until_time"]),
    }


def _write_session(change: Change, house: House) -> Subject:
    row = Session.objects.filter(house=house, pk=change.number).first() or Session(house=house)
    row.ended_at = None if change.after else clock.now()
    row.by_staff = True
    after = change.after or change.before or {}
    for column in ("title_da", "title_en", "weekday", "every_weeks"):
        setattr(row, column, after[column])
    row.of_month = after.get("of_month", 0)
    row.left_out = sorted(dt.date.fromisoformat(date) for date in after.get("left_out", []))
    row.opens, row.closes = dt.time.fromisoformat(after["opens"]), dt.time.fromisoformat(after["closes"])
    row.first_day, row.last_day = dt.date.fromisoformat(after["first_day"]), _day(after["last_day"])
    row.save()
    row.desks.set(Desk.objects.filter(house=house, key__in=after["desks"]))
    return row
