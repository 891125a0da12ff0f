"""The first issue's figures in a house with a million past appointments and in one without, in turns, both on the same machine."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from random import Random

from django.conf import settings

from bench import measures
from bench.client import Client
from bench.server import Server, serving
from bench.table import Check, Measure
from indgang.foundation.database.console import progress

ROUNDS, AVAILABILITIES, PLANS, BOOKINGS, BOARDS, STATISTICS = 5, 40, 30, 20, 20, 40
GROWS_AT_MOST = 1.25  # the median, over that of the house without a past


def measured(folder: Path, without: Server, session: str, appointments: int) -> list[Measure | Check]:
    """One row for each figure. `session`: of a floorwalker in the house without a past; the other has so many past appointments."""
    home = folder / "past"
    environment = {**os.environ, "INDGANG_HOME": str(home / "home")}
    home.mkdir()
    command = [sys.executable, "-m", "bench.past", str(home), str(appointments)]
    subprocess.run(command, env=environment, check=True)
    floorwalker, leader = (home / "sessions").read_text().split()
    with serving(home, environment) as server:
        sides = [_client(without, session), _client(server, floorwalker)]
        found = [_in_turns(sides, number) for number in range(ROUNDS)]
        month = measures.statistics(_client(server, leader), STATISTICS)
    month.name = f"{appointments:,} past: {month.name}"
    return [*(_check(appointments, [pair[kind] for pair in found]) for kind in range(len(found[0]))), month]


def _client(server: Server, session: str) -> Client:
    client = Client(server.port)
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    return client


def _in_turns(sides: list[Client], number: int) -> list[tuple[Measure, Measure]]:
    """Each figure on the one side, then on the other; every other round the other way about."""
    works: list[Callable[[Client], Measure]] = [
        partial(measures.availability, count=AVAILABILITIES),
        partial(measures.plans, count=PLANS),
        partial(measures.bookings, count=BOOKINGS, source=Random(f"past{number}")),
        partial(measures.boards, count=BOARDS),
    ]
    pairs = []
    for work in works:
        done = {}
        for side in sides if number % 2 else sides[::-1]:
            side.close()  # it was idle while the other worked, and the server lets go of idle connections; the next request opens it anew
            done[id(side)] = work(side)
        pairs.append((done[id(sides[0])], done[id(sides[1])]))
    progress(number + 1, ROUNDS, "a long past")
    return pairs


def _check(appointments: int, pairs: list[tuple[Measure, Measure]]) -> Check:
    medians = []
    for side in (0, 1):
        whole = Measure("", 0, [took for pair in pairs for took in pair[side].times])
        medians.append(whole.percentile(0.5))
    without, grown = medians
    seen = f"{grown * 1000:.1f} ms, without {without * 1000:.1f} ms: {grown / without - 1:+.0%}"
    return Check(f"{appointments:,} past: {pairs[0][0].name}", "median + 25 % at most", seen, grown <= without * GROWS_AT_MOST)
