"""A clerk at a desk: the buttons of its page, or the calls of a program with a token."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from bench.month.caller import Broken, Caller, words
from bench.month.house import HOUSE

START = re.compile(r"/start/(\d+)/")
NUMBER = re.compile(r"<h1[^>]*>(?:<[^>]*>)*Number\D*(\d+)")
REFERENCE = re.compile(r'class="i-mono">([0-9A-Z-]+)<')
ERRAND = re.compile(r'class="s-errand">([^<]+)<')
PEOPLE = re.compile(r'class="s-person-facts[^"]*">\s*<span>(\d+) ')


@dataclass(frozen=True)
class Called:
    """Who was called to a desk, as the clerk sees it."""

    visit: int
    number: int
    reference: str
    service: str
    people: int
    arrived: str = ""


class Clerk:
    """At a desk, by its page or by a program with a token."""

    def __init__(self, browser: Caller, titles: dict[str, str], *, program: Caller | None = None) -> None:
        self.browser, self.titles, self.program = browser, titles, program

    def call_next(self, desk: str) -> Called | None:
        """Press "Call next": who comes, or nobody."""
        if self.program:
            answer = self.program.ask(f"desks/{desk}/next")
            if answer.status == 204:
                return None
            expect(answer.status, 200, answer.text)
            row = answer.value
            return Called(row["id"], 0, row["reference"], row["service"], row["people"], row["arrived"])
        page = self.browser.press(f"/desks/{HOUSE}/{desk}/next/?back=desk")
        expect(page.status, 200, page.text)
        step = START.search(page.text)
        if not step:
            return None
        number, reference, errand, people = (found.search(page.text) for found in (NUMBER, REFERENCE, ERRAND, PEOPLE))
        assert number and reference and errand and people, words(page.text)
        service = self.titles[unescape(errand[1]).strip()]
        return Called(int(step[1]), int(number[1]), reference[1], service, int(people[1]))

    def start(self, desk: str, visit: int) -> None:
        """They sit down."""
        self._press(desk, visit, "start")

    def finish(self, desk: str, visit: int, outcome: str, missing: str = "", note: str = "") -> None:
        """It has ended."""
        if self.program:
            told = {"outcome": outcome, "missing": [missing] if missing else [], "note": note}
            answer = self.program.ask(f"visits/{visit}/finish", told)
            expect(answer.status, 200, answer.text)
            return
        more = {"other": missing} if missing else {"reason": note} if note else {}
        self._press(desk, visit, "finish", outcome=outcome, **more)

    def call_again(self, desk: str, visit: int) -> None:
        """They have not come."""
        page = self.browser.post(f"/desks/{HOUSE}/{desk}/call-again/{visit}/?back=desk")
        expect(page.status, 302, page.text)

    def notes_home(self, desk: str, reference: str, municipality: str) -> None:
        """They say where they live."""
        page = self.browser.press(f"/journeys/{reference}/municipality/?back=desk&house={HOUSE}&desk={desk}", municipality=municipality)
        expect(page.status, 200, page.text)

    def set_aside(self, desk: str, visit: int) -> None:
        """They do not come: the next one can."""
        page = self.browser.post(f"/line/{visit}/aside/?back=desk&house={HOUSE}&desk={desk}")
        expect(page.status, 302, page.text)

    def send_on(self, desk: str, visit: int, service: str) -> str:
        """They need something else; gives what the page says."""
        page = self.browser.press(f"/desks/{HOUSE}/{desk}/send-on/{visit}/?back=desk", service=service)
        expect(page.status, 200, page.text)
        return page.told

    def _press(self, desk: str, visit: int, deed: str, **fields: str) -> None:
        if self.program and deed == "start":
            answer = self.program.ask(f"visits/{visit}/start")
            expect(answer.status, 200, answer.text)
            return
        answer = self.browser.post(f"/desks/{HOUSE}/{desk}/{deed}/{visit}/?back=desk", **fields)
        expect(answer.status, 302, words(answer.text))


def expect(status: int, wanted: int, text: str) -> None:
    """What an outsider may rely on."""
    if status != wanted:
        raise Broken(f"answered {status}, not {wanted}: {text[:600]}")
