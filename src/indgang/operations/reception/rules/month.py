"""A busy month, played twice on the same arrivals: as this house does it, and with a line of its own at every counter. Pure.

As this house does it: parties with several steps have booked a way through the day with the planner, and the line of rules/line.py lets
them in at their times, wherever a desk is free, also when a step before took longer or a desk closed. First come, first served: the same
parties come at the same moments for the same steps that take as long, and join the line of each step when the one before has ended.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from indgang.operations.reception.rules import planner
from indgang.operations.reception.rules.daytime import CELL_MINUTES, cells_for
from indgang.operations.reception.rules.hall import Errand, OpenDesk, Served, play
from indgang.operations.reception.rules.line import LineRules
from indgang.operations.reception.rules.scenarios import CLOSES, HOUSE, LUNCH, OPENS, Kind, real_minutes

WORKING_DAYS = 20
ORDER = {"permit": (), "cpr": ("permit",), "mitid": ("cpr",), "tax": ("cpr",)}
ERRANDS = (("permit", "cpr", "mitid", "tax"), ("cpr", "mitid", "tax"), ("cpr", "tax"), ("permit", "tax"))


@dataclass(frozen=True)
class Busy:
    """A kind of month. `parties` book and `tickets` walk in each day; `slower` is how much longer everything takes than is reckoned with,
    `ill` the chance of a desk to close for the rest of the day at some moment, `no_show` that of a booked party to stay away."""

    key: str
    parties: int
    tickets: int
    slower: float = 1.0
    ill: float = 0.0
    no_show: float = 0.05


MONTHS = (
    Busy("a busy month", parties=30, tickets=20),
    Busy("many walk in", parties=20, tickets=50),
    Busy("everything takes a fifth longer", parties=28, tickets=20, slower=1.2),
    Busy("clerks fall ill", parties=28, tickets=20, ill=0.1),
    Busy("more come than can be served", parties=28, tickets=90, slower=1.1, ill=0.05),
)


@dataclass(frozen=True)
class Way:
    """How a month went: minutes between a party's steps that nine of ten did not exceed, and the share of parties with several steps that
    finished them all on their day."""

    p90_between: float
    finished: float
    parties: int


@dataclass(frozen=True)
class Party:
    """A party's errands by service, each with its real minutes; `booked` its times and desks, none for one with a ticket."""

    arrived: float
    minutes: dict[str, float]
    booked: dict[str, tuple[float, int]]


def played_month(busy: Busy, seed: int, rules: LineRules) -> tuple[Way, Way]:
    """The month as this house does it, and first come, first served."""
    ours: list[tuple[list[Errand], dict[int, Served]]] = []
    plain: list[tuple[list[Errand], dict[int, Served]]] = []
    for day in range(WORKING_DAYS):
        random = Random(f"{busy.key} {seed} {day}")
        parties = [*_booked(busy, random), *_walking_in(busy, random)]
        desks = _desks(busy, random)
        errands = _errands(parties)
        ours.append((errands, play(errands, desks, rules)))
        queueing = [_at_the_counter(errand) for errand in errands]
        plain.append((queueing, play(queueing, desks, rules)))
    return _way(ours), _way(plain)


def _kind(key: str) -> Kind:
    return next(kind for kind in HOUSE if kind.key == key)


def _booked(busy: Busy, random: Random) -> list[Party]:
    """Parties that booked through the planner, one after the other, from a moment of the day that suits them."""
    closed = _cells(*LUNCH)
    free = {desk: _cells(OPENS, CLOSES) & ~closed for kind in HOUSE for desk in kind.desks}
    parties = []
    for _number in range(busy.parties):
        services = random.choice(ERRANDS)
        way = _planned(services, free, random.uniform(OPENS, CLOSES - 120))
        if way is None:
            continue
        for stop in way.stops:
            free[stop.desk] &= ~_cells(stop.start * CELL_MINUTES, stop.end * CELL_MINUTES)
        minutes = {stop.service: real_minutes(_kind(stop.service), _kind(stop.service).planned, random, busy.slower) for stop in way.stops}
        booked = {stop.service: (float(stop.start * CELL_MINUTES), stop.desk) for stop in way.stops}
        arrived = max(way.start * CELL_MINUTES + random.gauss(-5, 6), OPENS)
        if random.random() >= busy.no_show:
            parties.append(Party(arrived, minutes, booked))
    return parties


