"""`indgang demo`: fills a house with made-up activity, once, on the embedded database only."""

from __future__ import annotations

import argparse
import datetime as dt
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from indgang.config import demo_accounts
from indgang.config.demo_companies import fill_companies
from indgang.config.region_commands import load_region, prepare_database
from indgang.config.translations import compile_what_is_missing
from indgang.foundation.access import actors
from indgang.foundation.database import clock
from indgang.foundation.database.arguments import date_between, number_up_to, whole_number
from indgang.foundation.database.console import Refused, notice, progress, say
from indgang.foundation.identity.models import Organisation
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Entry, Pending
from indgang.foundation.journal.seals import ENTRIES_PER_SEAL
from indgang.foundation.places.models import House, Region
from indgang.foundation.places.region import RegionFolder
from indgang.operations.reception.demo.day import go_on
from indgang.operations.reception.demo.filling import DAYS_AHEAD, JOURNEYS, Filled, Period, fill_house, shares
from indgang.operations.reception.demo.groups import fill_groups
from indgang.operations.reception.demo.hall import fill_hall, fill_waiting_list

REGION = "north-denmark"
VERB = "demo.made"
SCALE_AT_MOST = 5.0
EARLIEST, LATEST = dt.date(2010, 1, 1), dt.date(2090, 1, 1)


def add_commands(commands: Any) -> None:
    """`indgang demo [--until DATE] [--scale 1] [--seed 1]`."""
    demo = commands.add_parser("demo", help="fill the house with made-up activity (embedded database only)")
    demo.add_argument(
        "--until",
        type=date_between(EARLIEST, LATEST),
        metavar="DATE",
        help="24 months of activity before this date, bookings from it on (default: today)",
    )
    demo.add_argument(
        "--scale", type=number_up_to(SCALE_AT_MOST), metavar="N", default=1.0, help="how much of it: 1 is about 12,000 visits"
    )
    demo.add_argument("--seed", type=whole_number, metavar="N", default=1, help="another number gives other people and times")
    demo.set_defaults(run=run_demo)


def run_demo(options: argparse.Namespace) -> None:
    """Fill the house unless it is filled. Raises Refused on a server, and when another demonstration stands."""
    if not settings.EMBEDDED:
        raise Refused("A demonstration is made on the embedded database only: unset DATABASE_URL and name a fresh folder in INDGANG_HOME.")
    prepare_database()
    if not compile_what_is_missing():  # its letters are in both languages
        raise Refused("The translations are not compiled: run `make setup` as whoever owns the program.")
    with transaction.atomic():
        with connection.cursor() as cursor:  # two at once: the second finds the first's work
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('demo', 0))")
        if _stands_already(options):
            say("The demonstration stands already; nothing was changed.")
            return
        filled = _fill(options.until or clock.today(), options.scale, options.seed)
    for house, what in filled.items():
        say(
            f"{house}: {what.journeys:,} visits with {what.steps:,} steps, {what.ahead:,} booked ahead, "
            f"{what.entries:,} journal entries, {what.letters:,} e-mails"
        )
    say(f"Demo accounts (password “{demo_accounts.PASSWORD}”, codes on the page /demo/):")
    for user in demo_accounts.demo_users():
        say(f"  {user.email}")


def standing() -> dict[str, Any] | None:
    """The demonstration that was made here: `until`, `scale` and `seed`."""
    entry = Entry.objects.filter(subject_type=Region._meta.label_lower, verb=VERB).order_by("id").first()
    return entry.after if entry else None


def go_on_until_now() -> int:
    """Let the days since the demonstration was made go on; how many parties moved on."""
    made = standing()
    if made is None:
        return 0
    actor = actors.system(Organisation.objects.filter(is_operator=True).order_by("id").first())
    moved = 0
    for house in House.objects.filter(desks__isnull=False).distinct().select_related("region").order_by("id"):
        staff, today = demo_accounts.staff_of(house), clock.today(house.zone)
        first = max(dt.date.fromisoformat(made["until"]), today - dt.timedelta(days=DAYS_AHEAD))
        for number in range((today - first).days + 1):
            date = first + dt.timedelta(days=number)
            moved += go_on(actor=actor, house=house, staff=staff, date=date, moment=clock.now(), seed=made["seed"])
        moved += fill_hall(actor=actor, house=house, staff=staff, seed=made["seed"])
    return moved


def bring_groups() -> None:
    """Groups of employers, booked by the real actions as of now: what they write differs from one time to the next."""
    made = standing()
    if made is None:
        return
    actor = actors.system(Organisation.objects.filter(is_operator=True).order_by("id").first())
    for house in House.objects.filter(desks__isnull=False).distinct().select_related("region").order_by("id"):
        fill_groups(actor=actor, house=house, seed=made["seed"])


def _stands_already(options: argparse.Namespace) -> bool:
    """Whether the very demonstration that is asked for was made. Raises Refused when it was another.

    Without a date any day's will do: the demonstration of yesterday is still one.
    """
    made = standing()
    if made is None:
        return False
    wanted = {"until": options.until.isoformat() if options.until else made["until"], "scale": options.scale, "seed": options.seed}
    if any(made[name] != value for name, value in wanted.items()):
        raise Refused(
            f"Another demonstration stands here (until {made['until']}, scale {made['scale']:g}, seed {made['seed']}), and nothing of "
            "it can be deleted because the journal keeps everything. Name a fresh folder in INDGANG_HOME for this one."
        )
    return True


def _fill(until: dt.date, scale: float, seed: int) -> dict[str, Filled]:
    if not Region.objects.exists():
        notice(f"Loading the region {REGION} ...")
        load_region(RegionFolder.find(REGION))
    houses = shares(House.objects.select_related("region").order_by("id"), until)
    if not houses:
        raise Refused("No house is open in the 24 months before that date, so there is nothing to fill.")
    operator = Organisation.objects.filter(is_operator=True).select_related("region").order_by("id").first()
    actor = actors.system(operator)
    accounts = demo_accounts.Accounts(actor, seed)
    filled = {}
    for house, share in houses.items():
        staff = accounts.staff_of(house)
        count = max(round(JOURNEYS * scale * share), 1)
        moment = _moment(house, until)
        filled[house.key] = fill_house(
            actor=actor, house=house, staff=staff, period=Period.around(until), moment=moment, journeys=count, seed=seed
        )
        fill_waiting_list(actor=actor, house=house, moment=moment, seed=seed)
        if until == clock.today(house.zone):
            fill_hall(actor=actor, house=house, staff=staff, seed=seed)
    if told := fill_companies(accounts, until, seed):
        notice(told)
    region = next(iter(houses)).region
    journal.record(actor=actor, verb=VERB, subject=region, after={"until": until.isoformat(), "scale": scale, "seed": seed})
    _seal()
    return filled


def _moment(house: House, until: dt.date) -> dt.datetime:
    """Up to when things have happened: now, or the beginning of another day than today."""
    if until == clock.today(house.zone):
        return clock.now()
    return dt.datetime.combine(until, dt.time(), house.zone).astimezone(dt.UTC)


def _seal() -> None:
    total = -(-Pending.objects.count() // ENTRIES_PER_SEAL)
    done = 0
    while journal.seal() is not None:
        done += 1
        progress(done, total, "seals")
