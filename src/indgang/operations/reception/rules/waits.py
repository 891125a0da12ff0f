"""How long somebody will wait, honestly: a middle and a range that holds eight times in ten. Pure.

The hall is played forward many times from how it stands. Each time the durations are drawn from what the same services really took lately,
those who sit at a desk now are given a rest that fits how long they have sat there, and booked parties come early, late or not at all as
they do. What is shown is the middle, and the whole minutes between which eight of ten lie.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import exp, inf, log
from random import Random

from indgang.operations.reception.rules.hall import Errand, OpenDesk, play
from indgang.operations.reception.rules.line import LineRules

DRAWS = 60
# What comes lies outside a range of few draws more often than they do, and a day knows more than its past: so a fifth lies outside.
OUTSIDE = 0.15
TODAY_COUNTS_FROM = 8  # services finished today before they weigh as much as all the past does
UNSURE = 0.4  # the share by which some minutes that were reckoned by the plain formula may be less or more
PRIME = 1_000_003  # between the draws of one seed and those of the next
UNKNOWN = (0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0)  # when a service has no past yet


@dataclass(frozen=True)
class Sitting:
    """Somebody at a desk: planned minutes, and minutes since the call."""

    service: str
    planned: float
    elapsed: float


@dataclass(frozen=True)
class Desk:
    """A desk as it stands: the spans in which it calls people, minutes from now, and who sits there."""

    key: int
    spans: tuple[tuple[float, float], ...]
    sitting: Sitting | None = None


@dataclass(frozen=True)
class Line:
    """An errand that waits or is expected, in minutes from now; `minutes` is drawn. `here`: the party is in the house."""

    errand: Errand
    service: str
    here: bool


@dataclass(frozen=True)
class Past:
    """What a house has learned: per service how long it took over what it was reckoned with, how early (-) or late booked people come, and
    how many of them come at all. `pace` is how much longer everything takes today.
    """

    ratios: Mapping[str, Sequence[float]]
    lateness: Sequence[float] = (-8, -5, -3, 0, 2, 6)
    shows: float = 0.95
    pace: float = 1.0

    def ratios_of(self, service: str) -> Sequence[float]:
        """Its ratios, or a plain guess."""
        return self.ratios.get(service) or UNKNOWN

    def with_today(self, finished: Sequence[tuple[str, float]]) -> Past:
        """The same, knowing the ratios of what was finished today, by service."""
        drift = [log(ratio) - self._usual(service) for service, ratio in finished if ratio > 0]
        return replace(self, pace=exp(sum(drift) / (len(drift) + TODAY_COUNTS_FROM)))

    def _usual(self, service: str) -> float:
        ratios = self.ratios_of(service)
        return sum(log(ratio) for ratio in ratios) / len(ratios)


@dataclass(frozen=True)
class Wait:
    """Minutes from now until called: the middle, and the whole minutes from which and to which eight of ten fall."""

    middle: float
    low: float
    high: float


def waits(desks: Sequence[Desk], line: Sequence[Line], past: Past, rules: LineRules, *, seed: int, draws: int = DRAWS) -> dict[int, Wait]:
    """By errand key, the waits of those who are here, and when those are called who are expected and come.

    Nobody is in it whom the house will most likely not reach before it closes. What is drawn for one errand does not depend on who else is
    in the line: a newcomer is told before taking a ticket what the ticket tells after.
    """
    found: dict[int, list[float]] = {step.errand.key: [] for step in line}
    ways = [_ways_of(step, past, Random(seed * PRIME + step.errand.key), draws) for step in line]
    rests = [_rests_of(desk, past, Random(~(seed * PRIME + desk.key)), draws) for desk in desks]
    for number in range(draws):
        errands = [way[number] for way in ways]
        opened = [OpenDesk(desk.key, rest[number], desk.spans) for desk, rest in zip(desks, rests, strict=True)]
        played = play([errand for errand in errands if errand], opened, rules)
        for errand in errands:
            if errand:
                found[errand.key].append(played[errand.key].called if errand.key in played else inf)
    return {key: wait for key, waited in found.items() if waited and (wait := _summed(sorted(waited))) is not None}


def _ways_of(step: Line, past: Past, random: Random, draws: int) -> list[Errand | None]:
    """The ways it may go with one errand: None where the party does not come. Who else is in the line has no say in them."""
    errand, ratios = step.errand, past.ratios_of(step.service)
    found: list[Errand | None] = []
    for _ in range(draws):
        arrived = errand.arrived
        if not step.here:
            if random.random() > past.shows:
                found.append(None)
                continue
            arrived = max((errand.booked or 0) + random.choice(past.lateness), 0.0)
        found.append(errand._replace(arrived=arrived, minutes=errand.planned * past.pace * random.choice(ratios)))
    return found


def _rests_of(desk: Desk, past: Past, random: Random, draws: int) -> list[float]:
    """How long a desk may still be taken by whoever sits there."""
    return [_rest(desk.sitting, past, random) if desk.sitting else 0.0 for _ in range(draws)]


def _rest(sitting: Sitting, past: Past, random: Random) -> float:
    """How much longer somebody sits, knowing how long they have."""
    planned = sitting.planned * past.pace
    longer = [ratio * planned for ratio in past.ratios_of(sitting.service) if ratio * planned > sitting.elapsed]
    if longer:
        return random.choice(longer) - sitting.elapsed
    return random.expovariate(3 / sitting.planned)  # longer than anybody before: a third of the plan more, on average


def _summed(waited: Sequence[float]) -> Wait | None:
    last = max((minutes for minutes in waited if minutes < inf), default=0.0)
    middle = waited[len(waited) // 2]
    if middle > last:
        return None
    low, high = _range(waited)
    return Wait(middle, low, min(high, round(last)))


def _range(waited: Sequence[float]) -> tuple[float, float]:
    """The whole minutes from which and to which all but OUTSIDE of them fall, as evenly on both sides as minutes allow.

    Counted in the minutes that people read: a range that is rounded after it was chosen is wider than it says where waits are short.
    """
    times = Counter(round(minutes) if minutes < inf else inf for minutes in waited)
    left, spare, dropped = sorted(times), OUTSIDE * len(waited), {0: 0, -1: 0}
    while len(left) > 1:
        ends = [end for end in dropped if sum(dropped.values()) + times[left[end]] / 2 <= spare]
        if not ends:
            break
        end = min(ends, key=lambda end: dropped[end] + times[left[end]])
        dropped[end] += times[left.pop(end)]
    return left[0], left[-1]


def joined(wait: Wait, ahead: Sequence[float], *, desks: int, spare: int) -> Wait:
    """The wait of somebody who joined the line behind others that the wait of a newcomer does not know yet, until it is worked out anew.

    `ahead` are their planned minutes, `desks` those that are open for what somebody waits for, `spare` those of them that nobody else
    is at or on the way to. Reckoned by the plain formula, which is of some use for the few who come in some seconds.
    """
    behind = max(len(ahead) - spare + 1, 0) if spare else len(ahead)
    if not behind:
        return wait
    more = plain_wait(behind, sum(ahead) / len(ahead), desks)
    return Wait(wait.middle + more, wait.low + round(more * (1 - UNSURE)), wait.high + round(more * (1 + UNSURE)))


def not_before(wait: Wait, floor: float) -> Wait:
    """The wait of somebody who is not called sooner than in `floor` minutes, such as when a room is planned to be free.

    Until then their turn comes nearer and the plan does not: all that was unsure about the turn still is, and so is the plan.
    """
    later = floor - wait.low
    if later <= 0:
        return wait
    return Wait(wait.middle + later, floor, wait.high + later * (1 + UNSURE))


def plain_wait(ahead: int, average: float, open_desks: int) -> float:
    """The plain formula that the estimate is measured against: average service time times people ahead, over open desks."""
    return average * ahead / max(open_desks, 1)
