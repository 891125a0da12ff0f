"""Who comes: newcomers who plan and book from home, by a program, by the public pages or through their employer, and people who wait."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import time
import uuid
from html import unescape
from random import Random
from typing import Any
from urllib.parse import urlencode

from bench.month.caller import Answer, Broken, Caller, local, words
from bench.month.house import HOUSE, ZONE, AnyHouse
from bench.month.ledger import Ledger, Party
from bench.month.staff import expect
from bench.postbox import CODE

KINDS = (("POL", "work"), ("DEU", "study"), ("ROU", "work"), ("IND", "work"), ("UKR", "work"), ("SWE", "work"), ("ESP", "self-employed"))
COUNTRIES = {"POL": "Poland", "DEU": "Germany", "ROU": "Romania"}
MUNICIPALITIES = ("851", "851", "851", "810", "846", "860", "849", "840", "813", "820")
OFFERED_WITHIN = 90  # seconds of the real clock: what has run out is looked for every minute, and the machine may be busy
FIRST = ("Anna", "Jan", "Ewa", "Piotr", "Ines", "Ravi", "Olena", "Luis", "Mira", "Tom", "Sara", "Nils")
LAST = ("Nowak", "Weber", "Popescu", "Rao", "Koval", "Lind", "Garcia", "Silva", "Horvat", "Novak", "Fischer", "Costa")


class People:
    """Everybody who is not staff."""

    def __init__(self, house: AnyHouse, ledger: Ledger, source: Random) -> None:
        self.house, self.ledger, self.source = house, ledger, source
        self.program, self.phone = Caller(house.port), Caller(house.port)
        self.wishes: list[tuple[Party, str]] = []  # who waits, and the number of the wish
        self.number = 0

    def somebody(self, *, people: int = 1, **more: Any) -> Party:
        """A new party, with a name and an address of its own."""
        self.number += 1
        name = f"{self.source.choice(FIRST)} {self.source.choice(LAST)}"
        return Party(name, people, email=f"p{self.number}@example.org", **more)

    def wish(self, day: dt.date, party: Party, adults: int = 1, children: int = 0, **more: Any) -> dict[str, Any]:
        """What a party asks the planner for."""
        citizenship, purpose = self.source.choice(KINDS)
        asked = {"house": HOUSE, "citizenship": citizenship, "purpose": purpose, "municipality": party.municipality, "language": "en"}
        days = {"earliest": day.isoformat(), "latest": day.isoformat()}
        stay = self.source.choice((2, 24, 24))
        return {**asked, **days, "stay_months": stay, "adults": adults, "children": children, **more}

    def books(self, day: dt.date) -> Party | None:
        """A party of one to five plans and books over the API; None when the day is full for it."""
        adults, children = self.source.choice(((1, 0), (1, 0), (1, 0), (1, 0), (2, 0), (2, 1), (2, 2), (1, 1)))
        party = self.somebody(people=adults + children, municipality=self.source.choice(MUNICIPALITIES))
        if adults + children > 1:
            self.ledger.counts["families"] += 1
        return self._book(self.wish(day, party, adults, children), party)

    def books_twice(self, day: dt.date) -> Party | None:
        """Somebody alone who has a visit that day books another, for another time and as if they lived elsewhere."""
        booked = [party for party in self.ledger.parties if party.people == 1 and party.key and party.first and party.first.date() == day]
        for other in booked:
            again = Party(other.name, 1, email=other.email, municipality="820")
            if not other.group and not other.end and self._book(self.wish(day, again, limit=40), again, beside=other):
                self.ledger.counts["come twice"] += 1
                return again
        return None

    def _book(self, wish: dict[str, Any], party: Party, *, beside: Party | None = None, **more: Any) -> Party | None:
        answer = self.program.ask("journeys/plan", wish)
        expect(answer.status, 200, answer.text)
        ways = answer.value["itineraries"]
        if beside and beside.first:
            ways = [way for way in ways if dt.datetime.fromisoformat(way["starts"]) > beside.first + dt.timedelta(minutes=90)]
        if not ways:
            return None
        offer = self.source.choice(ways)["offer"]
        contact = {"name": party.name, "email": party.email, "language": "en"}
        body = {"offer": offer, "contact": contact, "people": [], "consent": True, **more}
        answer = self.program.ask("journeys", body, Idempotency_Key=str(uuid.UUID(int=self.source.getrandbits(128))))
        expect(answer.status, 201, answer.text)
        row = answer.value
        party.reference, party.key = row["reference"], row["key"]
        self.ledger.parties.append(party)
        self.see(party, row)
        party.several = len(party.open) > 1
        return party

    def confirms(self, party: Party) -> None:
        """Types the code of the letter, as the letter asks."""
        code = self.house.postbox.found(party.email, CODE)
        page = self.phone.post(f"/arrival/{party.reference}/code", key=party.key, code=code)
        if page.status != 302:
            raise Broken(f"{party.reference}: the code {code} is not taken: {words(page.text)[:400]}")

    def books_by_pages(self, day: dt.date) -> Party | None:
        """Somebody alone goes through the public pages, without scripts."""
        browser = Caller(self.house.port)
        party = self.somebody(municipality="851")
        answers = {"citizenship": "POL", "purpose": "work", "stay": "24", "municipality": "851", "adults": "1", "children": "0"}
        query = urlencode({**answers, "date": day.isoformat(), "language": "en"})
        offers = re.findall(r'name="choose" value="([^"]+)"', browser.get(f"/arrive/plan?{query}").text)
        if not offers:
            return None
        page = browser.press(f"/arrive/book?{query}", choose=offers[0])
        contact = {"name": party.name, "email": party.email, "phone": "", "consent": "on"}
        page = browser.post(f"/arrive/book?{query}", **contact, offer=hidden(page, "offer"), token=hidden(page, "token"))
        expect(page.status, 302, words(page.text))
        party.reference = page.location.split("/arrival/")[1].split("/")[0]
        page = browser.post(f"/arrival/{party.reference}/code", code=self.house.postbox.found(party.email, CODE))
        expect(page.status, 302, words(page.text))
        self.ledger.parties.append(party)
        self.knows_from_letter(party)
        return party

    def knows_from_letter(self, party: Party) -> None:
        """Opens what the letter links to."""
        party.key = self.house.postbox.found(party.email, r"/arrival/\S+\?key=(\S+)")
        self.look(party)
        party.several = len(party.open) > 1

    def look(self, party: Party) -> dict[str, Any]:
        """What the house says of a party to whoever holds its key."""
        answer = self.program.ask(f"journeys/{party.reference}?key={party.key}", method="GET")
        expect(answer.status, 200, answer.text)
        row: dict[str, Any] = answer.value
        self.see(party, row)
        return row

    def see(self, party: Party, row: dict[str, Any]) -> None:
        """Note what is still to be done, and when the first of it is."""
        today = self.house.clock.now().astimezone(ZONE).date()
        planned = [step for step in row["appointments"] if step["status"] in ("planned", "waiting") and step["starts"]]
        if not party.here:
            party.first = min((dt.datetime.fromisoformat(step["starts"]) for step in planned), default=None)
        party.people = row["people"]
        day = today if party.here else party.first.date() if party.first else None
        party.open = [step["service"] for step in planned if dt.datetime.fromisoformat(step["starts"]).date() == day]

    def cancels(self, party: Party) -> None:
        """Calls it off with the key of the confirmation."""
        answer = self.program.ask(f"journeys/{party.reference}/cancel?key={party.key}")
        expect(answer.status, 200, answer.text)
        party.end = "cancelled"
        self.ledger.counts["cancelled"] += 1

    # --------------------------------------------------------------------------------------------------------- with an interpreter

    def wants_interpreter(self, day: dt.date) -> Party | None:
        """The sign language interpreter is there one morning a week: whoever finds no time leaves a wish on the waiting list."""
        party = self.somebody(municipality="851")
        wish = self.wish(day, party, interpreter="dsl", stay_months=24, citizenship="POL", purpose="work")
        booked = self._book(wish, party)
        if booked:
            return booked
        contact = {"name": party.name, "email": party.email, "language": "en"}
        answer = self.program.ask("waiting", {"wish": wish, "contact": contact, "consent": True}, Idempotency_Key=party.email)
        expect(answer.status, 201, answer.text)
        number = answer.value["id"]
        key = self.house.postbox.found(party.email, r"/waiting/\S+\?key=(\S+)")
        answer = self.program.ask(f"waiting/{number}/confirm?key={key}")
        expect(answer.status, 200, answer.text)
        self.wishes.append((party, number))
        self.ledger.counts["wishes"] += 1
        return None

    def lets_offer_go(self) -> None:
        """Whoever of them gets the letter with an offer first leaves it: after ten minutes it goes to the next, and cannot be taken."""
        party, number = self._offered()
        path = self._accepting(party, number)
        self.wishes.remove((party, number))
        self.house.clock.move(self.house.clock.now() + dt.timedelta(minutes=10))
        self.house.minute()
        self._offered()
        late = self.program.ask(path)
        expect(late.status, 409, late.text)
        self.ledger.counts["offers that ran out"] += 1

    def takes_offer(self) -> Party | None:
        """Whoever of them gets the letter with an offer first takes it, and cannot take it twice; None when nobody waits."""
        if not self.wishes:
            return None
        party, number = self._offered()
        path = self._accepting(party, number)
        answer, again = self.program.ask(path), self.program.ask(path)
        expect(answer.status, 200, answer.text)
        expect(again.status, 409, again.text)
        party.reference = answer.value["reference"]
        self.wishes.remove((party, number))
        self.ledger.parties.append(party)
        self.house.postbox.found(party.email, rf"(/arrival/{party.reference})")
        self.knows_from_letter(party)
        self.ledger.counts["offers taken"] += 1
        return party

    def _accepting(self, party: Party, number: str) -> str:
        """The address that takes the offer of the letter."""
        offer = self.house.postbox.found(party.email, r"/waiting/\S+/offer/([0-9a-f-]+)/\?key=")
        key = self.house.postbox.found(party.email, rf"/waiting/{number}/\?key=(\S+)")
        return f"waiting/{number}/offers/{offer}/accept?key={key}"

    def _offered(self) -> tuple[Party, str]:
        """Whose wish has an offer, as soon as one has."""
        until = time.monotonic() + OFFERED_WITHIN
        while time.monotonic() < until:
            for party, number in self.wishes:
                try:
                    self.house.postbox.found(party.email, r"(/waiting/\S+/offer/)", seconds=0.1)
                except TimeoutError:
                    continue
                return party, number
        raise Broken(f"nobody of {len(self.wishes)} is offered the place that became free")

    # ------------------------------------------------------------------------------------------------------------------ employers

    def employer_books(self, day: dt.date, count: int, *, by_spreadsheet: bool = False) -> list[Party]:
        """An HR contact asks for a link, names several people, looks at what is proposed and books it.

        With one form, where all must have a time; or with a spreadsheet, where all but one must.
        """
        browser, self.number = Caller(self.house.port), self.number + 1
        email = f"hr{self.number}@example.org"
        company = {"company": f"Company {self.number} A/S", "cvr": "", "name": "Hanne Riis", "email": email, "consent": "on"}
        expect(browser.post("/employers/", **company).status, 200, "employers")
        group = self.house.postbox.found(email, r"(/employers/\S+\?key=\S+)")
        number = group.split("/")[2]
        browser.get(group)
        people = [self.somebody(municipality="851", group=number) for _one in range(count)]
        for party, letter in zip(people, "ABCDEFGH", strict=False):
            party.name = f"{party.name} {letter}"
        _name_them(browser, f"/employers/{number}/people", people, by_spreadsheet=by_spreadsheet)
        wishes = {"first_day": day.isoformat(), "last_day": day.isoformat(), "minutes_apart": "0", "same_day": "any"}
        needed = {"book_when": "at-least", "at_least": str(count - 1)} if by_spreadsheet else {"book_when": "all", "at_least": "1"}
        page = browser.press(f"/employers/{number}/times", **wishes, **needed)
        if 'name="shown"' not in page.text or (not by_spreadsheet and "No time is free" in page.text):
            return []
        page = browser.press(f"/employers/{number}/preview", shown=hidden(page, "shown"))
        [header, *rows] = _table(browser.get(f"/employers/{number}/group.csv"))
        named = {row[header.index("Name")] for row in rows if row[header.index("Date")]}
        booked = [party for party in people if party.name in named]
        if len(booked) < (count - 1 if by_spreadsheet else count) or f"{len(booked)} visits are booked" not in words(page.text):
            raise Broken(f"the group is not booked: {words(page.text)[:600]}")
        for party in booked:
            party.reference = self.house.postbox.found(party.email, r"/arrival/([^/?\s]+)/?\?key=")
            self.ledger.parties.append(party)
            self.knows_from_letter(party)
        self.ledger.counts["employees from spreadsheets" if by_spreadsheet else "employees"] += len(booked)
        return booked

    # -------------------------------------------------------------------------------------------------------------------- tickets

    def takes_ticket(self, service: str, people: int, *, by_kiosk: bool) -> Party:
        """Somebody walks in: at the kiosk's screen, or where the kiosk is a program of its own."""
        once = str(uuid.UUID(int=self.source.getrandbits(128)))
        lives = "" if by_kiosk else Random(once).choice((*MUNICIPALITIES, ""))  # the kiosk does not ask
        party = Party("", people, lives, booked=False, open=[service], arrived=self.house.clock.now())
        if by_kiosk:
            page = self.phone.post(f"/hall/{HOUSE}/?language=en", services=[service], people=str(people), once=once)
            expect(page.status, 302, words(page.text))
            path = local(page.location, "/")
            party.number, party.key = int(path.split("/taken/")[1].split("/")[0]), path.split("key=")[1].split("&")[0]
        else:
            wanted = {"service": service, "people": people, "language": "en", "municipality": lives}
            answer = self.program.ask(f"houses/{HOUSE}/tickets", wanted, Idempotency_Key=once)
            expect(answer.status, 201, answer.text)
            if self.source.random() < 0.2:  # the answer was lost, so it asks again
                again = self.program.ask(f"houses/{HOUSE}/tickets", wanted, Idempotency_Key=once)
                if again.value["number"] != answer.value["number"]:
                    raise Broken("one request, two tickets")
            party.number, party.key = answer.value["number"], answer.value["key"]
        self.ledger.parties.append(party)
        self.ledger.counts["walk-ins"] += 1
        return party

    def ticket(self, party: Party) -> dict[str, Any]:
        """What the phone shows."""
        answer = self.program.ask(f"tickets/{party.number}?key={party.key}", method="GET")
        expect(answer.status, 200, answer.text)
        row: dict[str, Any] = answer.value
        return row


