"""What a leader does: sets colleagues at desks, notes who is away, closes what has nobody and moves whom that meets, in one action."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

from bench.month.caller import Answer, Broken, Caller, words
from bench.month.house import HOUSE
from bench.month.people import hidden
from bench.month.staff import expect


class Leader:
    """Of the house's host."""

    def __init__(self, browser: Caller) -> None:
        self.browser = browser

    def seats(self, desk: str, name: str, day: dt.date) -> None:
        """Somebody sits at a desk from that day on, Monday to Friday."""
        path = f"/hours/{HOUSE}/desks/{desk}/roster/"
        officer = _option(self.browser.get(path), name)
        page = self.browser.press(path, officer=officer, weekdays=list("01234"), valid_from=day.isoformat())
        if f"{name} sits at" not in words(page.text):
            raise Broken(f"{name} is not seated at {desk}: {words(page.text)[:600]}")

    def notes_absence(self, name: str) -> int:
        """Somebody is away for the rest of today: their desk is closed and its bookings are moved; gives how many visits were met."""
        officer = _option(self.browser.get(f"/hours/{HOUSE}/away/"), name)
        page = self.browser.press(f"/hours/{HOUSE}/away/today/", officer=officer)
        gaps = re.findall(r'name="gap" value="([^"]+)"', page.text)
        if not gaps:
            raise Broken(f"nothing is proposed for the absence of {name}: {words(page.text)[:600]}")
        return self._agrees(self.browser.press(f"/hours/{HOUSE}/nobody/close/", gap=unescape(gaps[0])))

    def closes(self, desk: str) -> int:
        """Nobody can sit there for the rest of today; gives how many visits were met."""
        return self._agrees(self.browser.press(f"/desks/{HOUSE}/{desk}/close/"))

    def _agrees(self, page: Answer) -> int:
        """Takes the first time that is proposed to each, as the page comes."""
        expect(page.status, 200, page.text)
        if 'name="change"' not in page.text:
            if "closed" not in words(page.text).lower():
                raise Broken(f"nothing was closed: {words(page.text)[:600]}")
            return 0
        fields = dict.fromkeys(re.findall(r'name="(choice-[^"]+)"', page.text), "")
        for name in fields:
            chosen = re.search(rf'name="{name}"[^>]*value="([^"]*)"[^>]*checked', page.text)
            fields[name] = unescape(chosen[1]) if chosen else ""
        page = self.browser.press(f"/hours/{HOUSE}/save/", change=hidden(page, "change"), back="", **fields)
        if page.status != 200 or not ("new time" in page.told or "still ha" in page.told or "Closed" in page.told or "closed" in page.told):
            raise Broken(f"the closing is not saved: {page.status} {page.told}")
        return len(fields)


def _option(page: Answer, name: str) -> str:
    found = re.search(rf'<option value="(\d+)"[^>]*>\s*{re.escape(name)}', page.text)
    if not found:
        raise Broken(f"{name} cannot be chosen: {page.status} {words(page.text)[:400]}")
    return found[1]
