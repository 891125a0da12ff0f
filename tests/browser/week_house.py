"""The house of a week: Monday to Friday, a made-up register of companies, who works there, and what they played."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from playwright.sync_api import Browser
from tests.browser import day_staff
from tests.browser.day_house import House, opened_house
from tests.browser.day_staff import Colleague
from tests.browser.day_window import Seen, Window
from tests.browser.week_played import Played
from tests.browser.week_tables import ELSEWHERE, HUB, IHND, OFFICE, Company, register

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (dt.date(2026, 12, day) for day in (7, 8, 9, 10, 11))
TITLES = {  # as the region's files name them, in Danish and in English
    HUB: ("Erhvervshus Nordjylland", "Business Hub North Jutland (Erhvervshus Nordjylland)"),
    OFFICE: ("Erhvervskontoret i Aalborg Kommune", "Business office in Aalborg"),
    ELSEWHERE: ("Erhvervskontoret i Hjørring Kommune", "Business office in Hjørring"),
}

PEOPLE = {
    "hub": (Colleague("Mette Holm", "mette@hub.example", HUB, "consultant"), "da"),
    "office": (Colleague("Bo Lund", "bo@office.example", OFFICE, "consultant"), "en"),
    "green": (Colleague("Sif Ravn", "sif@miljoe.example", "miljoe-aalborg", "consultant"), "da"),
    "early": (Colleague("Eva Wind", "eva@hub.example", HUB, "early-warning"), "en"),
    "leader": (Colleague("Lars Toft", "lars@hub.example", HUB, "leader"), "da"),
    "reader": (Colleague("Rie Bak", "rie@region.example", "region-nordjylland", "reader"), "en"),
    "operator": (Colleague("Aksel Dam", "aksel@ihnd.example", IHND, "administrator"), "en"),
}


@dataclass
class Week:
    """The served house, the day it is, and the windows of those who work in it."""

    house: House
    chromium: Browser
    seen: Seen
    windows: dict[str, Window] = field(default_factory=dict)
    played: Played = field(default_factory=lambda: Played(register()))
    addresses: dict[str, str] = field(default_factory=dict)  # of companies, by name

    @property
    def companies(self) -> dict[str, Company]:
        """The companies by name."""
        return self.played.companies

    def at_work(self, who: str, size: dict[str, int] | None = None) -> Window:
        """The window of somebody; on their first day they log in."""
        if who not in self.windows:
            colleague, language = PEOPLE[who]
            self.windows[who] = day_staff.starts_work(self.chromium, self.house, colleague, language, self.seen, size=size)
        return self.windows[who]

    def visitor(self, language: str, size: dict[str, int], *, scripts: bool = True) -> Window:
        """Somebody who is no colleague."""
        return Window(self.chromium, self.house.address, language, self.seen, size=size, scripts=scripts)

    def title(self, organisation: str, window: Window) -> str:
        """An organisation as somebody's pages name it."""
        return TITLES[organisation][window.language == "en"]

    def begin(self, day: dt.date) -> None:
        """The next morning. A page that asks again would miss the house meanwhile."""
        for window in self.windows.values():
            window.page.goto("about:blank")
        self.house.go_on_at(morning_of(day))


def morning_of(day: dt.date) -> dt.datetime:
    """Half past eight."""
    return dt.datetime(day.year, day.month, day.day, 8, 30, tzinfo=dt.timezone(dt.timedelta(hours=1)))


@contextmanager
def opened_week(chromium: Browser) -> Iterator[Week]:
    """A Monday morning in a house in which everybody has an account."""
    with opened_house(morning_of(MONDAY)) as house:
        all_there = day_staff.engage(house, [one for one, _language in PEOPLE.values()])
        all_there()
        yield Week(house, chromium, Seen())
        assert house.close() == 0
        assert "Traceback" not in house.said()
