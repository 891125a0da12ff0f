"""`indgang region load`: puts a region's data files into the database, every room its own share, all or nothing."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor

from indgang.foundation.access import actors
from indgang.foundation.database.console import Refused, notice, say, say_json
from indgang.foundation.identity import region as identity
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal.actions import record
from indgang.foundation.places import region as places
from indgang.foundation.places.region import RegionFolder, Report
from indgang.operations.guidance import approach_region as approach
from indgang.operations.guidance import playbook_region as playbook
from indgang.operations.reception import region as reception
from indgang.operations.reception.actions.region_bookings import Met, Wish, settle_bookings, standing_before

# Lower rooms first: each finds what it refers to.
LOADERS = [places.load, identity.load, reception.load, playbook.load, approach.load]


def add_commands(commands: Any) -> None:
    """`indgang region load NAME_OR_FOLDER [--move-booked | --leave-booked] [--json]`."""
    region = commands.add_parser("region", help="a region's data files").add_subparsers(metavar="ACTION", required=True)
    load = region.add_parser("load", help="load or refresh a region; may be repeated")
    load.add_argument("region", metavar="NAME_OR_FOLDER", help="such as north-denmark, or a folder with a region.toml")
    booked = load.add_mutually_exclusive_group()
    booked.add_argument("--move-booked", action="store_true", help="move visits that the new hours would leave out, and write to them")
    booked.add_argument("--leave-booked", action="store_true", help="leave them; the Hours page shows them with other times")
    load.add_argument("--json", action="store_true", help="print one object that says what changed")
    load.set_defaults(run=run_load)


def run_load(options: argparse.Namespace) -> None:
    """Prepare the database if needed, load the region and say what changed."""
    folder = RegionFolder.find(options.region)
    prepare_database()
    met = Met()
    report = load_region(folder, booked="move" if options.move_booked else "leave" if options.leave_booked else "ask", met=met)
    key = folder.file("region.toml").key()
    if options.json:
        say_json({"region": key, **report.as_json(), **({"bookings": vars(met)} if any(vars(met).values()) else {})})
        return
    say(f"{key}: {'loaded' if report.changed else 'nothing changed'}")
    for line in report.as_text():
        say(line)
    for words, codes in (
        ("moved, and written to where there is an address", met.moved),
        ("left outside the hours, for the Hours page", met.left),
        ("that keep their time, though not as they booked it", met.kept),
        ("moved that have no e-mail address and must be called", met.to_call),
    ):
        if codes:
            say(f"booked visits {words}: {', '.join(codes)}")


@transaction.atomic
def load_region(folder: RegionFolder, *, booked: Wish = "ask", met: Met | None = None) -> Report:
    """Load every room's share of a region's folder. `booked`: what becomes of visits that would be left outside the hours, told in `met`.

    Raises Refused naming file, table and field of the first thing that is wrong, or those visits; then nothing is written.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('region', 0))")
    report = Report()
    before = standing_before(folder.file("region.toml").key())
    for load in LOADERS:
        load(folder, report)
    if unread := folder.unread():
        raise Refused(f"{unread[0]}: no room reads a file of this name; is it misspelt?")
    came = settle_bookings(before, wish=booked)
    if met is not None:
        vars(met).update(vars(came))
    if report.changed:
        region = places.region_of(folder)
        operator = Organisation.objects.get(region=region, is_operator=True)
        counts = {change: count for change, count in report.as_json().items() if isinstance(count, int)}
        record(actor=actors.system(operator), verb="region.loaded", subject=region, after=counts)
    return report


def prepare_database() -> None:
    """Bring the database to this version if it is behind, so that a fresh one needs no other command first."""
    if not is_behind():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('migrate', 0))")  # two commands at once: the second one waits
        try:
            if is_behind():
                notice("Preparing the database ...")
                call_command("migrate", verbosity=0, interactive=False)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('migrate', 0))")


def is_behind() -> bool:
    """Whether the database lacks a migration of this version."""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
