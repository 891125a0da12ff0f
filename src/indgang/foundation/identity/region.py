"""Loads the organisations of a region's folder (organisations.toml) and which of them work in each house (houses.toml)."""

from __future__ import annotations

from indgang.foundation.database.console import Refused
from indgang.foundation.identity.models import Organisation, Participation
from indgang.foundation.places.models import House, Municipality, Region
from indgang.foundation.places.region import RegionFolder, Report, region_of
from indgang.foundation.places.region_files import Table


def load(folder: RegionFolder, report: Report) -> None:
    """Bring the region's organisations and their part in its houses up to date. Raises Refused naming file, table and field."""
    region = region_of(folder)
    file = folder.file("organisations.toml")
    tables = file.tables("organisations")
    file.done()
    operators = [table for table in tables if table.flag("operator")]
    if len(operators) != 1:
        raise Refused(f"organisations.toml: exactly one organisation must have operator = true; {len(operators)} have")
    municipalities = {one.code: one for one in Municipality.objects.filter(region=region)}
    tables.sort(key=lambda table: table.flag("operator"))  # so that an operator steps down before the next one takes over
    vanished = Organisation.objects.filter(region=region).exclude(key__in=[table.key() for table in tables])
    for former in vanished.filter(is_operator=True):
        former.is_operator = False
        former.save(update_fields=["is_operator"])
    organisations: dict[str, Organisation] = {}
    for table in tables:
        if table.key() in organisations:
            raise table.refusal("key", f"“{table.key()}” stands in the file twice")
        organisations[table.key()] = _load_organisation(region, municipalities, table, report)
    for table in folder.file("houses.toml").tables("houses"):
        _load_participations(table, organisations, report)
    report.end_or_keep(vanished)


def _load_organisation(region: Region, municipalities: dict[str, Municipality], table: Table, report: Report) -> Organisation:
    """An organisation, under a key that no other region uses.

    A national authority works in several regions under one key: it belongs to the region that was loaded first, and the others only let it
    take part in their houses.
    """
    key, national = table.key(), table.flag("national")
    values = {
        **table.titles(),
        "kind": table.key("kind"),
        "municipality": table.one_of("municipality", municipalities, "municipality code of this region")
        if "municipality" in table.raw
        else None,
        "is_operator": table.flag("operator"),
    }
    table.known("municipality")
    table.done()
    elsewhere = Organisation.objects.filter(key=key).exclude(region=region).select_related("region").first()
    if elsewhere is None:
        return report.store(Organisation, table, key={"key": key, "region": region}, values=values, name=key)
    if not national:
        raise table.refusal("key", f"“{key}” belongs to the region “{elsewhere.region.key}”; a national authority needs national = true")
    report.same(elsewhere)
    return elsewhere


def _load_participations(table: Table, organisations: dict[str, Organisation], report: Report) -> None:
    house = House.objects.get(key=table.key())
    host = table.one_of("host", organisations, "organisation of organisations.toml")
    named = [organisations[key] for key in table.words("organisations", organisations, "organisation of organisations.toml")]
    taking_part = {organisation.pk: organisation for organisation in [host, *named]}
    everyone = Participation.objects.filter(house=house)
    left = everyone.exclude(organisation__in=taking_part).select_related("house", "organisation")
    report.end_or_keep(left, name=lambda one: f"{one.organisation.key} in {one.house.key}")
    for organisation in taking_part.values():
        key = {"house": house, "organisation": organisation}
        values = {"is_host": organisation == host}
        report.store(Participation, table, key=key, values=values, name=f"{organisation.key} in {house.key}")
