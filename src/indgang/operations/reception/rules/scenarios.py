"""Stated days in a hall, made up from a seed: what waiting times and replanning are measured on. Pure.

A scenario says how many book, how many take a ticket and when, how long services really take, and what goes wrong. The same scenario with
other seeds gives the past a house learns from and the days it is tried on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import exp
from random import Random

from indgang.operations.reception.rules.hall import Errand, OpenDesk, Served, play
from indgang.operations.reception.rules.line import LineRules
from indgang.operations.reception.rules.waits import Desk, Line, Past, Sitting, plain_wait, waits

OPENS, CLOSES = 0.0, 420.0  # minutes; seven hours
LUNCH = (180.0, 210.0)


@dataclass(frozen=True)
class Kind:
    """A service: minutes reckoned with, what it really takes over that (median and spread of a lognormal), and the desks that do it."""

    key: str
    planned: float
    median: float
    spread: float
    desks: tuple[int, ...]


@dataclass(frozen=True)
class Scenario:
    """A kind of day. `tickets` are per hour, `rush` times as many in the first hour; `booked` is the share of desk time that is booked."""

    key: str
    kinds: tuple[Kind, ...]
    tickets: float
    booked: float
    rush: float = 1.0
    no_show: float = 0.05
    families: float = 0.2
    slower: float = 1.0  # how much longer everything takes on the day than in the past
    gone_home: float = 0.0  # the chance that a desk closes without notice in the afternoon

    @property
    def desks(self) -> tuple[int, ...]:
        """Every desk of the day."""
        return tuple(sorted({desk for kind in self.kinds for desk in kind.desks}))


_ONE = (Kind("cpr", 15, 0.85, 0.35, (1, 2, 3)),)
HOUSE = (
    Kind("permit", 15, 0.9, 0.4, (1, 2)),
    Kind("cpr", 15, 0.8, 0.35, (3, 4, 5)),
    Kind("mitid", 10, 1.0, 0.5, (4, 5)),
    Kind("tax", 10, 0.9, 0.4, (6, 7)),
)

SCENARIOS = (
    Scenario("steady", _ONE, tickets=6, booked=0.3),
    Scenario("rush in the morning", _ONE, tickets=5, booked=0.3, rush=3),
    Scenario("mostly booked", _ONE, tickets=2, booked=0.65),
    Scenario("tickets only", _ONE, tickets=10, booked=0),
    Scenario("several services", HOUSE, tickets=14, booked=0.3),
    Scenario("many stay away", HOUSE, tickets=12, booked=0.5, no_show=0.25),
    Scenario("hard cases", (Kind("permit", 20, 0.9, 0.8, (1, 2, 3, 4)),), tickets=6, booked=0.3),
    Scenario("a slow day", HOUSE, tickets=11, booked=0.3, slower=1.25),
    Scenario("a clerk goes home", HOUSE, tickets=10, booked=0.25, gone_home=0.15),
)


@dataclass(frozen=True)
class PlayedDay:
    """What happened: every errand with the service it was for, the desks with their real and their stated spans, and who was served."""

    errands: dict[int, tuple[str, Errand]]
    stated: dict[int, tuple[tuple[float, float], ...]]
    served: dict[int, Served]
    stayed_away: dict[int, tuple[str, Errand]]


def played_day(scenario: Scenario, seed: int, rules: LineRules, *, today: bool = True) -> PlayedDay:
    """A day of the scenario. `today` brings what the past did not have: everything slower."""
    random = Random(f"{scenario.key} {seed}")
    slower = scenario.slower if today else 1.0
    errands, away = {}, {}
    for key, (kind, errand) in enumerate(_errands(scenario, random, slower)):
        errand = _with_key(errand, key)
        if errand.booked is not None and random.random() < scenario.no_show:
            away[key] = (kind, errand)
        else:
            errands[key] = (kind, errand)
    spans: tuple[tuple[float, float], ...] = ((OPENS, LUNCH[0]), (LUNCH[1], CLOSES))
    stated = dict.fromkeys(scenario.desks, spans)
    desks = []
    for desk in scenario.desks:
        gone = random.uniform(LUNCH[1], CLOSES) if random.random() < scenario.gone_home else CLOSES
        desks.append(OpenDesk(desk, 0.0, ((OPENS, LUNCH[0]), (LUNCH[1], gone))))
    served = play([errand for _, errand in errands.values()], desks, rules)
    return PlayedDay(errands, stated, served, away)


def _with_key(errand: Errand, key: int) -> Errand:
    return Errand(key, errand.arrived, errand.minutes, errand.planned, errand.desks, errand.booked, errand.head_start)


def _errands(scenario: Scenario, random: Random, slower: float) -> Iterator[tuple[str, Errand]]:
    for kind in scenario.kinds:
        for desk in kind.desks:
            yield from _bookings(scenario, kind, desk, random, slower)
    at = -10.0
    while True:
        busy = scenario.rush if at < 60 else 1.0
        at += random.expovariate(scenario.tickets * busy / 60)
        if at >= CLOSES - 30:
            return
        kind = random.choice(scenario.kinds)
        planned = kind.planned * (1.5 if random.random() < scenario.families else 1)
        yield kind.key, Errand(0, max(at, OPENS), real_minutes(kind, planned, random, slower), planned, kind.desks)


def _bookings(scenario: Scenario, kind: Kind, desk: int, random: Random, slower: float) -> Iterator[tuple[str, Errand]]:
    at = OPENS
    share = scenario.booked / sum(desk in other.desks for other in scenario.kinds)
    while at + kind.planned <= CLOSES:
        if random.random() < share and not LUNCH[0] - kind.planned < at < LUNCH[1]:
            arrived = max(at + random.gauss(-5, 6), OPENS)
            desks = (desk, *(other for other in kind.desks if other != desk))
            yield kind.key, Errand(0, arrived, real_minutes(kind, kind.planned, random, slower), kind.planned, desks, booked=at)
        at += kind.planned


def real_minutes(kind: Kind, planned: float, random: Random, slower: float) -> float:
    return max(planned * kind.median * exp(random.gauss(0, kind.spread)) * slower, 1.0)


def past_of(days: list[PlayedDay]) -> Past:
    """What the house learned on those days."""
    ratios: dict[str, list[float]] = {}
    lateness, came, away = [], 0, 0
    for day in days:
        for key, (kind, errand) in day.errands.items():
            if key in day.served:
                ratios.setdefault(kind, []).append(errand.minutes / errand.planned)
            if errand.booked is not None:
                lateness.append(errand.arrived - errand.booked)
                came += 1
        away += len(day.stayed_away)
    return Past(ratios, lateness or (0.0,), came / max(came + away, 1))


def stand_at(day: PlayedDay, now: float, rules: LineRules) -> tuple[list[Desk], list[Line]]:
    """The hall as it stood at a moment, as somebody in it could know: times in minutes from then."""
    sitting = {served.desk: served for served in day.served.values() if served.called <= now < served.ended}
    desks = []
    for desk, spans in day.stated.items():
        there = None
        if desk in sitting:
            kind, errand = day.errands[sitting[desk].key]
            there = Sitting(kind, errand.planned, now - sitting[desk].called)
        desks.append(Desk(desk, tuple((opens - now, closes - now) for opens, closes in spans), there))
    line = []
    for key, (kind, errand) in [*day.errands.items(), *day.stayed_away.items()]:
        if key in day.served and day.served[key].called <= now:
            continue
        here = key in day.errands and errand.arrived <= now
        if not here and (errand.booked is None or errand.booked + rules.grace < now):
            continue
        moved = Errand(
            key,
            errand.arrived - now if here else 0.0,
            errand.minutes,
            errand.planned,
            errand.desks,
            None if errand.booked is None else errand.booked - now,
            errand.head_start,
        )
        line.append(Line(moved, kind, here))
    return desks, line


@dataclass
class Trial:
    """How the told waits of tickets compare with the real ones: how many, how many lay in the range, and the mean errors in minutes."""

    waits: int = 0
    inside: int = 0
    errors: float = 0.0
    plain_errors: float = 0.0

    @property
    def error(self) -> float:
        """The mean distance from the middle to the real wait."""
        return self.errors / max(self.waits, 1)

    @property
    def plain_error(self) -> float:
        """The same for the plain formula."""
        return self.plain_errors / max(self.waits, 1)


def tried(scenario: Scenario, *, seeds: Iterable[int], learned: Iterable[int], rules: LineRules, one_in: int = 1) -> Trial:
    """Tell every n-th ticket of the days `seeds` its wait, knowing only the days `learned`, and compare with what came."""
    past = past_of([played_day(scenario, -1 - seed, rules, today=False) for seed in learned])
    trial = Trial()
    for seed in seeds:
        day = played_day(scenario, seed, rules)
        tickets = [key for key, (_, errand) in day.errands.items() if errand.booked is None and key in day.served]
        for key in tickets[seed % one_in :: one_in]:
            _try_one(trial, day, key, past, rules)
    return trial


def _try_one(trial: Trial, day: PlayedDay, key: int, past: Past, rules: LineRules) -> None:
    service, ticket = day.errands[key]
    now = ticket.arrived
    desks, line = stand_at(day, now, rules)
    finished = [one for one in day.served.values() if one.ended <= now]
    today = [(day.errands[one.key][0], (one.ended - one.called) / day.errands[one.key][1].planned) for one in finished]
    told = waits(desks, line, past.with_today(today), rules, seed=key).get(key)
    if told is None:
        return
    real = day.served[key].called - now
    ratios = past.ratios_of(service)
    ahead = sum(step.here and step.errand.key != key and bool(set(step.errand.desks) & set(ticket.desks)) for step in line)
    ahead += sum(desk.sitting is not None and desk.key in ticket.desks for desk in desks)
    open_desks = sum(desk.key in ticket.desks and any(opens <= 0 < closes for opens, closes in desk.spans) for desk in desks)
    plain = plain_wait(ahead, ticket.planned * sum(ratios) / len(ratios), open_desks)
    trial.waits += 1
    trial.inside += round(told.low) <= round(real) <= round(told.high)
    trial.errors += abs(told.middle - real)
    trial.plain_errors += abs(plain - real)
