"""Courses and deliveries on their pages, as consultants use them: begun on the company's page, logged, agreed on, done, ended."""

from __future__ import annotations

import datetime as dt

from playwright.sync_api import Locator
from tests.browser.day_window import Window
from tests.browser.week_companies import fold_out, push, within


def fills_in(window: Window, place: Locator, category: str, fields: tuple[str, ...] = (), purpose: str = "", unit: str = "") -> None:
    """What a course is about."""
    window.choose(within(window, place, category))
    for field in fields:
        window.tick(within(window, place, field))
    if purpose:
        window.write(within(window, place, "Purpose"), purpose)
    if unit:
        window.select(within(window, place, "Establishment"), unit)


def begins(window: Window, category: str, fields: tuple[str, ...] = (), purpose: str = "", unit: str = "") -> None:
    """A course, without leaving the company's page."""
    here, name = window.page.url, window.heading
    place = fold_out(window, "Begin a course")
    fills_in(window, place, category, fields, purpose, unit)
    push(window, place, "Begin the course")
    assert window.page.url == here
    assert window.says("The course of %(company)s has begun.", company=name)


def opens_course(window: Window, category: str) -> None:
    """From the company's page."""
    part = window.main.locator("section", has=window.page.locator("#courses"))
    window.press(part.get_by_role("link", name=window.t(category)).first)


def logs(window: Window, how: str, text: str, hours: str) -> None:
    """A contact, on the course's page."""
    place = fold_out(window, "Note a contact")
    window.select(within(window, place, "How?"), window.t(how))
    window.write(within(window, place, "Hours spent"), hours)
    window.write(within(window, place, "What was said?"), text)
    push(window, place, "Keep the contact")
    assert window.says("The contact is noted.")


def agrees(window: Window, text: str, due: dt.date) -> None:
    """On a next step."""
    place = fold_out(window, "Agree on a next step")
    window.write(within(window, place, "What is to be done?"), text)
    window.write_date(within(window, place, "Until when?"), due.isoformat())
    push(window, place, "Write it down")
    assert window.says("The next step is written down.")


def does_what_is_due(window: Window, company: str, step: str) -> None:
    """From my day to the course, and ticks it off."""
    window.go("/my-day/")
    due = window.main.locator(".i-card", has_text=step)
    assert window.t("%(step)s, today.", step=step) in due.inner_text()
    window.press(due.get_by_role("link", name=company))
    window.press(window.main.get_by_role("button", name=window.t("Done: %(step)s", step=step)))
    assert window.says("Done: %(step)s", step=step)
    window.go("/my-day/")
    assert step not in window.main.inner_text()


def ends(window: Window, result: str, hours: str) -> None:
    """With what came of it; how many hours the contacts have together stands there already."""
    place = fold_out(window, "End the course")
    assert within(window, place, "Hours spent").input_value() == hours
    window.write(within(window, place, "Result"), result)
    push(window, place, "End the course")
    assert window.says("The course has ended.")


def delivers(window: Window, kind: str, topic: str, unit: str = "") -> None:
    """Information or service, without leaving the company's page."""
    here = window.page.url
    place = fold_out(window, "Register information or service")
    fills_in_delivery(window, place, kind, topic, unit)
    push(window, place, "Register it")
    assert (window.page.url, window.says("Registered: %(kind)s to %(company)s.", kind=window.t(kind))) == (here, True)


def fills_in_delivery(window: Window, place: Locator, kind: str, topic: str, unit: str = "") -> None:
    """What was given."""
    window.choose(within(window, place, kind))
    window.write(within(window, place, "About what?"), topic)
    if unit:
        window.select(within(window, place, "Establishment"), unit)
