"""A busy house: fifty open boards, twenty clerks at work, five bookings a second; and how soon a call is on every board."""

from __future__ import annotations

import asyncio
import html
import re
import time
import uuid
from collections.abc import Coroutine
from dataclasses import dataclass
from random import Random
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore

from bench.measures import contact, wish
from bench.region import HOUSE
from bench.table import Check, Measure
from bench.wire import Answer, Wire
from indgang.foundation.identity.models import Role, User
from indgang.operations.reception.models import Desk

# As many come as the clerks finish with: else the hall fills, and what is measured is another one every minute.
BOARDS, DISPLAYS, BOOKINGS_A_SECOND, TICKETS_A_MINUTE, ARRIVALS_A_MINUTE = 50, 5, 5, 6, 12
BOOKED_WITHIN = 240  # days: one desk does what every way needs, and five minutes book it for months
POLL = 1.5
OPENING = 10  # seconds in which everybody has opened their page; it is not counted, but for the board that took longest
TARGET = 0.150
ON_EVERY_BOARD = 2.0
CALLED, SERVED, RESTS = 10, 30, 10  # seconds: some ten times as fast as people are
OPENED_ANEW = 0.02  # the share of askings after which somebody loads the whole page again
SERVICES = ("siri-eu-residence", "cpr-registration", "tax-card", "mitid")
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
AT_A_DESK = re.compile(rb'id="p-([0-9A-Z-]+)".*?class="s-step">(.*?)</p>', re.DOTALL)
CHECK_IN = re.compile(rb'action="([^"]+/check-in/[^"]*)"')
START, FINISH = re.compile(rb"/start/(\d+)/"), re.compile(rb"/finish/(\d+)/")
REFERENCE = re.compile(rb'class="i-mono">([0-9A-Z-]+)<')
STAMP = re.compile(rb"If-None-Match&quot;: &quot;\\&quot;(\w+)")


class Beat:
    """A page's timer: it asks at its own moments, however long the answers take."""

    def __init__(self) -> None:
        self.due = time.perf_counter()

    async def next(self, until: float = float("inf")) -> None:
        """Wait for the next moment that is still to come, or until then."""
        while self.due <= time.perf_counter():
            self.due += POLL
        await asyncio.sleep(min(self.due, until) - time.perf_counter())


