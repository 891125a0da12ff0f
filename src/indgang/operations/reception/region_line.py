"""Loads line.toml, where a region has one: what each house states about its line, and the reasons for being called earlier."""

from __future__ import annotations

from collections.abc import Mapping

from indgang.foundation.places.models import House
from indgang.foundation.places.region import RegionFolder, Report
from indgang.operations.reception.models import LineSetting, Priority
from indgang.operations.reception.rules.line import LineRules

MINUTES = ("patience", "early", "grace")


def load_line(folder: RegionFolder, houses: Mapping[str, House], report: Report) -> None:
    """Make the line's minutes and reasons those of the file; houses that it does not name follow LineRules."""
    settings, priorities = [], []
    for name in folder.names("line.toml"):
        file = folder.file(name)
        for table in file.tables("lines"):
            house = table.one_of("house", houses, "house of houses.toml")
            values: dict[str, object] = {field: table.number(field, int(getattr(LineRules(), field))) for field in MINUTES}
            values["without_room"] = table.flag("without_room")
            table.done()
            settings.append(report.store(LineSetting, table, key={"house": house}, values=values, name=f"line of {house.key}").pk)
        for table in file.tables("priorities"):
            house = table.one_of("house", houses, "house of houses.toml")
            key = {"house": house, "key": table.key()}
            values = {**table.titles(), "head_start": table.number("head_start", least=1)}
            table.done()
            priorities.append(report.store(Priority, table, key=key, values=values, name=f"{house.key}/{key['key']}").pk)
        file.done()
    here = list(houses.values())
    for gone in LineSetting.objects.filter(house__in=here).exclude(pk__in=settings).select_related("house"):
        report.end(gone, f"line of {gone.house.key}")
    report.end_or_keep(Priority.objects.filter(house__in=here).exclude(pk__in=priorities))
