"""The whole measurement, from the empty folder to the table."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection

from bench import companies, freed, hall, linkage, load, long_past, measures, races
from bench.client import Client
from bench.filling import fill
from bench.month import play
from bench.server import serving
from bench.table import Check, Measure, printed
from indgang.foundation.database.console import notice, say
from indgang.operations.reception.models import Appointment

DEMO_SECONDS = 60


def run(folder: str, arguments: list[str]) -> bool:
    """Print the table; True when every target is met."""
    options = _options(arguments)
    if options.month:
        return play.run(Path(folder), options.month, options.seed, say)
    if options.linkage:
        return _told(linkage.million())
    if options.companies:
        companies.prepare()
        return _told(companies.measured(Path(folder)))
    rows: list[Measure | Check] = []
    fullness = fill(Path(folder))
    live = Appointment.objects.filter(freed_at=None).count()
    notice(f"{live:,} live bookings, desks {fullness:.0%} full; {os.cpu_count()} cores")
    with serving(Path(folder)) as server:
        if not options.quick:
            client = Client(server.port)
            rows += [measures.availability(client), measures.plans(client), measures.bookings(client), measures.board(client)]
            rows.append(freed.offers(client))
            client.close()
            notice(printed(rows))
        if not (options.no_races or options.quick):
            rows += races.race(server)
            notice(server.first_fault())
        if options.past and not options.quick:
            rows += long_past.measured(Path(folder), server, load.session_of_a_floorwalker(), options.past)
            notice(printed(rows))
        if options.load:
            rows += load.measured(server.port, options.load)
            notice(printed(rows))
    connection.close()
    if not (options.no_hall or options.quick):
        rows += [*hall.told_waits(options.seed), *hall.months(options.seed)]
    if not (options.no_linkage or options.quick):
        rows += linkage.million()
    if not (options.no_companies or options.quick):
        rows += companies.measured(Path(folder))
    if not (options.no_demo or options.quick):
        rows.append(_demo(Path(folder)))
    return _told(rows)


def _told(rows: list[Measure | Check]) -> bool:
    say(printed(rows))
    connection.close()
    return all(row.met for row in rows)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--load", type=float, default=300, metavar="SECONDS", help="how long fifty boards and twenty clerks work; 0: not")
    parser.add_argument("--quick", action="store_true", help="only the load")
    parser.add_argument("--past", type=int, default=1_000_000, metavar="APPOINTMENTS", help="how long a past; 0: leave it out")
    parser.add_argument("--month", type=int, default=0, metavar="DAYS", help="only play so many working days through HTTP; 21 are a month")
    parser.add_argument("--no-races", action="store_true", help="leave the two hundred clients out")
    parser.add_argument("--no-hall", action="store_true", help="leave waiting times and the played months out")
    parser.add_argument("--seed", type=int, default=int(time.time()), help="of the played days; another one each time")
    parser.add_argument("--linkage", action="store_true", help="only the doubles among a million records")
    parser.add_argument("--no-linkage", action="store_true", help="leave them out")
    parser.add_argument("--companies", action="store_true", help="only the register of 300,000 companies")
    parser.add_argument("--no-companies", action="store_true", help="leave it out")
    parser.add_argument("--no-demo", action="store_true", help="leave `indgang demo` out")
    return parser.parse_args(arguments)


def _demo(folder: Path) -> Measure:
    """`indgang demo` in an empty home: database, region and two years of activity."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("INDGANG_CLOCK")}
    measure = Measure("indgang demo", DEMO_SECONDS)
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", "from indgang.config.commands import main; main()", "demo"],
        env={**environment, "INDGANG_HOME": str(folder / "demo")},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    measure.add(time.perf_counter() - began)
    return measure