class Load:
    """Everybody at once, and what they met."""

    def __init__(self, port: int, seconds: float) -> None:
        self.port, self.seconds, self.source = port, seconds, Random(7)
        self.until = 0.0
        self.from_when = 0.0
        self.kinds: dict[str, Measure] = {}
        self.opened = Measure("load: fifty boards opened at once", ON_EVERY_BOARD)
        self.calls: list[Called] = []
        self.shown: list[dict[bytes, list[float]]] = []  # by board, when it began to show a party at a desk
        self.refused: list[str] = []

    def note(self, kind: str, answer: Answer, *expected: int) -> Answer:
        """One more request of a kind. An error counts from the beginning, the time it took when everybody has opened their page."""
        measure = self.kinds.setdefault(kind, Measure(f"load: {kind}", TARGET))
        if time.perf_counter() - answer.took >= self.from_when:
            measure.add(answer.took)
        if answer.status not in expected:
            measure.errors += 1
            self.refused.append(f"{kind}: {answer.status} {answer.body[:200]!r}")
        return answer

    async def run(self, boards: list[str], desks: list[tuple[str, str]]) -> None:
        """All of it, for so long: browsers (by their sessions) with a board, and with a desk."""
        self.from_when = time.perf_counter() + OPENING
        self.until = self.from_when + self.seconds
        work: list[Coroutine[Any, Any, None]] = [self.board(session) for session in boards]
        work += [self.display() for _number in range(DISPLAYS)]
        work += [self.clerk(key, session) for key, session in desks]
        work += [self.bookings(), self.tickets(), self.arrivals(boards[0])]
        await asyncio.gather(*work)

    async def phase(self) -> None:
        """People did not open their pages at the same moment."""
        await asyncio.sleep(self.source.random() * POLL)

    async def board(self, session: str) -> None:
        """A board that is open all the time."""
        wire, seen = Wire(self.port, {settings.SESSION_COOKIE_NAME: session}), Seen()
        self.shown.append(seen.began)
        await self.phase()
        beat = Beat()
        page = self.note("board, whole page", await wire.send("GET", f"/board/{HOUSE}/"), 200)
        self.opened.add(page.took)
        stamp = page.fields.get("etag", "")
        while time.perf_counter() < self.until:
            await beat.next()
            answer = await wire.send("GET", f"/board/{HOUSE}/", **{"HX-Request": "true", "If-None-Match": stamp})
            self.note("board asks, nothing new" if answer.status == 304 else "board asks, news", answer, 200, 304)
            stamp = answer.fields.get("etag", stamp)
            if self.source.random() < OPENED_ANEW:
                self.note("board, whole page", await wire.send("GET", f"/board/{HOUSE}/"), 200)
            if answer.status == 200:
                seen.look(answer.body)
        wire.close()

    async def display(self) -> None:
        """The display in the hall."""
        wire, stamp = Wire(self.port), ""
        await self.phase()
        beat = Beat()
        while time.perf_counter() < self.until:
            answer = await wire.send("GET", f"/hall/{HOUSE}/display/", **{"HX-Request": "true", "If-None-Match": stamp or "none"})
            self.note("display asks, nothing new" if answer.status == 304 else "display asks, news", answer, 200, 304)
            stamp = answer.fields.get("etag", stamp)
            await beat.next()
        wire.close()

    async def clerk(self, desk: str, session: str) -> None:
        """Call, start, finish, and the line beside it all the time."""
        wire, path = Wire(self.port, {settings.SESSION_COOKIE_NAME: session}), f"/desks/{HOUSE}/{desk}/"
        await asyncio.sleep(self.source.random() * (CALLED + RESTS))
        page = self.note("desk, whole page", await wire.send("GET", path), 200)
        while time.perf_counter() < self.until:
            served = None if START.search(page.body) else FINISH.search(page.body)
            if served:  # somebody sat there before all this began
                await self.wait(wire, path, page, self.source.random() * SERVED)
                page = await self.press(wire, path, page, f"finish/{served[1].decode()}/", "finish", outcome="done")
            elif not START.search(page.body):
                pressed = time.perf_counter()
                page = await self.press(wire, path, page, "next/", "call")
                reference = REFERENCE.search(page.body)
                if reference and START.search(page.body) and self.from_when < pressed < self.until - 2 * ON_EVERY_BOARD:
                    self.calls.append(Called(reference[1], pressed))
            step = START.search(page.body)
            if step:
                await self.wait(wire, path, page, CALLED)
                page = await self.press(wire, path, page, f"start/{step[1].decode()}/", "start")
                await self.wait(wire, path, page, SERVED)
                page = await self.press(wire, path, page, f"finish/{step[1].decode()}/", "finish", outcome="done")
            await self.wait(wire, path, page, RESTS)
        wire.close()

    async def press(self, wire: Wire, path: str, page: Answer, deed: str, kind: str, **fields: str) -> Answer:
        """A button of the desk page, and the page that follows."""
        token = TOKEN.search(page.body)
        sent = await wire.form(f"{path}{deed}?back=desk", csrfmiddlewaretoken=token[1].decode() if token else "", **fields)
        self.note(f"clerk: {kind}", sent, 302)
        return self.note("desk, whole page", await wire.send("GET", sent.fields.get("location", path)), 200)

    async def wait(self, wire: Wire, path: str, page: Answer, seconds: float) -> None:
        """The line renews itself."""
        found = STAMP.search(page.body)
        stamp, until = f'"{found[1].decode()}"' if found else "none", time.perf_counter() + seconds
        held = re.search(rb"\?at=([\w.]*)", page.body)
        address, beat = f"{path}?at={held[1].decode() if held else ''}", Beat()
        while time.perf_counter() < min(until, self.until):
            await beat.next(until)
            answer = await wire.send("GET", address, **{"HX-Request": "true", "If-None-Match": stamp})
            self.note("desk asks, nothing new" if answer.status == 304 else "desk asks, news", answer, 200, 304)
            stamp = answer.fields.get("etag", stamp)

    async def bookings(self) -> None:
        """So many a second, whether the ones before are through or not."""
        idle: list[Wire] = []
        running: set[asyncio.Task[None]] = set()
        due, number = time.perf_counter(), 0
        while due < self.until:
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            task = asyncio.create_task(self.book(idle, number))
            running.add(task)
            task.add_done_callback(running.discard)
            due, number = due + 1 / BOOKINGS_A_SECOND, number + 1
        await asyncio.gather(*running)
        for wire in idle:
            wire.close()

    async def book(self, idle: list[Wire], number: int) -> None:
        """Somebody plans a way, and books it."""
        wire = idle.pop() if idle else Wire(self.port)
        for attempt in range(3):
            answer, plan = await wire.json("/api/v1/journeys/plan", wish(self.source, within=BOOKED_WITHIN, limit=1))
            self.note("plan for one", answer, 200)
            if answer.status != 200 or not plan["itineraries"]:
                continue
            who = contact(f"load{number}x{attempt}")
            body = {"offer": plan["itineraries"][0]["offer"], "contact": who, "people": [], "consent": True}
            answer, _told = await wire.json("/api/v1/journeys", body, **{"Idempotency-Key": str(uuid.uuid4())})
            self.note("booking", answer, 201, 409)  # 409: somebody else was quicker, and is told so with other times
            if answer.status == 201:
                break
        idle.append(wire)

    async def tickets(self) -> None:
        """People without an appointment."""
        wire = Wire(self.port)
        while time.perf_counter() < self.until:
            body = {"service": self.source.choice(SERVICES), "people": self.source.randrange(1, 4), "language": "en"}
            answer, _told = await wire.json(f"/api/v1/houses/{HOUSE}/tickets", body, **{"Idempotency-Key": str(uuid.uuid4())})
            self.note("ticket", answer, 201)
            await asyncio.sleep(60 / TICKETS_A_MINUTE)
        wire.close()

    async def arrivals(self, session: str) -> None:
        """People with an appointment: the floorwalker checks them in on the board."""
        wire = Wire(self.port, {settings.SESSION_COOKIE_NAME: session})
        while time.perf_counter() < self.until:
            page = self.note("board, whole page", await wire.send("GET", f"/board/{HOUSE}/"), 200)
            found, token = CHECK_IN.search(page.body), TOKEN.search(page.body)
            if found and token:
                sent = await wire.form(html.unescape(found[1].decode()), csrfmiddlewaretoken=token[1].decode())
                self.note("floorwalker: check in", sent, 302)
            await asyncio.sleep(60 / ARRIVALS_A_MINUTE)
        wire.close()


