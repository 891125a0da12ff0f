"""Loads reception's share of a region's folder: services, desks, interpreters, rooms, walks, hours, closures and journey rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import combinations
from typing import Any

from django.db.models import QuerySet
from django.utils import translation

from indgang.foundation.database import clock
from indgang.foundation.database.console import Refused
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import House, Municipality, Region
from indgang.foundation.places.region import RegionFolder, Report, region_of
from indgang.foundation.places.region_files import Table
from indgang.operations.reception.actions.desks import desk_to_change, refuse_while_somebody_is_there
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.open_days import keep_open_days
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Desk, Kept, Resource, RuleSet, Service, Walk
from indgang.operations.reception.region_after_visit import load_after_visit
from indgang.operations.reception.region_line import load_line
from indgang.operations.reception.region_opening import KEPT, load_opening
from indgang.operations.reception.region_resources import languages_of, load_resources
from indgang.operations.reception.region_sessions import load_house_times, load_sessions
from indgang.operations.reception.rules.journeys import RulesError, read_rules


def load(folder: RegionFolder, report: Report) -> None:
    """Bring services, desks, opening times and rules up to date. Raises Refused naming file, table and field."""
    region = region_of(folder)
    houses = {house.key: house for house in House.objects.filter(region=region)}
    for house in houses.values():
        keep_open_days(house)  # by the hours as they were until now
    services = _load_services(folder, region, report)
    file = folder.file("desks.toml")
    desks = _load_desks(file, folder, houses, services, report)
    resources = load_resources(folder, houses, services, report)
    _load_walks(file, houses, [*desks.values(), *resources.values()], report)
    file.done()
    opening = folder.file("opening.toml")
    load_house_times(folder.file("houses.toml"), houses, report)
    load_sessions(opening, houses, desks, report)
    load_opening(opening, houses, desks, resources, report)
    load_line(folder, houses, report)
    load_after_visit(folder, houses, report)
    _load_rules(folder, region, services, report)
    for house in houses.values():
        note_freed(house)  # desks and hours may be new
    # last: a service that vanished can go only when no desk and no rule needs it
    report.end_or_keep(Service.objects.filter(region=region).exclude(key__in=services))


def _organisations(folder: RegionFolder) -> dict[str, Organisation]:
    keys = [table.key() for table in folder.file("organisations.toml").tables("organisations")]
    return {one.key: one for one in Organisation.objects.filter(key__in=keys)}


def _load_services(folder: RegionFolder, region: Region, report: Report) -> dict[str, Service]:
    file = folder.file("services.toml")
    organisations = _organisations(folder)
    services: dict[str, Service] = {}
    for table in file.tables("services"):
        key = _once(table, services)
        values = {
            **table.titles(),
            "authority": table.one_of("authority", organisations, "organisation of organisations.toml"),
            "minutes": table.number("minutes", least=1),
            "minutes_per_further_adult": table.number("minutes_per_further_adult", 0),
            "minutes_per_child": table.number("minutes_per_child", 0),
            "facts": {f"summary_{language}": text for language, text in table.texts("summary", required=False).items()},
        }
        table.done()
        services[key] = report.store(Service, table, key={"region": region, "key": key}, values=values, name=key)
    file.done()
    return services


def _load_desks(
    file: Table, folder: RegionFolder, houses: Mapping[str, House], services: Mapping[str, Service], report: Report
) -> dict[str, Desk]:
    """The desks, under `house/desk`."""
    organisations = _organisations(folder)
    desks: dict[str, Desk] = {}
    kept = {(one.house_id, one.desk.key): one.desk for one in _kept_desks(houses) if one.desk}
    for table in file.tables("desks"):
        house = table.one_of("house", houses, "house of houses.toml")
        key = _once(table, desks, prefix=f"{house.key}/")
        values: dict[str, Any] = {
            **table.titles(),
            "organisation": table.one_of("organisation", organisations, "organisation of organisations.toml"),
            "zone": table.key("zone"),
            "languages": languages_of(table),
            "active_from": table.day("active_from"),
            "active_until": table.day("active_until"),
            "only_in_sessions": table.flag("only_in_sessions"),
        }
        if values["active_from"] and values["active_until"] and values["active_until"] < values["active_from"]:
            raise table.refusal("active_until", "must not be before active_from")
        offered = table.words("services", services, "service of services.toml")
        if not offered:
            raise table.refusal("services", "is missing")
        table.done()
        if (house.pk, table.key()) in kept:
            desks[key] = kept[house.pk, table.key()]
            report.kept(desks[key], key, KEPT)
            continue
        _refuse_under_somebody(house, table, values["organisation"])
        desk = report.store(Desk, table, key={"house": house, "key": table.key()}, values=values, name=key)
        _offer(desk, [services[service] for service in offered], key, report)
        desks[key] = desk
    for own in [desk for desk in kept.values() if desk not in desks.values()]:
        desks[f"{own.house.key}/{own.key}"] = own
        report.kept(own, f"{own.house.key}/{own.key}", "made by staff on their page")
    _end_desks(Desk.objects.filter(house__in=houses.values()).exclude(pk__in=[desk.pk for desk in desks.values()]), report)
    return desks


def _refuse_under_somebody(house: House, table: Table, owner: Organisation) -> None:
    """No desk becomes another authority's while somebody is called to it or served there, from the files as little as on the page."""
    desk = desk_to_change(house, table.key())
    if desk and desk.organisation_id != owner.pk:
        try:
            with translation.override("en"):  # as all that a command says
                refuse_while_somebody_is_there(desk)
        except NotNow as refusal:
            raise table.refusal("organisation", f"{refusal.message} Then load again.") from None


