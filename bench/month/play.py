"""The whole play: an empty house, its people, then day after day, each checked in the evening."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from bench.month.accounts import Colleague
from bench.month.caller import Broken, Caller
from bench.month.checks import faults_of
from bench.month.day import MINUTE, Day
from bench.month.house import HOUSE, ZONE, AnyHouse, opened
from bench.month.leader import Leader
from bench.month.ledger import Ledger, Party
from bench.month.people import People
from bench.month.staff import Clerk

FLOOR = Colleague("Karen Holm", "floor@example.org", "ihnd", "floorwalker")
LEADER = Colleague("Lis Dahl", "leader@example.org", "ihnd", "leader")
SEATS = (
    ("siri-1", "Bo Skov"), ("borgerservice-1", "Tove Krog"), ("skat-1", "Sanne Riis"), ("ihnd-1", "Per Lund"),
    ("siri-3", "Ida Bech"), ("borgerservice-3", "Ole Friis"),
)  # fmt: skip
PAGES = {"siri-1", "borgerservice-1", "skat-1"}  # these clerks work with the desk's page, the others' authorities with a program
MONDAY, TUESDAY, WEDNESDAY, THURSDAY = range(4)
ILL, ILL_FROM = 0.4, (9.2, 13.0)


@dataclass(frozen=True)
class Month:
    """How it is played. `parties` book for each day and `tickets` walk in."""

    first: dt.date
    days: int
    parties: int = 24
    tickets: int = 16
    clerks: int = len(SEATS)
    seed: int = 1

    @property
    def eve(self) -> dt.datetime:
        """The afternoon of the working day before, when it begins."""
        before = self.first - dt.timedelta(days=3 if self.first.weekday() == MONDAY else 1)
        return dt.datetime.combine(before, dt.time(16), ZONE).astimezone(dt.UTC)


@dataclass(frozen=True)
class Played:
    """What came of it: the notes, everything that was not as it must be, and the time it took."""

    ledger: Ledger
    faults: list[str]
    requests: int
    seconds: float
    last: dt.date

    def summary(self, first: dt.date) -> str:
        """In words."""
        figures, counts = self.ledger.figures(first, self.last), self.ledger.counts
        visits = sum(1 for _visit in self.ledger.visits())
        waited = figures.lengths["waiting"][2] or 0
        done, several = self.finished()
        facts = ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
        return (
            f"{visits} visits with {figures.steps} steps, {sum(figures.citizens.values())} citizens served, {figures.not_come[0]} of "
            f"{figures.not_come[1]} booked parties did not come\n{facts}\n"
            f"nine in ten waited at most {waited:.1f} min, between two steps at most {self.ledger.between():.1f} min; "
            f"{done} of {several} parties with several steps ({done / max(several, 1):.1%}) finished them the same day\n"
            f"{self.requests:,} requests in {self.seconds:.0f} s; {len(self.faults)} faults"
        )

    def finished(self) -> tuple[int, int]:
        """Parties that came for several steps: how many did all of them on one day, of how many."""
        several = [party for party in self.ledger.parties if party.several]
        return sum(party.end == "served" and not party.earlier and len(party.turns) > 1 for party in several), len(several)


def played(folder: Path, month: Month, say: Callable[[str], None] = lambda words: None) -> Played:
    """Play it. Whatever must hold and does not is among the faults; an answer that nobody can go on from ends the play with Broken."""
    with opened(folder, month.eve) as house:
        return played_in(house, month, say)


def played_in(house: AnyHouse, month: Month, say: Callable[[str], None] = lambda words: None) -> Played:
    """The same in a house that is served already."""
    began, requests = time.monotonic(), Caller.requests
    days = working_days(month.first, month.days)
    play, faults = _Play(house, month, days), list[str]()
    for date in days:
        day = play.day(date)
        faults += faults_of(day, house, play.ledger, play.people, play.floor, month.first)
        play.remember_for_later()
        say(f"{date}: {len(day.present)} came; {time.monotonic() - began:.0f} s; {len(faults)} faults")
    return Played(play.ledger, faults, Caller.requests - requests, time.monotonic() - began, days[-1])


def working_days(first: dt.date, count: int) -> list[dt.date]:
    """So many days from Monday to Friday."""
    found = [first + dt.timedelta(days=number) for number in range(count * 2 + 3)]
    return [date for date in found if date.weekday() < 5][:count]


class _Play:
    def __init__(self, house: AnyHouse, month: Month, days: list[dt.date]) -> None:
        self.house, self.month, self.days = house, month, days
        self.source, self.ledger = Random(month.seed), Ledger()
        self.people = People(house, self.ledger, self.source)
        self.sits: dict[str, Colleague] = {}
        self.clerks: dict[str, Clerk] = {}
        self.programs: dict[str, Caller] = {}
        self.groups: dict[str, list[Party]] = {}
        self._set_up()
        self.minutes = {row["key"]: row["minutes"] for row in self.services}
        self._book_ahead(days[:3], first=True)

    def _set_up(self) -> None:
        """Accounts, browsers, programs with tokens, and who sits where."""
        for key, name in SEATS[: self.month.clerks]:
            authority = next(desk.authority for desk in self.house.desks if desk.key == key)
            self.sits[key] = Colleague(name, f"{key}@example.org", authority, "clerk")
        browsers = self.house.engage([FLOOR, LEADER, *self.sits.values()])
        self.floor, self.leader = browsers[FLOOR.email], Leader(browsers[LEADER.email])
        self.services = Caller(self.house.port).ask(f"services?house={HOUSE}", method="GET").value["services"]
        titles = {row["title"]: row["key"] for row in self.services}
        pages = {key: Clerk(browsers[one.email], titles) for key, one in self.sits.items()}
        for desk in self.house.desks:
            colleagues = [key for key, one in self.sits.items() if one.organisation == desk.authority]
            own = desk.key if desk.key in PAGES else colleagues[-1]
            self.clerks[desk.key] = pages[own] if desk.key in PAGES else self._with_program(pages[own], self.sits[own])
        for key, one in self.sits.items():
            self.leader.seats(key, one.name, self.month.first)

    def _with_program(self, clerk: Clerk, colleague: Colleague) -> Clerk:
        """The same clerk, whose authority has a program of its own that calls the API with a token."""
        if colleague.email not in self.programs:
            self.programs[colleague.email] = Caller(self.house.port, self.house.token(colleague.email))
        return Clerk(clerk.browser, clerk.titles, program=self.programs[colleague.email])

    # -------------------------------------------------------------------------------------------------------------------- bookings

    def _book_ahead(self, coming: list[dt.date], *, first: bool = False) -> None:
        """What people do in the evening before and in the morning: book, for the days to come; and then confirm."""
        made: list[Party | None] = []
        for number in range(self.month.parties * (len(coming) if first else 1)):
            self.tick()
            date = coming[number % len(coming)] if first else self.source.choices(coming, (6, 2, 1, 1)[: len(coming)])[0]
            made.append(self.people.books(date))
        for party in filter(None, made):
            self.tick()
            self.people.confirms(party)
        self.tick()
        self.people.books_by_pages(coming[0])
        for date in coming:
            if date.weekday() == WEDNESDAY and (first or date == coming[min(1, len(coming) - 1)]):
                self._interpreter(date)
            if date.weekday() in (WEDNESDAY, THURSDAY) and date.isoformat() not in self.groups:
                self._employer(date)

    def _interpreter(self, date: dt.date) -> None:
        """More want the interpreter than can be served; then one of those who have a time calls it off.

        The first of the others leaves the offer unanswered, so the next one gets it.
        """
        booked = []
        for _one in range(5):
            self.tick()
            booked.append(self.people.wants_interpreter(date))
        have = [party for party in booked if party]
        for party in have:
            self.people.confirms(party)
        if have and self.people.wishes:
            self.tick()
            self.people.cancels(have[0])
            self.tick()
            if len(self.people.wishes) > 1:
                self.people.lets_offer_go()
            self.people.takes_offer()
        self.people.wishes.clear()

    def _employer(self, date: dt.date) -> None:
        self.tick()
        self.groups[date.isoformat()] = self.people.employer_books(date, 3, by_spreadsheet=date.weekday() == WEDNESDAY)

    def tick(self) -> None:
        """Some seconds go by."""
        self.house.clock.move(self.house.clock.now() + dt.timedelta(seconds=self.source.randrange(2, 9)))

    # ----------------------------------------------------------------------------------------------------------------------- a day

    def day(self, date: dt.date) -> Day:
        """From eight o'clock until everybody has gone home."""
        self.house.clock.move(dt.datetime.combine(date, dt.time(8), ZONE).astimezone(dt.UTC))
        coming = [day for day in self.days if day > date][:4]
        if coming:
            self._book_ahead(coming)
        self.tick()
        self.people.books(date)
        self.tick()
        self.people.books_twice(date)
        day = Day(self.house, self.ledger, self.people, self.source, self.clerks, self.floor, date)
        day.minutes = self.minutes
        expected = [party for party in self.ledger.parties if not party.end and party.first and party.first.date() == date]
        for party in expected:
            if self.source.random() < 0.04 and not party.group:
                self.tick()
                self.people.cancels(party)
            else:
                day.expect(party)
        self._groups_come(day)
        for _number in range(self.month.tickets):
            moment = day.opens + self.source.random() * (day.closes - day.opens - 40 * MINUTE)
            day.at(
                moment + (day.back - day.lunch if day.lunch <= moment < day.back else 0 * MINUTE), day.walks_in
            )  # at noon the kiosk is shut
        if self.source.random() < ILL or date == self.days[0]:
            hour = self.source.uniform(*ILL_FROM)
            day.at(day.time(int(hour), int(hour % 1 * 60)), lambda: self._falls_ill(day))
        day.play()
        self.house.clock.move(self.house.clock.now() + 5 * MINUTE)
        return day

    def _groups_come(self, day: Day) -> None:
        parties = self.groups.get(day.date.isoformat()) or []
        here = [party for party in parties if day.today(party)]
        if here:
            first = min(party.first for party in here if party.first)
            day.at(first - 8 * MINUTE, lambda: day.group_arrives(parties[0].group, parties))

    def _falls_ill(self, day: Day) -> None:
        """A clerk goes home: the leader notes it, closes the desk and moves whom that meets; or the desk is just closed."""
        several = [desk for desk in self.house.desks if desk.key in self.sits and desk.authority in ("siri", "borgerservice-aalborg")]
        desk = self.source.choice(several)
        if self.source.random() < 0.7 or day.date == self.days[0]:
            met = self.leader.notes_absence(self.sits[desk.key].name)
            self.ledger.counts["absences"] += 1
        else:
            met = self.leader.closes(desk.key)
            self.ledger.counts["desks closed"] += 1
        desk.closed = True
        self.ledger.counts["visits met by a closing"] += met
        for party in list(day.by_reference.values()):
            if party.booked and not party.end and not (party.turns and not party.turns[-1].ended):
                self._reads_letter(day, party)

    def _reads_letter(self, day: Day, party: Party) -> None:
        """Whoever was moved comes at the new time."""
        before = party.first
        self.people.look(party)
        if party.arrived or party.first == before or party.first is None:
            return
        self.ledger.counts["moved"] += 1
        if day.today(party):
            day.at(max(party.first - 5 * MINUTE, day.now), lambda: day.arrives(party))

    def remember_for_later(self) -> None:
        """Who comes again on another day for the rest begins a new visit then."""
        for party in self.ledger.parties:
            if party.end == "later" and party.arrived:
                party.earlier.append((party.arrived, party.turns))
                party.arrived, party.turns, party.end, party.number = None, [], "", 0
                self.people.look(party)
            elif party.end == "no-show":
                party.first = None


def run(folder: Path, days: int, seed: int, say: Callable[[str], None]) -> bool:
    """For the command line: a month from a Monday in September; True when nothing was amiss."""
    folder.chmod(0o755)  # the database may run as another user
    month = Month(dt.date(2027, 9, 6), days, seed=seed)
    say(f"{days} working days from {month.first}, seed {seed}")
    try:
        done = played(folder, month, say)
    except Broken as broken:
        say(f"the play could not go on: {broken}")
        return False
    for fault in done.faults:
        say(fault[:2_000])
    say(done.summary(month.first))
    return not done.faults
