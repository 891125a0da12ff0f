"""On the command line: the figures of a house, counted from the rows and from the journal, and whether they agree."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from indgang.foundation.database import clock
from indgang.foundation.database.arguments import date_between
from indgang.foundation.database.console import Refused, say
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.operations.reception.queries.from_journal import differences_from_journal

DAY = date_between(dt.date(1990, 1, 1), dt.date(2200, 12, 31))


def add_commands(commands: Any) -> None:
    """Add `statistics`."""
    statistics = commands.add_parser("statistics", help="compare a house's figures with those that the journal alone tells")
    statistics.add_argument("house", metavar="HOUSE", help="key of the house, for example aalborg")
    statistics.add_argument("--from", dest="first", type=DAY, metavar="DATE", help="first day (default: two years before the last)")
    statistics.add_argument("--until", dest="last", type=DAY, metavar="DATE", help="last day (default: today)")
    statistics.set_defaults(run=compare_with_journal)


def compare_with_journal(options: argparse.Namespace) -> None:
    """Say that the figures agree to the last digit; otherwise which do not, and refuse."""
    house = House.objects.select_related("region").filter(key=options.house).first()
    if house is None:
        known = ", ".join(House.objects.order_by("key").values_list("key", flat=True))
        raise Refused(f"No house has the key {options.house!r}. There are: {known}.")
    last = options.last or clock.today(house.zone)
    first = options.first or last - dt.timedelta(days=2 * 365)
    if first > last:
        raise Refused(f"The first day, {first}, is after the last, {last}.")
    scope = Scope(house, first, last)
    counted, found = differences_from_journal(scope)
    if found:
        lines = [f"  {name}: rows {one}; journal {other}" for name, (one, other) in found.items()]
        raise Refused("\n".join([f"{house.key}, {first} to {last}: these figures are not what the journal tells:", *lines]))
    say(
        f"{house.key}, {first} to {last}: {counted.total.steps} steps and {counted.citizens_served} citizens served; "
        f"every figure is what the journal tells, to the last digit."
    )
