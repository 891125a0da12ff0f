"""Loads the places of a region's folder: region.toml, municipalities.toml, houses.toml."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

import holidays

from indgang.foundation.database.console import Refused
from indgang.foundation.places.models import House, Municipality, Region
from indgang.foundation.places.region_files import RegionFolder, Table
from indgang.foundation.places.report import Report

__all__ = ["RegionFolder", "Report", "load", "region_of"]


def load(folder: RegionFolder, report: Report) -> None:
    """Bring the region, its municipalities and its houses up to date. Raises Refused naming file, table and field."""
    region = _load_region(folder.file("region.toml"), report)
    municipalities = [_load_municipality(region, table, report) for table in _all(folder, "municipalities")]
    houses = [_load_house(region, table, report) for table in _all(folder, "houses")]
    report.end_or_keep(Municipality.objects.filter(region=region).exclude(pk__in=[one.pk for one in municipalities]))
    report.end_or_keep(House.objects.filter(region=region).exclude(pk__in=[one.pk for one in houses]))


def region_of(folder: RegionFolder) -> Region:
    """The region that a folder describes, once it is loaded."""
    return Region.objects.get(key=folder.file("region.toml").key())


def _load_region(table: Table, report: Report) -> Region:
    country = table.text("country")
    if country not in holidays.list_supported_countries():
        raise table.refusal("country", f"“{country}” is no ISO 3166 code of two letters")
    zone = table.text("time_zone")
    if zone not in available_timezones():
        raise table.refusal("time_zone", f"“{zone}” is no time zone; they look like {ZoneInfo('Europe/Copenhagen').key}")
    values = {**table.titles(), "country": country, "time_zone": zone, "facts": table.facts("facts")}
    region = report.store(Region, table, key={"key": table.key()}, values=values, name=table.key())
    table.done()
    return region


def _load_municipality(region: Region, table: Table, report: Report) -> Municipality:
    code = table.text("code")
    if not code.isascii() or not code.isdigit() or code.startswith("0"):
        raise table.refusal("code", f"“{code}” is no municipality code; write it without leading zero, such as 851")
    _same_region(Municipality.objects.filter(code=code).first(), region, table, "code")
    values = {**table.titles(), "region": region, "key": table.key(), "tile": table.place("tile")}
    municipality = report.store(Municipality, table, key={"code": code}, values=values, name=table.key())
    table.done()
    return municipality


def _load_house(region: Region, table: Table, report: Report) -> House:
    key = table.key()
    _same_region(House.objects.filter(key=key).first(), region, table, "key")
    values = {
        **table.titles(),
        "region": region,
        "address": table.text("address"),
        "postcode": table.text("postcode"),
        "city": table.text("city"),
        "email": table.text("email", ""),
        "phone": table.text("phone", ""),
        "directions": table.texts("directions", required=False),
        "facts": table.facts("facts"),
    }
    house = report.store(House, table, key={"key": key}, values=values, name=key)
    table.known("host", "organisations")  # identity reads these
    table.known("active_from", "active_until")  # reception reads these: staff may decide over them
    table.done()
    return house


def _all(folder: RegionFolder, name: str) -> list[Table]:
    """The tables of a file of the same name. It must have some, each under a key of its own."""
    file = folder.file(f"{name}.toml")
    tables = file.tables(name)
    file.done()
    if not tables:
        raise Refused(f"{file.file}: has no table [[{name}]]")
    seen: set[str] = set()
    for table in tables:
        if table.key() in seen:
            raise table.refusal("key", f"“{table.key()}” stands in the file twice")
        seen.add(table.key())
    return tables


def _same_region(row: Municipality | House | None, region: Region, table: Table, field: str) -> None:
    """Codes of municipalities and keys of houses are unique among all regions: another region's is not taken over."""
    if row is not None and row.region_id != region.pk:
        raise table.refusal(field, f"“{table.text(field)}” belongs to the region “{row.region.key}”")
