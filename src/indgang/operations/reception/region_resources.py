"""Loads resources.toml, where a region has one: the interpreters and the rooms of its houses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import Q, QuerySet

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.foundation.places.region import RegionFolder, Report
from indgang.foundation.places.region_files import Table
from indgang.operations.reception.languages import is_language
from indgang.operations.reception.models import Appointment, Kept, Resource, Service
from indgang.operations.reception.models.resources import Kind
from indgang.operations.reception.region_opening import KEPT

TABLES = {"interpreters": Kind.INTERPRETER, "rooms": Kind.ROOM}


def load_resources(
    folder: RegionFolder, houses: Mapping[str, House], services: Mapping[str, Service], report: Report
) -> dict[str, Resource]:
    """The interpreters and rooms, under `house/key`; those that staff have changed or made stay as they are."""
    found: dict[str, Resource] = {}
    kept = {f"{one.house.key}/{one.key}": one for one in _kept(houses)}
    for name in folder.names("resources.toml"):
        file = folder.file(name)
        for heading, kind in TABLES.items():
            for table in file.tables(heading):
                _load(table, kind, houses, services, kept, found, report)
        file.done()
    for own in kept.keys() - found.keys():
        found[own] = kept[own]
        report.kept(kept[own], own, "made by staff on their page")
    gone = Resource.objects.filter(house__in=houses.values()).exclude(pk__in=[one.pk for one in found.values()])
    _end(gone.select_related("house"), report)
    return found


def _kept(houses: Mapping[str, House]) -> list[Resource]:
    """Those that the file does not decide any more."""
    rows = Kept.objects.filter(house__in=houses.values(), what="resource").select_related("resource__house")
    return [one.resource for one in rows if one.resource]


def _load(
    table: Table,
    kind: Kind,
    houses: Mapping[str, House],
    services: Mapping[str, Service],
    kept: Mapping[str, Resource],
    found: dict[str, Resource],
    report: Report,
) -> None:
    house = table.one_of("house", houses, "house of houses.toml")
    key = table.key()
    name = f"{house.key}/{key}"
    if name in found:
        raise table.refusal("key", f"“{key}” stands in the file twice")
    values: dict[str, Any] = {"kind": kind, **table.titles(), "languages": [], "zone": ""}
    offered: list[Service] = []
    if kind == Kind.INTERPRETER:
        values["languages"] = languages_of(table)
    else:
        values["zone"] = table.key("zone")
        offered = [services[one] for one in table.words("services", services, "service of services.toml")]
        if not offered:
            raise table.refusal("services", "is missing; name the services that are only done in this room")
    values["active_from"], values["active_until"] = table.day("active_from"), table.day("active_until")
    if values["active_from"] and values["active_until"] and values["active_until"] < values["active_from"]:
        raise table.refusal("active_until", "must not be before active_from")
    table.done()
    if name in kept:
        found[name] = kept[name]
        report.kept(kept[name], name, KEPT)
        return
    found[name] = report.store(Resource, table, key={"house": house, "key": key}, values=values, name=name)
    if set(found[name].services.all()) != set(offered):
        found[name].services.set(offered)


def languages_of(table: Table) -> list[str]:
    """The languages that are spoken at a desk, or that somebody interprets."""
    languages = table.words("languages")
    for language in languages:
        if not is_language(language):
            raise table.refusal("languages", f"“{language}” is no ISO 639-1 code of two letters, nor dsl for Danish sign language")
    if not languages:
        raise table.refusal("languages", "is missing; write the languages, such as [“ar”]")
    return languages


def _end(gone: QuerySet[Resource], report: Report) -> None:
    """One that vanished from the file is deleted; one that somebody has used or booked is there no more from today on."""
    yesterday = clock.today() - dt.timedelta(days=1)
    for one in gone:
        name = f"{one.house.key}/{one.key}"
        if one.active_until is not None and one.active_until <= yesterday:
            report.kept(one, name, "not there any more; records refer to it")
        elif not report.end(one, name):
            one.active_until = yesterday
            one.save(update_fields=["active_until"])
            booked = Appointment.objects.filter(
                Q(interpreter=one) | Q(room=one), freed_at=None, hold=None, period__endswith__gt=clock.now()
            )
            told = f"not in the file any more: ended after {yesterday}; bookings to move from there: {booked.count()}"
            report.updated(one, name, told)
