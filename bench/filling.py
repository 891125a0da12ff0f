"""Fills the generated region: 15,000 live bookings over sixty days, and a morning that is going on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from django.db import connection, transaction

from bench.region import HOUSE, generate
from indgang.config.demo_accounts import Accounts
from indgang.config.region_commands import load_region, prepare_database
from indgang.foundation.access import actors
from indgang.foundation.database import clock
from indgang.foundation.database.console import progress
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import House
from indgang.foundation.places.region import RegionFolder
from indgang.operations.reception.demo.filling import play_days
from indgang.operations.reception.demo.placing import Calendar, Placer
from indgang.operations.reception.demo.rows import MadeUpJourney, References, Rows, made_up_journey
from indgang.operations.reception.models import Appointment

DAYS = 60
BOOKINGS = 15_000
TODAY = 60  # parties on the board
SEED = "bench"
TRIES = 12


def fill(folder: Path) -> float:
    """Load the region and book it full; returns how full the desks are (0 to 1)."""
    prepare_database()
    load_region(RegionFolder.find(str(generate(folder))))
    house = House.objects.select_related("region").get(key=HOUSE)
    today, now = clock.today(house.zone), clock.now()
    calendar = Calendar(house, today, today + dt.timedelta(days=DAYS))
    made = _placed(house, calendar, today, now)
    play_days(made, seed=SEED, moment=now)
    with transaction.atomic():
        operator = Organisation.objects.select_related("region").get(is_operator=True)
        staff = Accounts(actors.system(operator), 1).staff_of(house)
        rows = Rows(house, staff, calendar.plan.services)
        rows.build(made)
        rows.write(made)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return _fullness(calendar)


def _placed(house: House, calendar: Calendar, today: dt.date, now: dt.datetime) -> list[MadeUpJourney]:
    """Day after day, as many parties as it takes to have the day's share of the bookings."""
    placer, references = Placer(house, calendar), References()
    made: list[MadeUpJourney] = []
    live = 0
    days = calendar.open_days
    for number, date in enumerate(days):
        wanted = BOOKINGS * number // (len(days) - 1)
        for attempt in range(TRIES):
            missing = TODAY if number == 0 else (wanted - live) // 3
            if missing < 1 or (number == 0 and attempt):
                break
            for placed in placer.parties(date, missing, f"{SEED}:{attempt}"):
                one = made_up_journey(placed, references, until=today, moment=now)
                made.append(one)
                if one.cancelled_at:
                    calendar.give_back(placed)
                else:
                    live += len(placed.steps)
        progress(number + 1, len(days), "booking the house full")
    return made


def _fullness(calendar: Calendar) -> float:
    taken = sum(
        int((row.period.upper - row.period.lower).total_seconds()) // 60 for row in Appointment.objects.filter(freed_at=None).iterator()
    )
    return taken / sum(calendar.desk_minutes.values())
