"""Two hundred clients want one place at the same moment: one gets it, the others are told, nobody gets a part."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from django.db import connection

from bench.client import BROKEN, Client
from bench.measures import Unexpected, contact, wish
from bench.server import Server
from bench.table import Check
from indgang.foundation.database.console import progress
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.offers import Offer, new_party, read_offer, signed

CLIENTS = 200
ROUNDS = 20
KILLS = 6
TRIES = 60
EXPECTED = {201, 409, 429}
# A visit that is planned has its place, and all steps of a journey stand or none does.
PARTIAL = """
    SELECT count(*) FROM reception_journey j WHERE j.cancelled_at IS NULL AND j.source = 'api' AND EXISTS (
        SELECT 1 FROM reception_visit v LEFT JOIN reception_appointment a ON a.visit_id = v.id AND a.freed_at IS NULL
        WHERE v.journey_id = j.id AND v.status = 'planned' AND a.id IS NULL)
       OR NOT EXISTS (SELECT 1 FROM reception_visit v WHERE v.journey_id = j.id)
"""


@dataclass
class Round:
    """What came of one round: the statuses, and whether the database agrees with the one who was told to have the place."""

    statuses: Counter[int]
    winners: int
    broken: int
    whole: bool

    @property
    def good(self) -> bool:
        """Exactly one winner, with all steps, and only statuses that are meant."""
        return self.winners == 1 and self.whole and set(self.statuses) <= EXPECTED


def race(server: Server) -> list[Check]:
    """Twenty rounds, then some in which a web process is killed in the middle."""
    source = Random(4)
    began = time.monotonic()
    plain = [_round(server, source, number, None) for number in range(ROUNDS)]
    took = time.monotonic() - began
    kills: list[Callable[[], None]] = [server.kill_worker if number % 3 else server.kill_web for number in range(KILLS)]
    killed = [_round(server, source, ROUNDS + number, kill) for number, kill in enumerate(kills)]
    partial, faults = _partial_journeys(), server.faults()
    return [
        _check(f"{CLIENTS} clients, one place, {ROUNDS} rounds ({took / ROUNDS:.1f} s each)", plain),
        _check(f"the same, web process killed -9, {KILLS} rounds", killed),
        Check("partial journeys afterwards", "0", str(partial), partial == 0),
        Check("errors in the server's log", "0", str(len(faults)) + (f": {faults[0][:80]}" if faults else ""), not faults),
    ]


def _check(name: str, rounds: list[Round]) -> Check:
    statuses: Counter[int] = sum((one.statuses for one in rounds), Counter())
    good = sum(one.good for one in rounds)
    told = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
    broken = sum(one.broken for one in rounds)
    seen = f"{good} of {len(rounds)}; {told}" + (f"; {broken} broken and tried again" if broken else "")
    return Check(name, "one winner each", seen, good == len(rounds))


def _round(server: Server, source: Random, number: int, kill: Callable[[], None] | None) -> Round:
    offer = _one_place(server, source)
    results = [_Entrant(server, offer, f"race{number}x{position}") for position in range(CLIENTS)]
    start = threading.Barrier(CLIENTS + 1)
    threads = [threading.Thread(target=entrant.run, args=(start,), daemon=True) for entrant in results]
    for thread in threads:
        thread.start()
    start.wait()
    if kill:
        _when_under_way(results)
        kill()
    for thread in threads:
        thread.join(timeout=180)
    progress(number + 1, ROUNDS + KILLS, "races")
    return Round(
        statuses=Counter(entrant.status for entrant in results),
        winners=sum(entrant.status == 201 for entrant in results),
        broken=sum(entrant.broken for entrant in results),
        whole=_stands_whole(offer, number),
    )


def _when_under_way(entrants: list[_Entrant]) -> None:
    """Until the first answers are in, but not all."""
    until = time.monotonic() + 10
    while time.monotonic() < until and sum(entrant.status != 0 for entrant in entrants) < 3:
        time.sleep(0.002)


class _Entrant:
    """One client with an offer of its own for the same place. A broken connection is tried again with the same Idempotency-Key."""

    def __init__(self, server: Server, offer: Offer, name: str) -> None:
        self.server, self.name = server, name
        self.body = {"offer": signed(replace(offer, party=new_party())), "contact": contact(name), "people": [], "consent": True}
        self.status, self.broken = 0, 0

    def run(self, start: threading.Barrier) -> None:
        """Wait for the others, then book."""
        start.wait()
        for _attempt in range(TRIES):
            client = Client(self.server.port)
            try:
                self.status, _answer, _took = client.post("/api/v1/journeys", self.body, Idempotency_Key=self.name * 3)
                return
            except BROKEN:
                self.broken += 1
                time.sleep(0.25)
            finally:
                client.close()


def _one_place(server: Server, source: Random) -> Offer:
    """An offer of the planner for four steps."""
    client = Client(server.port)
    try:
        status, answer, _took = client.post("/api/v1/journeys/plan", wish(source, days=7, limit=1))
    finally:
        client.close()
    if status != 200 or not answer["itineraries"]:
        raise Unexpected(f"plan: {status} {str(answer)[:300]}")
    return read_offer(answer["itineraries"][0]["offer"])


def _stands_whole(offer: Offer, number: int) -> bool:
    """Whether each of the offer's places is taken once, all by one journey of this round."""
    journeys = list(Journey.objects.filter(contact__email__startswith=f"race{number}x"))
    rows = [
        Appointment.objects.filter(desk=stop.desk, period=(stop.starts, stop.ends), freed_at=None).values_list("visit__journey", flat=True)
        for stop in offer.stops
    ]
    return len(journeys) == 1 and all(list(row) == [journeys[0].pk] for row in rows)


def _partial_journeys() -> int:
    with connection.cursor() as cursor:
        cursor.execute(PARTIAL)
        count: int = cursor.fetchone()[0]
    return count