@dataclass(frozen=True)
class Called:
    """A call, and when its button was pressed."""

    reference: bytes
    at: float

    def shown_after(self, board: dict[bytes, list[float]]) -> float:
        """After how many seconds the board showed it; for ever, if it did not."""
        return next((at - self.at for at in board.get(self.reference, []) if at >= self.at), float("inf"))


class Seen:
    """What a board shows of those at a desk."""

    def __init__(self) -> None:
        self.there: set[tuple[bytes, bytes]] = set()
        self.began: dict[bytes, list[float]] = {}

    def look(self, body: bytes) -> None:
        """Note who is there now, or at another desk than before."""
        there = set(AT_A_DESK.findall(body[body.find(b'id="desk"') : body.find(b'id="done"')]))
        for reference, _step in there - self.there:
            self.began.setdefault(reference, []).append(time.perf_counter())
        self.there = there


def _staff(role: Role) -> list[User]:
    return list(User.objects.filter(is_demo=True, memberships__role=role).order_by("id"))


def session_of_a_floorwalker() -> str:
    """A browser that opens the board."""
    return _session(_staff(Role.FLOORWALKER)[0])


def session_of_a_leader() -> str:
    """A browser that opens the statistics."""
    return _session(_staff(Role.LEADER)[0])


def _clerk(desk: Desk) -> User:
    return User.objects.filter(is_demo=True, memberships__role=Role.CLERK, memberships__organisation=desk.organisation_id).order_by("id")[0]


def _session(user: User) -> str:
    """A browser of somebody who has logged in. (Logging in is measured nowhere: it is slow on purpose.)"""
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.save()
    return str(store.session_key)


def measured(port: int, seconds: float) -> list[Measure | Check]:
    """The rows of the table."""
    load = Load(port, seconds)
    walkers = _staff(Role.FLOORWALKER)
    boards = [_session(walkers[number % len(walkers)]) for number in range(BOARDS)]
    desks = [(desk.key, _session(_clerk(desk))) for desk in Desk.objects.filter(house__key=HOUSE)]
    asyncio.run(load.run(boards, desks))
    late = Measure("load: from a call until each board shows it", ON_EVERY_BOARD)
    every = Measure("load: from a call until the last board shows it", ON_EVERY_BOARD)
    for call in load.calls:
        shown = [call.shown_after(board) for board in load.shown]
        late.times += shown
        every.times.append(max(shown))
    booked, wanted = len(load.kinds["booking"].times), int(BOOKINGS_A_SECOND * seconds)
    errors = sum(measure.errors for measure in load.kinds.values())
    requests = sum(len(measure.times) for measure in load.kinds.values())
    seen = f"{errors} in {requests:,} requests" + (f"; {load.refused[0]}" if load.refused else "")
    rows = [load.opened, *(load.kinds[kind] for kind in sorted(load.kinds)), late, every]
    return [
        *(row for row in rows if row.times),
        Check(f"load: bookings in {seconds:.0f} s", f"{wanted}", f"{booked}", booked >= 0.98 * wanted),
        Check(f"load: errors in {seconds:.0f} s", "none", seen, errors == 0),
    ]