def _planned(services: Sequence[str], free: dict[int, int], wished: float) -> planner.Itinerary | None:
    before = _cells(OPENS, wished)
    steps = [planner.Step(key, cells_for(int(_kind(key).planned)), frozenset(ORDER[key]) & frozenset(services)) for key in services]
    takes = {desk: frozenset(kind.key for kind in HOUSE if desk in kind.desks and kind.key in services) for desk in free}
    desks = [planner.Desk(desk, "hall", takes[desk], cells & ~before) for desk, cells in free.items() if takes[desk]]
    return next(iter(planner.earliest_itineraries(planner.DayPlan(steps, desks, {}), limit=1)), None)


def _cells(starts: float, ends: float) -> int:
    first, last = int(starts // CELL_MINUTES), int(-(-ends // CELL_MINUTES))
    return (1 << last) - (1 << first)


def _walking_in(busy: Busy, random: Random) -> list[Party]:
    """Parties with a ticket for one service."""
    found = []
    for _number in range(busy.tickets):
        kind = random.choice(HOUSE)
        minutes = {kind.key: real_minutes(kind, kind.planned, random, busy.slower)}
        found.append(Party(random.uniform(OPENS, CLOSES - 60), minutes, {}))
    return found


def _desks(busy: Busy, random: Random) -> list[OpenDesk]:
    found = []
    for desk in sorted({desk for kind in HOUSE for desk in kind.desks}):
        closes = random.uniform(OPENS + 60, CLOSES) if random.random() < busy.ill else CLOSES
        spans = ((OPENS, min(LUNCH[0], closes)), (LUNCH[1], max(closes, LUNCH[1])))
        found.append(OpenDesk(desk, 0.0, tuple(span for span in spans if span[0] < span[1])))
    return found


def _errands(parties: Sequence[Party]) -> list[Errand]:
    found: list[Errand] = []
    for party in parties:
        before: tuple[int, ...] = ()
        for service, minutes in sorted(party.minutes.items(), key=lambda item: party.booked.get(item[0], (0.0, 0))):
            kind, booked = _kind(service), party.booked.get(service)
            own = [booked[1]] if booked else []
            desks = (*own, *(desk for desk in kind.desks if desk not in own))
            key = len(found)
            time = booked[0] if booked else None
            found.append(Errand(key, party.arrived, minutes, kind.planned, desks, time, after=before))
            before = (key,)
    return found


def _at_the_counter(errand: Errand) -> Errand:
    """The same errand where people queue: no times, and a place from when it joins the line."""
    return errand._replace(booked=None, desks=tuple(sorted(errand.desks)), anew=True)


def _way(days: Sequence[tuple[list[Errand], dict[int, Served]]]) -> Way:
    between, finished, several = [], 0, 0
    for errands, served in days:
        between += [served[e.key].called - served[e.after[0]].ended for e in errands if e.after and e.key in served]
        chains = _chains(errands)
        several += len(chains)
        finished += sum(all(key in served for key in chain) for chain in chains)
    ordered = sorted(between)
    return Way(ordered[int(len(ordered) * 0.9)], finished / several, several)


def _chains(errands: Sequence[Errand]) -> list[list[int]]:
    """The errands of each party that has several."""
    chains: list[list[int]] = []
    for errand in errands:
        if errand.after:
            if chains and chains[-1][-1] == errand.after[0]:
                chains[-1].append(errand.key)
            else:
                chains.append([errand.after[0], errand.key])
    return chains
