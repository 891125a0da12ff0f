"""Companies on their pages, as consultants use them: found, written down, looked at before a call, noted about."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import Locator, expect
from tests.browser.day_window import Window
from tests.browser.week_house import Week


def fold_out(window: Window, text: str) -> Locator:
    """Something folded away on the page; gives what is in it."""
    window.open(text)
    return window.main.locator("details", has=window.page.locator("summary", has_text=re.compile(f"^{re.escape(window.t(text))}$")))


def within(window: Window, place: Locator, label: str) -> Locator:
    """The field with that label in a part of the page."""
    return place.get_by_label(re.compile(f"^{re.escape(window.t(label))}(\\s|$)")).first


def push(window: Window, place: Locator, text: str) -> None:
    """The button with that text in a part of the page."""
    window.press(place.get_by_role("button", name=window.t(text), exact=True))


def looks_for(window: Window, words: str) -> list[str]:
    """The names that the search of companies finds, best first."""
    window.press(window.page.get_by_role("navigation").get_by_role("link", name=window.t("Companies"), exact=True))
    window.write(window.main.locator("#q"), words)
    window.key("Enter")
    return window.main.locator("#found .c-name").all_inner_texts()


def finds(window: Window, words: str, name: str) -> None:
    """Looks for a company in other words than its name, and opens its page."""
    assert looks_for(window, words)[:1] == [name]
    window.press(window.main.locator("#found .c-name", has_text=name))
    assert window.heading == name


def opens(week: Week, window: Window, name: str) -> None:
    """The page of a company that was opened before, by its address; at first by its name."""
    if name in week.addresses:
        window.go(week.addresses[name])
    else:
        finds(window, name, name)
        week.addresses[name] = window.page.url
    assert window.heading == name


def approach(window: Window) -> str:
    """What the page says before a call: who is in contact, whose the company is, what was agreed."""
    return window.main.locator(".c-approach").inner_text()


def whose(window: Window) -> dict[str, str]:
    """Whose each kind of guidance is."""
    rows = window.main.locator(".a-whose > div")
    return {row.locator("dt").inner_text(): row.locator("dd").first.inner_text() for row in rows.all()}


def announces(window: Window, day: dt.date, field: str) -> None:
    """Says that they are going to contact the company."""
    place = fold_out(window, "Are you going to contact them?")
    window.write_date(within(window, place, "When?"), day.isoformat())
    window.select(within(window, place, "What about?"), window.t(field))
    push(window, place, "I am going to contact them")


def begins_to_write_down(window: Window, words: str) -> None:
    """A new company: first what is known is looked up."""
    window.press(window.page.get_by_role("navigation").get_by_role("link", name=window.t("Companies"), exact=True))
    window.write(window.main.locator("#q"), words)
    window.key("Enter")
    window.press(window.main.get_by_role("link", name=window.t("Write down a new company")))


def looks_up(window: Window, words: str) -> str:
    """The CVR number or the name of a new company; gives what is known of it."""
    window.go("/companies/new/")
    window.write(window.main.locator("#q"), words)
    window.push("Look it up")
    return window.main.inner_text()


def writes_down(week: Week, window: Window, name: str, facts: dict[str, str]) -> None:
    """A company that nobody knows yet."""
    assert window.t("Nobody knows it yet") in looks_up(window, name)
    for label, text in facts.items():
        target = window.labelled(label)
        if target.evaluate("one => one.tagName") == "SELECT":
            window.select(target, text)
        else:
            window.write(target, text)
    window.push("Write it down")
    assert (window.heading, window.says("%(name)s is written down.", name=name)) == (name, True)
    week.addresses[name] = window.page.url


def notes(window: Window, text: str, sharing: str) -> None:
    """Writes a note without leaving the page."""
    place = fold_out(window, "Write a note")
    window.write(within(window, place, "Note"), text)
    window.select(within(window, place, "Who may see it?"), window.t(sharing))
    window.press_here(place.get_by_role("button", name=window.t("Keep the note")), "The note is saved.")
    expect(window.main.locator(".i-timeline").first).to_contain_text(text)


def adds_a_contact(window: Window, facts: dict[str, str], sharing: str) -> None:
    """Somebody at the company, with their role."""
    window.follow("Add a contact")
    for label, text in facts.items():
        window.write(window.labelled(label), text)
    window.select(window.labelled("Who may see it?"), window.t(sharing))
    window.push("Save")


def happened(window: Window) -> str:
    """What the page tells has happened with the company."""
    return window.main.locator("section", has=window.page.locator("#story")).inner_text()


def people(window: Window) -> str:
    """Whom one may talk to there."""
    return window.main.locator("section", has=window.page.locator("#people")).inner_text()
