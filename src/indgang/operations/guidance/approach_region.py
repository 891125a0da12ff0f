"""Loads approach.toml, where a region has one: who approaches whom, each version in force from its `valid_from`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from indgang.foundation.database.console import Refused
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.region import RegionFolder, Report, region_of
from indgang.foundation.places.region_files import Table
from indgang.operations.guidance.models import DivisionOfLabour
from indgang.operations.guidance.queries.division import REMIND_BEFORE_DAYS
from indgang.operations.guidance.rules.approach import PARTIES, SHARES, DivisionError, read_division
from indgang.registers.parties.models import Field


def load(folder: RegionFolder, report: Report) -> None:
    """Every approach*.toml is a version. Raises Refused naming file, table and field."""
    region = region_of(folder)
    days: dict[dt.date, str] = {}
    for name in folder.names("approach*.toml"):
        file = folder.file(name)
        since = file.day("valid_from")
        if since is None:
            raise file.refusal("valid_from", "is missing")
        if since in days:
            raise file.refusal("valid_from", f"{days[since]} is in force from the same day")
        days[since] = name
        content = _content(file, folder)
        file.done()
        try:
            read_division(content)
        except DivisionError as error:
            raise Refused(f"{name}, {error}") from None
        key = {"region": region, "valid_from": since}
        report.store(DivisionOfLabour, file, key=key, values={"content": content}, name=f"division of labour from {since}")
    gone = DivisionOfLabour.objects.filter(region=region).exclude(valid_from__in=days)
    report.end_or_keep(gone, name=lambda one: f"division of labour from {one.valid_from}")


def _content(file: Table, folder: RegionFolder) -> dict[str, Any]:
    keys = [table.key() for table in folder.file("organisations.toml").tables("organisations")]
    hubs = {key: key for key in Organisation.objects.filter(key__in=keys).values_list("key", flat=True)}
    shares = Table(file.file, "shares", file.raw.get("shares", {}))
    file.known("shares")
    content = {
        **{f"source_{language}": text for language, text in file.texts("source").items()},
        "hub": file.one_of("hub", hubs, "organisation of organisations.toml"),
        "offices": file.key("offices"),
        "specialised": file.words("specialised", [str(field) for field in Field], "field"),
        "employees_up_to": file.number("employees_up_to", least=1),
        "entrepreneur_years": file.number("entrepreneur_years"),
        "confirm_after_days": file.number("confirm_after_days", 180, least=1),
        "announced_for_days": file.number("announced_for_days", 14, least=1),
        "remind_before_days": file.number("remind_before_days", REMIND_BEFORE_DAYS),
        "shares": {share: shares.one_of(share, {party: party for party in PARTIES}, "party") for share in SHARES},
    }
    shares.done()
    return content