def _name_them(browser: Caller, path: str, people: list[Party], *, by_spreadsheet: bool) -> None:
    """In the rows of the form, or in a spreadsheet with the columns of the house's own."""
    fields = {"all-purpose": "work", "all-stay": "2", "all-municipality": "851", "all-language": "en"}
    if by_spreadsheet:
        [header, *_example] = _table(browser.get("/employers/template.csv?language=en"))
        rows = [{"Name": party.name, "E-mail": party.email, "Citizenship": "Poland"} for party in people]
        lines = [header, *([row.get(title, "") for title in header] for row in rows)]
        page = browser.hand_in(path, "people.csv", "\r\n".join(";".join(line) for line in lines), upload="1", **fields)
    else:
        for place, party in enumerate(people, 1):
            fields |= {f"p{place}-name": party.name, f"p{place}-email": party.email, f"p{place}-citizenship": "Poland"}
        page = browser.press(path, **fields, rows=str(len(people)))
    if f"{len(people)} people added" not in words(page.text):
        raise Broken(f"the group has not been taken: {words(page.text)[:600]}")


def _table(file: Answer) -> list[list[str]]:
    """The rows of a spreadsheet that the house gives out."""
    return list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff")), delimiter=";"))


def hidden(page: Answer, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'type="hidden" name="{name}" value="([^"]*)"', page.text)
    if not found:
        raise Broken(f"no hidden {name}: {words(page.text)[:400]}")
    return unescape(found[1])
