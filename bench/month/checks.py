"""What must hold every evening, asked of the house as an outsider can: over HTTP, on the command line, and in the server's log."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections import Counter, defaultdict
from itertools import pairwise

from bench.month.caller import Caller
from bench.month.day import Day
from bench.month.house import HOUSE, ZONE, AnyHouse
from bench.month.ledger import Figures, Ledger, Party, Turn
from bench.month.people import People
from bench.month.staff import expect

TITLES = {
    "waiting": "Waiting time",
    "walking": "Time on the way to the desk",
    "service-time": "Time at the desk",
    "door-to-door": "From door to door",
}
PARTS = ("how many are known", "half at most (minutes)", "nine in ten at most (minutes)")


def faults_of(day: Day, house: AnyHouse, ledger: Ledger, people: People, floor: Caller, first: dt.date) -> list[str]:
    """Everything that is not as it must be, in words."""
    commands = [
        house.begin("journal", "verify"),
        house.begin("statistics", HOUSE, "--from", first.isoformat(), "--until", day.date.isoformat()),
    ]
    found = [*_ends(day, people), *_numbers(day), *_collisions(day), *_board(floor)]
    for since in {first, day.date}:
        found += compared(ledger.figures(since, day.date), _told_by_house(floor, since, day.date), f"{since} to {day.date}")
    for command in commands:
        said, _nothing = command.communicate()
        if command.returncode:
            found.append(f"{command.args}: {said}")
        ledger.told.append(said.strip().splitlines()[-1])
    errors = house.logged()
    found += [f"the server's log has errors: {errors}"] if errors else []
    return [f"{day.date}: {fault}" for fault in found]


def _ends(day: Day, people: People) -> list[str]:
    """Everybody reached an end, and the house says of each step what was seen."""
    found = []
    for party in {id(party): party for party in [*day.present, *day.by_reference.values()]}.values():
        if not party.end and party.first and party.first.astimezone(ZONE).date() <= day.date:
            found.append(f"{party} reached no end")
        if not party.booked:
            status = people.ticket(party)["status"]
            found += [f"ticket {party.number} is {status}"] if status != "ended" else []
        elif party.key:
            found += _seen(day, party, people)
    return found


def _seen(day: Day, party: Party, people: People) -> list[str]:
    """A booked party's steps of the day, as whoever holds its key reads them."""
    end = party.end
    row = people.look(party)
    today = [step for step in row["appointments"] if step["ended"] and _at(step["ended"]).astimezone(ZONE).date() == day.date]
    told = {(step["service"], step["desk"], _at(step["called"]), _at(step["started"]), _at(step["ended"])) for step in today}
    seen = {(turn.service, turn.desk, turn.called, turn.started, turn.ended) for turn in party.turns}
    found = [f"{party.reference} was seen at {seen}, the house says {told}"] if told != seen else []
    for step in row["appointments"]:
        later = step["starts"] and _at(step["starts"]).astimezone(ZONE).date() > day.date
        if step["status"] not in ("done", "no-show", "cancelled") and not later:
            found.append(f"{party.reference}, which is {end or 'expected'}: {step['service']} is {step['status']}")
    return found


def _at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _numbers(day: Day) -> list[str]:
    """Every number of the day is one party's."""
    numbers = Counter(party.number for party in day.present)
    return [f"number {number} was given {count} times" for number, count in numbers.items() if count > 1 or not number]


def _collisions(day: Day) -> list[str]:
    """Nobody in two places at once, no desk with two at once, nobody twice at one desk for the same thing."""
    at: dict[str, list[Turn]] = defaultdict(list)
    for party in day.present:
        for turn in party.turns:
            at[turn.desk].append(turn)
            at[f"{party.name} {party.number}"].append(turn)
    found = []
    for place, turns in at.items():
        ordered = sorted(turns, key=lambda turn: turn.called)
        found += [f"{place}: {one} and {other}" for one, other in pairwise(ordered) if not one.ended or one.ended > other.called]
    for party in day.present:
        again = Counter(turn.service for turn in party.turns)
        found += [f"{party} did {service} {count} times" for service, count in again.items() if count > 1]
    return found


def _board(floor: Caller) -> list[str]:
    """Nobody is left on it."""
    page = floor.get(f"/board/{HOUSE}/")
    expect(page.status, 200, page.text)
    left = [words for words in ("Nobody is waiting.", "Nobody else is expected today.") if words not in page.text]
    return [f"the board does not say: {words}" for words in left if 'id="p-' in page.text]


def _told_by_house(floor: Caller, first: dt.date, last: dt.date) -> Figures:
    """The file that the statistics page gives."""
    page = floor.get(f"/statistics/{HOUSE}/file/csv/?first={first}&last={last}")
    expect(page.status, 200, page.text)
    rows = list(csv.DictReader(io.StringIO(page.text.removeprefix("\ufeff"))))
    by = {row["figure"]: row for row in rows if row["table"] == "house"}
    municipalities = [row for row in rows if row["table"] == "municipality" and row["figure"] == "Citizens served"]
    citizens = {row["key"]: int(row["value"]) for row in municipalities}
    lengths = {name: _length(by, name) for name in TITLES}
    return Figures(citizens, int(by["Steps"]["value"]), lengths, (int(by["Did not come"]["part"]), int(by["Did not come"]["whole"])))


def _length(by: dict[str, dict[str, str]], name: str) -> tuple[int, float | None, float | None]:
    count, half, nine_tenths = (by[f"{TITLES[name]}: {part}"]["value"] for part in PARTS)
    return int(count), float(half) if half else None, float(nine_tenths) if nine_tenths else None


def compared(seen: Figures, told: Figures, when: str) -> list[str]:
    """Where the house's figures are not those of the player's own notes, to the last digit."""
    pairs = {"citizens": (seen.citizens, told.citizens), "steps": (seen.steps, told.steps), "no-shows": (seen.not_come, told.not_come)}
    pairs |= {name: (seen.lengths[name], told.lengths[name]) for name in TITLES}
    return [f"{when}, {name}: seen {one}, the house says {other}" for name, (one, other) in pairs.items() if one != other]
