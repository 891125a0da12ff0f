"""The house's staff of the day: they log in with password and one-time code, receive, serve, refuse, and see what they may see."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Browser, Locator
from tests.browser.day_house import INDGANG, PATIENCE, House, until
from tests.browser.day_window import Seen, Window

PASSWORD = "three words nobody said"


@dataclass(frozen=True)
class Colleague:
    """Somebody who works in the house."""

    name: str
    email: str
    organisation: str
    role: str


def engage(house: House, colleagues: list[Colleague]) -> Callable[[], None]:
    """Accounts, made on the command line, several at a time; what is given back waits until they are there."""
    options = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "env": house.environment}
    facts = [["--organisation", one.organisation, "--role", one.role, "--name", one.name] for one in colleagues]
    commands = [[INDGANG, "user", "create", one.email, *more, "--password-stdin"] for one, more in zip(colleagues, facts, strict=True)]
    started = [subprocess.Popen(command, **options) for command in commands]  # type: ignore[call-overload]
    for process in started:
        process.stdin.write(PASSWORD)
        process.stdin.close()

    def all_there() -> None:
        said = [process.stdout.read() for process in started]
        assert [process.wait(PATIENCE) for process in started] == [0] * len(started), said
        for process in started:
            process.stdout.close()

    return all_there


def one_time_code(secret: str) -> str:
    """What an authenticator app shows for the secret now (RFC 6238)."""
    until(lambda: time.time() % 30 < 25)  # not a code that is about to change
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    start = digest[-1] & 15
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def starts_work(
    chromium: Browser,
    house: House,
    colleague: Colleague,
    language: str,
    seen: Seen,
    password: str = PASSWORD,
    size: dict[str, int] | None = None,
) -> Window:
    """The first login: password, then setting up the one-time codes, which nobody gets past."""
    window = Window(chromium, house.address, language, seen, size=size)
    window.go("/my-day/")
    assert "/account/login/" in window.page.url
    gives_password(window, colleague.email, password)
    assert window.heading == window.t("Set up one-time codes")
    window.go("/my-day/")
    assert window.heading == window.t("Set up one-time codes")
    secret = window.main.locator("code").inner_text()
    window.write(window.main.locator("[name=code]"), one_time_code(secret))
    window.push("Turn on")
    assert window.heading == window.t("Recovery codes")
    window.go("/my-day/")
    assert colleague.name.split()[0] in window.heading
    return window


def gives_password(window: Window, email: str, password: str) -> None:
    """On the login page."""
    window.write(window.main.locator("[name=login]"), email)
    window.write(window.main.locator("[name=password]"), password)
    window.push("Log in")


# ------------------------------------------------------------------------------------------------------------------ the floorwalker


def to_the_board(window: Window) -> None:
    """The only house's board."""
    window.menu("Board")


def scans(window: Window, code: str) -> None:
    """The scanner types into the field that has the focus already, and ends with Enter."""
    to_the_board(window)
    window.page.wait_for_function("() => document.activeElement.id === 'find'")
    window.page.keyboard.type(code)
    window.key("Enter")


def undoes(window: Window) -> None:
    """The way back beside what has just been done."""
    window.press(window.page.locator("#messages").get_by_role("button", name=window.t("Undo")))


def receives(window: Window, code: str, name: str) -> None:
    """Checks in by the code, takes it back, checks in again; the same with the information package."""
    scans(window, code)
    assert name in window.messages
    assert group_of(window, name) == "here"
    undoes(window)
    assert group_of(window, name) == "expected"
    window.go(code)
    window.push("Check in")
    scans(window, code)
    assert window.says("%(party)s: checked in already.", party=name)
    window.press_here(window.named("button", "Give package", of=name), "Information package handed out: %(party)s.", party=name)
    undoes(window)
    window.press_here(window.named("button", "Give package", of=name), "Information package handed out: %(party)s.", party=name)


def group_of(window: Window, name: str) -> str:
    """Where on the board the party stands: here, desk, expected, done or away."""
    row = window.main.locator("section", has=window.page.get_by_role("link", name=name, exact=True)).last
    return str(row.get_attribute("aria-labelledby"))


def to_the_visit(window: Window, name: str) -> None:
    """From the board to everything about a party."""
    to_the_board(window)
    window.press(window.main.get_by_role("link", name=name, exact=True))
    assert window.heading == name


