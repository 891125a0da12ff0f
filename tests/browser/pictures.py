"""The pictures of the README: a demonstration on a weekday morning, walked through in a browser. `scripts/pictures` runs this."""

from __future__ import annotations

import datetime as dt
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Page
from tests.browser.browser import browser, open_page
from tests.browser.png import smaller

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "pictures"
PHONE = {"width": 390, "height": 980}
DESKTOP = {"width": 1180, "height": 860}
TIME = dt.time(10, 15)
PATIENCE = 300  # seconds for a demonstration to be made
FAMILY = {
    "citizenship": "DEU",
    "purpose": "work",
    "stay": "24",
    "municipality": "851",
    "adults": "2",
    "children": "1",
    "language": "en",
}
FLOORWALKER, CLERK = "floorwalker@ihnd.example", "clerk1@borgerservice-aalborg.example"
CONSULTANT, LEADER = "consultant@erhvervshus-nordjylland.example", "leader@erhvervshus-nordjylland.example"
PASSWORD = "welcome to the house"


def busy_morning() -> dt.datetime:
    """A quarter past ten on the next Tuesday."""
    today = dt.datetime.now(ZoneInfo("Europe/Copenhagen")).date()
    tuesday = today + dt.timedelta(days=(1 - today.weekday()) % 7)
    return dt.datetime.combine(tuesday, TIME, ZoneInfo("Europe/Copenhagen"))


@contextmanager
def demonstration(moment: dt.datetime) -> Iterator[str]:
    """A served demonstration in a home of its own, at that moment; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="indgang-pictures-") as home:
        Path(home).chmod(0o755)
        taken_out = ("DATABASE_URL", "INDGANG_URL", "INDGANG_CLOCK_SINCE")
        settings = {name: value for name, value in os.environ.items() if name not in taken_out}
        settings |= {"INDGANG_HOME": home, "INDGANG_CLOCK": moment.isoformat()}
        program = Path(sys.executable).parent / "indgang"
        served = subprocess.Popen([program, "serve", "--demo", "--port", str(port)], env=settings)
        try:
            wait_for(address, served)
            yield address
        finally:
            served.terminate()
            served.wait(30)


def wait_for(address: str, served: subprocess.Popen[bytes]) -> None:
    """Until the front page answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if served.poll() is not None:
            raise SystemExit("The demonstration could not be served; the lines above say why.")
        try:
            with urllib.request.urlopen(f"{address}/demo/", timeout=20):
                return
        except OSError:
            time.sleep(1)
    raise SystemExit("The demonstration was not ready in time.")


def take(page: Page, name: str) -> None:
    """Write what the window shows."""
    page.wait_for_load_state("load")
    page.evaluate("document.activeElement.blur()")
    (FOLDER / name).write_bytes(smaller(page.screenshot()))


def newcomer(chromium: Browser, address: str, moment: dt.datetime) -> None:
    """A family plans, books a visit for the same day, confirms its address and looks at it."""
    page = open_page(chromium, address, size=PHONE)
    page.goto("/arrive/?q=purpose&citizenship=DEU")
    take(page, "plan-my-arrival.png")
    answers = "&".join(f"{name}={value}" for name, value in {**FAMILY, "date": moment.date().isoformat()}.items())
    page.goto(f"/arrive/plan?{answers}")
    take(page, "your-plan.png")
    page.get_by_role("button", name="Book this visit").click()
    page.locator("[name=name]").fill("Lena Hoffmann")
    for number, companion in enumerate(page.locator("[name^=person]").all()):
        companion.fill(["Jonas Hoffmann", "Mia Hoffmann"][number])
    page.locator("[name=email]").fill("lena@example.org")
    page.locator("[name=consent]").check()
    page.get_by_role("button", name="Confirm the booking").click()
    page.wait_for_url("**/arrival/**")
    page.locator("[name=code]").fill(code_in_the_letter(chromium, address))
    page.get_by_role("button", name="Confirm", exact=True).click()
    page.wait_for_load_state("load")
    page.goto(page.url.split("?")[0].split("#")[0])
    take(page, "my-arrival.png")


def code_in_the_letter(chromium: Browser, address: str) -> str:
    """The six digits that the newest letter to the family holds."""
    page = open_page(chromium, address)
    page.goto("/demo/mail/")
    page.get_by_role("row").filter(has_text="lena@example.org").first.get_by_role("link").click()
    found = re.search(r"\b\d{6}\b", page.locator("main").inner_text())
    if found is None:
        raise SystemExit("The letter of the demonstration holds no code.")
    return found[0]


def log_in(chromium: Browser, address: str, email: str) -> Page:
    """A colleague at a desk, logged in with the code that the demonstration shows."""
    page = open_page(chromium, address, size=DESKTOP)
    page.goto("/account/login/")
    page.locator("[name=login]").fill(email)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/account/codes/enter/**")
    for _attempt in range(3):  # a code may change between reading and typing it
        codes = open_page(chromium, address)
        codes.goto("/demo/")
        page.locator("[name=code]").fill(codes.get_by_role("row").filter(has_text=email).first.locator("code").inner_text())
        with page.expect_navigation():
            page.keyboard.press("Enter")
        if "/account/" not in page.url:
            return page
    raise SystemExit(f"{email} could not log in: {page.locator('main').inner_text()}")


def colleagues(chromium: Browser, address: str) -> None:
    """The board, the card of somebody who is at a desk, and that of a clerk who serves somebody."""
    page = log_in(chromium, address, FLOORWALKER)
    page.goto("/board/")
    take(page, "board.png")
    page.locator("#desk ~ ul .s-name a").first.click()
    page.locator(".s-people a").first.click()
    page.wait_for_url("**/people/**")
    take(page, "person.png")
    page = log_in(chromium, address, CLERK)
    page.goto("/desks/?choose=1")
    page.locator("[data-row]").filter(has_text="At the desk").first.get_by_role("link").click()
    page.locator(".s-finish").wait_for()
    take(page, "desk.png")


def companies(chromium: Browser, address: str) -> None:
    """The page of a company that the hub guides, and the figures of guidance by category and municipality."""
    page = log_in(chromium, address, CONSULTANT)
    page.goto("/guidance/?whose=all")
    page.locator("main a[href^='/guidance/courses/']").nth(4).click()
    page.wait_for_url("**/guidance/courses/**")
    page.locator("main a[href^='/companies/']").first.click()
    page.wait_for_url("**/companies/**")
    take(page, "company.png")
    page = log_in(chromium, address, LEADER)
    page.goto("/guidance/figures/")
    page.evaluate("document.getElementById('municipality').scrollIntoView()")
    take(page, "figures.png")


def main() -> None:
    """Make them all anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    moment = busy_morning()
    with demonstration(moment) as address, browser() as chromium:
        newcomer(chromium, address, moment)
        colleagues(chromium, address)
        companies(chromium, address)


if __name__ == "__main__":
    main()