def _kept_desks(houses: Mapping[str, House]) -> QuerySet[Kept]:
    """What staff have said a desk is: the file does not decide it any more."""
    return Kept.objects.filter(house__in=houses.values(), what="desk").select_related("desk__house")


def _offer(desk: Desk, services: list[Service], name: str, report: Report) -> None:
    """The services of a desk; a new desk gets its own without a word."""
    before = set(desk.services.values_list("key", flat=True))
    after = {service.key for service in services}
    if before != after:
        desk.services.set(services)
        if before:
            report.updated(desk, name, "services")


def _end_desks(vanished: QuerySet[Desk], report: Report) -> None:
    """A desk that vanished from the file is deleted; one that somebody has visited or booked is closed from today on."""
    yesterday = clock.today() - dt.timedelta(days=1)
    for desk in vanished.select_related("house"):
        name = f"{desk.house.key}/{desk.key}"
        if desk.active_until is not None and desk.active_until <= yesterday:
            report.kept(desk, name, "closed; records refer to it")
        elif not report.end(desk, name):
            desk.active_until = yesterday
            desk.save(update_fields=["active_until"])
            booked = desk.appointments.filter(freed_at=None, hold=None, period__endswith__gt=clock.now()).count()
            report.updated(desk, name, f"not in the file any more: closed after {yesterday}; bookings to move from there: {booked}")


def _load_walks(file: Table, houses: Mapping[str, House], places: Iterable[Desk | Resource], report: Report) -> None:
    """The walks between the zones in which a desk or a room is."""
    zones: dict[int, set[str]] = {house.pk: set() for house in houses.values()}
    for place in places:
        if place.zone:
            zones[place.house_id].add(place.zone)
    kept: dict[tuple[str, str, str], int] = {}
    for table in file.tables("walks"):
        house = table.one_of("house", houses, "house of houses.toml")
        pair = table.words("between", zones[house.pk], "zone of a desk or a room in this house")
        if len(pair) != 2:
            raise table.refusal("between", "must name two zones")
        first, second = sorted(pair)
        minutes = table.number("minutes", least=1)
        table.done()
        key = {"house": house, "from_zone": first, "to_zone": second}
        walk = report.store(Walk, table, key=key, values={"minutes": minutes}, name=f"{house.key}: {first} to {second}")
        kept[house.key, first, second] = walk.pk
    for house in houses.values():
        for first, second in combinations(sorted(zones[house.pk]), 2):
            if (house.key, first, second) not in kept:
                raise file.refusal("walks", f"says nothing about the way between {first} and {second} in {house.key}")
    gone = Walk.objects.filter(house__in=houses.values()).exclude(pk__in=kept.values()).select_related("house")
    report.end_or_keep(gone, name=lambda walk: f"{walk.house.key}: {walk.from_zone} to {walk.to_zone}")


def _load_rules(folder: RegionFolder, region: Region, services: Mapping[str, Service], report: Report) -> None:
    """Every journeys*.toml is a set of rules in force from its `valid_from`."""
    codes = set(Municipality.objects.filter(region=region).values_list("code", flat=True))
    days: dict[dt.date, str] = {}
    for name in folder.names("journeys*.toml"):
        file = folder.file(name)
        since = file.day("valid_from")
        if since is None:
            raise file.refusal("valid_from", "is missing")
        if since in days:
            raise file.refusal("valid_from", f"{days[since]} is in force from the same day")
        days[since] = name
        content = {key: value for key, value in file.raw.items() if key != "valid_from"}
        try:
            rules = read_rules(content)
        except RulesError as error:
            raise Refused(f"{name}, {error}") from None
        for service in rules.services:
            if service not in services:
                raise file.refusal("steps", f"“{service}” is no service of services.toml; there are {', '.join(sorted(services))}")
        for code in rules.served - codes:
            raise file.refusal("served_municipalities", f"“{code}” is no municipality of this region")
        report.store(RuleSet, file, key={"region": region, "valid_from": since}, values={"content": content}, name=f"rules from {since}")
    gone = RuleSet.objects.filter(region=region).exclude(valid_from__in=days)
    report.end_or_keep(gone, name=lambda one: f"rules from {one.valid_from}")


def _once(table: Table, seen: Mapping[str, object], prefix: str = "") -> str:
    key = f"{prefix}{table.key()}"
    if key in seen:
        raise table.refusal("key", f"“{key}” stands in the file twice")
    return key