def misses(window: Window, name: str) -> None:
    """Notes that a party did not come; they come after all and leave again; then the floorwalker cancels the visit for them."""
    to_the_visit(window, name)
    window.push("Did not come")
    undoes(window)
    window.push("Did not come")
    to_the_board(window)
    assert group_of(window, name) == "away"
    window.press_here(window.named("button", "Check in", of=name), "Their number is %(number)s.")
    assert group_of(window, name) == "here"
    undoes(window)
    to_the_board(window)
    assert group_of(window, name) == "away"
    window.press_here(window.named("button", "Check in", of=name), "Their number is %(number)s.")
    to_the_visit(window, name)
    window.open("Cancel the whole visit")
    window.push("Cancel the visit")


def takes_in(window: Window, name: str) -> str:
    """Somebody stands there without a booking: a new party, a further step for the same day, and one step less."""
    to_the_board(window)
    window.follow("New party")
    window.push("Show times")
    assert window.page.title().startswith(window.t("Error:"))
    window.write(window.main.locator("[name=name]"), name)
    window.select(window.main.locator("[name=citizenship]"), {"da": "Indien", "en": "India"}[window.language])
    window.select(window.main.locator("[name=municipality]"), "Thisted")
    window.push("Show times")
    window.press(first_offer(window))
    assert name in window.messages
    reference = window.page.url.rstrip("/").rpartition("/")[2]
    window.follow("Book or move a step")
    window.tick(window.main.locator("[value=ihnd-guidance]"))
    window.push("Show times")
    window.press(first_offer(window))
    assert name in window.messages
    steps = window.main.locator(".s-step-row")
    before = steps.count()
    window.press(steps.filter(has_text="IHND").get_by_role("button"))
    assert steps.filter(has_text=window.word("cancelled")).count() == 1
    assert steps.count() == before
    return reference


def gives_up(window: Window, name: str) -> None:
    """What is left of the visit cannot be done today."""
    to_the_visit(window, name)
    waiting = window.main.locator(".s-step-row", has_text=window.word("waiting"))
    window.press(waiting.get_by_role("button"))
    assert (waiting.count(), window.says("Cancelled: %(step)s for %(party)s. The place is free.")) == (0, True)


def hands_out_a_ticket(window: Window) -> None:
    """Somebody without a booking gets a number; the ticket on paper and on a phone, and what stands in the hall."""
    to_the_board(window)
    window.follow("New ticket")
    window.tick(window.main.locator("[name=services]").last)  # not one that the next day waits for
    window.push("Give a ticket")
    address = urlsplit(window.page.url)
    number, key = address.path.rstrip("/").rpartition("/")[2], parse_qs(address.query)["key"][0]
    assert window.heading.endswith(number)
    window.go(f"/ticket/{number}/?key={key}")
    window.go("/hall/aalborg/display/")
    window.go("/hall/aalborg/")
    window.go("/board/aalborg/")


def first_offer(window: Window) -> Locator:
    """The button of the first time."""
    return window.main.locator("button[name=offer]").first


# ----------------------------------------------------------------------------------------------------------------------- the clerks


def calls(window: Window, desk: str, name: str) -> None:
    """To the desk, the next one called with one key, and begun with another."""
    window.go(f"/desks/aalborg/{desk}/")
    window.key("n")
    assert window.heading.endswith(name)
    window.key("s")


def finds_nobody(window: Window, desk: str) -> None:
    """Nobody may be called: who waits has to do something else first."""
    window.go(f"/desks/aalborg/{desk}/")
    window.key("n")
    assert window.says("Nobody waits for this desk now.")


def finishes(window: Window) -> None:
    """Done, with one key."""
    window.key("f")
    assert window.main.locator("[aria-labelledby=after]").get_by_text(window.word("done")).count() == 1


def hands_over(window: Window) -> None:
    """The next desk is free earlier than booked: the party goes there now."""
    window.push("Hand over now, at the first free time")
    assert window.says("Handed over: %(name)s goes to %(desk)s, %(step)s at %(time)s.")


def misses_documents(window: Window, other: str) -> list[str]:
    """Ends the step because of one paper of the list and one in words; gives both."""
    window.open("Documents are missing")
    window.push("Finish: documents missing")  # which? said beside the field, and nothing has ended
    assert window.page.title().startswith(window.t("Error:"))
    form = window.main.locator("form", has=window.page.locator("[name=missing]"))
    box = form.locator("[name=missing]").first
    window.tick(box)
    window.write(form.locator("[name=other]"), other)
    paper = form.locator(f"label[for='{box.get_attribute('id')}']").inner_text()
    window.push("Finish: documents missing")
    return [paper, other]


