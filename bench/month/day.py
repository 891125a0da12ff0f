"""One day in the house, from the first booking in the morning to the last party in the evening: what happens, at which second."""

from __future__ import annotations

import datetime as dt
import heapq
import re
from collections.abc import Callable
from itertools import count
from random import Random

from bench.month.caller import Broken, Caller, words
from bench.month.house import HOUSE, ZONE, AnyHouse, Desk
from bench.month.ledger import Ledger, Party, Turn
from bench.month.people import MUNICIPALITIES, People
from bench.month.staff import Called, Clerk, expect

SECOND, MINUTE = dt.timedelta(seconds=1), dt.timedelta(minutes=1)
AFTER_HOURS = 75 * MINUTE
OVERRUN = 5  # minutes longer than planned
HOURS = {3: ((9, 0), (12, 0), (12, 30), (17, 30)), 4: ((9, 0), (11, 0), (11, 0), (13, 0))}
USUAL = ((9, 0), (12, 0), (12, 30), (15, 0))
NUMBER = re.compile(r"[Nn]umber is (\d+)")


class Day:
    """The events of a day, each at a second of its own."""

    def __init__(
        self, house: AnyHouse, ledger: Ledger, people: People, source: Random, clerks: dict[str, Clerk], floor: Caller, date: dt.date
    ) -> None:
        self.house, self.ledger, self.people, self.source, self.clerks, self.floor, self.date = (
            house, ledger, people, source, clerks, floor, date,
        )  # fmt: skip
        self._events: list[tuple[dt.datetime, int, Callable[[], None]]] = []
        self._order, self._taken = count(), set[dt.datetime]()
        self.opens, self.lunch, self.back, self.closes = (self.time(*at) for at in HOURS.get(date.weekday(), USUAL))
        self.minutes: dict[str, int] = {}
        self.present: list[Party] = []
        self.by_reference: dict[str, Party] = {}
        self.by_arrival: dict[dt.datetime, Party] = {}
        self.booked_today: set[str] = set()
        for desk in house.desks:
            desk.closed, desk.with_party, desk.looks = False, None, False

    # ------------------------------------------------------------------------------------------------------------------- the clock

    def time(self, hour: int, minute: int = 0) -> dt.datetime:
        """A local time of the day."""
        return dt.datetime.combine(self.date, dt.time(hour, minute), ZONE).astimezone(dt.UTC)

    @property
    def now(self) -> dt.datetime:
        """The played moment."""
        return self.house.clock.now()

    def at(self, moment: dt.datetime, deed: Callable[[], None]) -> None:
        """Something happens at that second or the first free one after it."""
        moment = max(moment, self.now + SECOND).replace(microsecond=0)
        while moment in self._taken:
            moment += SECOND
        self._taken.add(moment)
        heapq.heappush(self._events, (moment, next(self._order), deed))

    def after(self, minutes: float, deed: Callable[[], None]) -> None:
        """Something happens so much later."""
        self.at(self.now + minutes * MINUTE, deed)

    def play(self) -> None:
        """Everything, until nothing more happens; then the floorwalker sees to whoever is left."""
        while self._events:
            moment, _order, deed = heapq.heappop(self._events)
            self.house.clock.move(moment)
            deed()
        self.house.clock.move(self.now + MINUTE)
        self.shuts()

    # ---------------------------------------------------------------------------------------------------------------- who is coming

    def expect(self, party: Party) -> None:
        """Somebody who has booked for today comes about then, late, or not at all."""
        assert party.first, "has a time today"
        self.by_reference[party.reference] = party
        chance = self.source.random()
        if party.group:
            return
        if chance < 0.06:
            self.at(party.first + 25 * MINUTE, lambda: self.misses(party))
        else:
            late = self.source.uniform(8, 22) if chance < 0.14 else self.source.gauss(-6, 4)
            self.at(max(party.first + late * MINUTE, self.opens - 10 * MINUTE), lambda: self.arrives(party))

    def today(self, party: Party) -> bool:
        """Whether they are still expected today."""
        return not party.end and not party.arrived and party.first is not None and party.first.date() == self.date

    def arrives(self, party: Party) -> None:
        """The floorwalker scans their code and checks them in."""
        if not self.today(party):
            return
        assert party.first
        if self.now < party.first - 30 * MINUTE:
            self.at(party.first - 5 * MINUTE, lambda: self.arrives(party))
            return
        if self.source.random() < 0.5:  # by the code on their phone; otherwise by their name on the board
            expect(self.floor.get(f"/c/{party.reference}").status, 200, party.reference)
        page = self.floor.press(f"/journeys/{party.reference}/check-in/?back=code&house={HOUSE}")
        found = NUMBER.search(words(page.text))
        if page.status != 200 or not found:
            raise Broken(f"{party.reference} is not checked in: {page.status} {words(page.text)[:600]}")
        self.is_here(party, int(found[1]))

    def is_here(self, party: Party, number: int) -> None:
        """In the house from now on."""
        party.arrived, party.number = self.now, number
        self.present.append(party)
        self.wakes(party)

    def group_arrives(self, group: str, parties: list[Party]) -> None:
        """An employer's people come together, and are checked in with one click."""
        page = self.floor.press(f"/board/{HOUSE}/groups/{group}/check-in/?back=board")
        here = [party for party in parties if self.today(party)]
        if page.status != 200 or f"{len(here)} part" not in page.told:
            raise Broken(f"the group of {len(here)} is not checked in: {page.status} {page.told}")
        for party in here:
            party.arrived = self.now
            self.is_here(party, self.number_on(page.text, party.reference))

    @staticmethod
    def number_on(board: str, reference: str) -> int:
        """A party's number as the board shows it."""
        row = board[board.index(f'id="p-{reference}"') :]
        found = re.search(r'class="s-number"><span[^>]*>[^<]*</span>(\d+)<', row)
        assert found, f"{reference} has no number on the board"
        return int(found[1])

    def misses(self, party: Party) -> None:
        """The floorwalker notes that they did not come; some come after all."""
        if not self.today(party):
            return
        assert party.first
        if self.now < party.first + 10 * MINUTE:
            self.at(party.first + 20 * MINUTE, lambda: self.misses(party))
            return
        page = self.floor.post(f"/journeys/{party.reference}/no-show/?back=board&house={HOUSE}")
        expect(page.status, 302, page.text)
        self.ledger.missed.add((id(party), self.date))
        party.end = "no-show"
        if self.source.random() < 0.2:
            self.after(15, lambda: self.comes_after_all(party))

    def comes_after_all(self, party: Party) -> None:
        """Too late, and the floorwalker checks them in again."""
        party.end = ""
        self.ledger.missed.discard((id(party), self.date))
        self.ledger.counts["came after all"] += 1
        self.arrives(party)

    def walks_in(self) -> None:
        """Somebody takes a ticket, by the kiosk's screen or by another's program."""
        service = self.source.choice(sorted(self.minutes))
        party = self.people.takes_ticket(service, self.source.choice((1, 1, 1, 2, 3)), by_kiosk=self.source.random() < 0.5)
        self.by_arrival[self.now] = party
        if self.source.random() < 0.06:
            party.leaves = self.now + self.source.uniform(2, 15) * MINUTE
        self.present.append(party)
        self.wakes(party)

    # ---------------------------------------------------------------------------------------------------------------- at the desks

    def wakes(self, party: Party) -> None:
        """The clerks who could serve them look at the line."""
        for desk in self.house.desks:
            if desk.services & set(party.open):
                self.soon(desk, self.source.uniform(0.1, 1))

    def soon(self, desk: Desk, minutes: float) -> None:
        """The clerk is going to look at the line."""
        if desk.looks or desk.with_party or desk.closed:
            return
        desk.looks = True
        moment = max(self.now + minutes * MINUTE, self.opens)
        if self.lunch <= moment < self.back:
            moment = self.back + self.source.uniform(0, 2) * MINUTE
        self.at(moment, lambda: self.looks(desk))

    def looks(self, desk: Desk) -> None:
        """Call the next, if anybody stands in line for this desk."""
        desk.looks = False
        waiting = [party for party in self.present if party.waits and set(party.open) & desk.services]
        if desk.closed or desk.with_party or not waiting or self.now > self.closes + AFTER_HOURS:
            return
        called = self.clerks[desk.key].call_next(desk.key)
        if called is None:
            desk.patience = min(desk.patience * 2, 32)
            self.soon(desk, desk.patience)
            return
        desk.patience = 2
        party = self.who(called)
        if not party.waits or called.service not in party.open:
            raise Broken(f"{desk.key} calls {party} for {called.service}, who does not wait for it")
        party.reference = called.reference
        turn = Turn(called.service, desk.key, called.people, self.now)
        party.turns.append(turn)
        desk.with_party = party
        if party.leaves and self.now > party.leaves:
            self.after(2, lambda: self.calls_again(desk, party, called))
        else:
            self.after(self.source.uniform(0.3, 1.8), lambda: self.sits_down(desk, party, called))

    def who(self, called: Called) -> Party:
        """Who that is, by the code, the moment of arrival or the number: whatever the desk is shown."""
        known = self.by_reference.get(called.reference)
        if known is None and called.arrived:
            known = self.by_arrival.get(dt.datetime.fromisoformat(called.arrived).astimezone(dt.UTC))
        numbered = [party for party in self.present if party.number == called.number]
        found = known or (numbered[0] if numbered else None)
        if found is None or (called.number and found.number != called.number):
            raise Broken(f"nobody in the house is {called}")
        self.by_reference[called.reference] = found
        return found

    def calls_again(self, desk: Desk, party: Party, called: Called) -> None:
        """Nobody has come to the desk."""
        self.clerks[desk.key].call_again(desk.key, called.visit)
        self.after(2, lambda: self.sets_aside(desk, party, called))

    def sets_aside(self, desk: Desk, party: Party, called: Called) -> None:
        """Still nobody: the next one can come. Some were only outside, and come back."""
        self.clerks[desk.key].set_aside(desk.key, called.visit)
        party.turns.pop()
        party.gone, desk.with_party = True, None
        self.ledger.counts["set aside"] += 1
        self.soon(desk, 0.2)
        if self.source.random() < 0.5:
            self.after(10, lambda: self.comes_back(party, called))

    def comes_back(self, party: Party, called: Called) -> None:
        """The floorwalker brings them back into the line."""
        page = self.floor.post(f"/line/{called.visit}/back/?back=board&house={HOUSE}")
        expect(page.status, 302, page.text)
        party.gone, party.leaves = False, None
        self.wakes(party)

    def sits_down(self, desk: Desk, party: Party, called: Called) -> None:
        """The step begins, and takes as long as it takes."""
        self.clerks[desk.key].start(desk.key, called.visit)
        party.turns[-1].started = self.now
        self.says_where_home_is(desk, party, called)
        planned = self.minutes[called.service] * (1 + 0.35 * (called.people - 1))
        real = planned * min(max(self.source.lognormvariate(-0.1, 0.4), 0.4), 3)
        if real > planned + OVERRUN:
            self.ledger.counts["overruns"] += 1
            if real > planned + 15 and party.booked and len(party.open) > 1:
                self.after(planned + 12, lambda: self.moves_the_rest(party))
        chance = self.source.random()
        if not party.booked and chance < 0.07:
            self.after(real / 3, lambda: self.sends_on(desk, party, called))
        else:
            outcome = "documents-missing" if chance > 0.95 else "refused" if chance > 0.94 else "done"
            self.after(real, lambda: self.finishes(desk, party, called, outcome))

    def finishes(self, desk: Desk, party: Party, called: Called, outcome: str) -> None:
        """The step has ended."""
        missing = "A photo from this year" if outcome == "documents-missing" else ""
        note = "The contract is not signed" if outcome == "refused" else ""
        self.clerks[desk.key].finish(desk.key, called.visit, outcome, missing, note)
        self.ends(desk, party, called.service)
        if outcome != "done":
            self.ledger.counts[outcome] += 1
            if party.open:
                self.after(3, lambda: self.moves_the_rest(party, held_up=True))

    def says_where_home_is(self, desk: Desk, party: Party, called: Called) -> None:
        """Four in five of those of whom it is not known; a few are noted wrong first."""
        source = Random(f"{called.reference}:{called.service}")
        if party.municipality or source.random() > 0.8:
            return
        for _time in range(2 if source.random() < 0.2 else 1):
            party.municipality = source.choice([code for code in dict.fromkeys(MUNICIPALITIES) if code != party.municipality])
            self.clerks[desk.key].notes_home(desk.key, called.reference, party.municipality)
        self.ledger.counts["homes noted"] += 1

    def ends(self, desk: Desk, party: Party, service: str) -> None:
        """The desk is free, and they stand in line for what is left."""
        party.turns[-1].ended = self.now
        desk.with_party = None
        if service in party.open:
            party.open.remove(service)
        if party.open:
            self.wakes(party)
        elif not party.end:
            party.end = "later" if party.moved else "served"
        self.soon(desk, self.source.uniform(0.3, 3))

    def sends_on(self, desk: Desk, party: Party, called: Called) -> None:
        """They need something else, at another desk, and keep their place in line."""
        service = self.source.choice(sorted(set(self.minutes) - {turn.service for turn in party.turns} - set(party.open)))
        said = self.clerks[desk.key].send_on(desk.key, called.visit, service)
        if "Sent on" not in said:
            raise Broken(f"not sent on: {said}")
        self.ledger.counts["sent on"] += 1
        party.open.append(service)
        self.ends(desk, party, called.service)

    # ------------------------------------------------------------------------------------------------------------- the floorwalker

    def moves_the_rest(self, party: Party, *, held_up: bool = False) -> None:
        """What is left of a visit is moved as one or stays as it was; the party reads in its letter when it goes on.

        Who lacks a paper (`held_up`) cannot go on today: what still stands for today is cancelled.
        """
        if party.end or not party.open:
            return
        page = self.floor.press(f"/journeys/{party.reference}/move-the-rest/")
        expect(page.status, 200, page.text)
        before = list(party.open)
        self.people.look(party)
        if "Moved the rest" in page.told:
            self.ledger.counts["rest moved"] += 1
        party.moved = party.moved or set(before) != {*party.open, *(turn.service for turn in party.turns if not turn.ended)}
        if party.turns and not party.turns[-1].ended:
            at_desk = party.turns[-1].service
            party.open = [at_desk, *(key for key in party.open if key != at_desk)]
        elif not party.open:
            party.end = "later"
        elif held_up:
            self.sees_off(party)
        else:
            self.wakes(party)

    def sees_off(self, party: Party) -> None:
        """The floorwalker cancels what is left, and they go: the visit as a whole where it was booked, else step by step."""
        if party.booked:
            page = self.floor.post(f"/journeys/{party.reference}/cancel/?back=board&house={HOUSE}")
            expect(page.status, 302, words(page.text))
        else:
            steps = set(re.findall(r"/steps/(\d+)/cancel/", self.floor.get(f"/journeys/{party.reference}/").text))
            if not steps:
                raise Broken(f"{party.reference}: no step can be cancelled")
            for number in sorted(steps):
                expect(self.floor.post(f"/journeys/{party.reference}/steps/{number}/cancel/?back=journey").status, 302, number)
        party.end = "left"
        self.ledger.counts["left"] += 1

    def shuts(self) -> None:
        """The house shuts: whoever still waits is seen off, by the board."""
        left = [party for party in self.present if party.here]
        board = self.floor.get(f"/board/{HOUSE}/").text if left else ""
        for party in left:
            party.reference = party.reference or self.reference_on(board, party.number)
            self.house.clock.move(self.now + SECOND)
            self.sees_off(party)

    @staticmethod
    def reference_on(board: str, number: int) -> str:
        """The code of the row that shows a number."""
        rows = board.split('id="p-')[1:]
        found = [row.split('"')[0] for row in rows if re.search(rf"\bNumber {number}\b", words(row))]
        if not found:
            raise Broken(f"number {number} is not on the board")
        return found[0]