def refuses(window: Window, reason: str) -> None:
    """Ends the step with a reason that stays in the authority."""
    window.open("It is refused")
    window.push("Finish: refused")
    assert window.page.title().startswith(window.t("Error:"))
    window.write(window.main.locator("[name=reason]"), reason)
    window.push("Finish: refused")


def reads(window: Window, reference: str) -> str:
    """The visit's page, as this colleague may read it."""
    window.go(f"/journeys/{reference}/")
    return window.main.inner_text()


def chooses_a_desk(window: Window) -> None:
    """From the page that everybody begins with, to the first desk of their own authority."""
    window.menu("Desk")
    assert window.heading == window.t("Choose your desk")
    window.page.keyboard.press("j")
    window.key("Enter")
    assert window.heading


# ------------------------------------------------------------------------------------------------------------- the day, looked back on


def sees_the_day(window: Window, told: dict[str, tuple[str, list[str]]]) -> None:
    """Everybody stands where they belong on the board, with how it ended."""
    to_the_board(window)
    for name, (group, texts) in told.items():
        row = window.main.locator("[data-row]", has=window.page.get_by_role("link", name=name, exact=True)).inner_text()
        assert (name, group_of(window, name), [text for text in texts if text not in row]) == (name, group, [])


def reads_the_card(window: Window, name: str, papers: list[str], colleagues: list[str]) -> None:
    """The person, found by name with "/", and what happened to them: by whom, and which papers are missing."""
    window.page.keyboard.press("/")
    window.page.keyboard.type(name)
    window.key("Enter")  # on the board the first search field is the board's own
    window.go(f"/search/?q={name.split()[0].lower()}")
    window.press(window.main.get_by_role("link", name=name))
    timeline = window.main.locator(".i-timeline").inner_text()
    happened = ["Checked in.", "Check-in undone.", "Information package handed out.", "E-mail address confirmed."]
    wanted = [*(window.t(text) for text in happened), *papers, *colleagues]
    assert [text for text in wanted if text not in timeline] == []


def looks_after_the_house(chromium: Browser, house: House, colleague: Colleague, language: str, seen: Seen) -> None:
    """The administrator forgot the password: a new one by mail, the codes set up, a table handed in; out, and in with a recovery code."""
    window = Window(chromium, house.address, language, seen)
    window.go("/account/password/reset/")
    window.write(window.main.locator("[name=email]"), colleague.email)
    window.push("Send the link")
    window.go(house.mail(colleague.email).link)
    for field in ("password1", "password2"):
        window.write(window.main.locator(f"[name={field}]"), f"{PASSWORD} before")
    window.push("Save the password")
    window.close()
    renewed = starts_work(chromium, house, colleague, language, seen, password=f"{PASSWORD} before")
    for path in ("/outbox/", "/privacy/", "/accessibility/", "/ui/", "/account/inactive/", "/account/logout/", "/search/?q=zzz"):
        renewed.go(path)
    for path in ("reauthenticate/", "password/change/", "codes/", "codes/confirm/", "codes/deactivate/", "codes/recovery/generate/"):
        renewed.go(f"/account/{path}")
    hands_in_a_table(renewed, language)
    renewed.go("/account/codes/recovery/")
    recovery_code = renewed.main.locator(".i-codes li").first.inner_text()
    renewed.tab_to(renewed.page.locator(".i-user-menu summary"))
    renewed.page.keyboard.press("Enter")
    renewed.press(renewed.page.get_by_role("banner").get_by_role("button", name=renewed.t("Log out")))
    renewed.go("/my-day/")
    gives_password(renewed, colleague.email, f"{PASSWORD} before")
    renewed.write(renewed.main.locator("[name=code]"), recovery_code)
    renewed.push("Log in")
    assert colleague.name.split()[0] in renewed.heading
    renewed.close()


def hands_in_a_table(window: Window, language: str) -> None:
    """A visit of another house system: looked at first, then imported, then taken out again with everything else."""
    head, row = (
        "reference;house;service;municipality;citizenship;people;arrived;ended;outcome",
        "aalborg;tax-card;851;DEU;2;2026-11-03 10:00;2026-11-03 10:30;done",
    )
    table = f"{head}\nold-{language};{row}\n"
    window.go("/imports/")
    window.main.locator("[name=kind]").select_option("visits")
    window.main.locator("[name=file]").set_input_files({"name": "visits.csv", "mimeType": "text/csv", "buffer": table.encode()})
    window.push("Check the file")
    window.press(window.main.locator("form button").first)
    assert window.messages
    answer = window.page.context.request.get("/imports/visits/export.csv")
    assert (answer.status, f"old-{language}" in answer.text()) == (200, True)
    window.seen.names.add("imports:export")
