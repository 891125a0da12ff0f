"""A real browser for tests: Debian's chromium, driven by playwright, with an ear on everything that must not happen.

with browser() as chromium:
    page = open_page(chromium, live_server.url, language="da", phone=True)
    page.goto("/")
    assert page.faults == []
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect, sync_playwright

# The playwright thread runs an event loop; Django's own thread may still use the database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# How long a page may take on a busy machine before a test gives up. What is fast enough is measured by the benchmark, never here.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)

CHROMIUM = Path(os.environ.get("INDGANG_CHROMIUM", "/usr/bin/chromium"))
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
PHONE = {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 900}
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],  # nothing else is read, and leaving it out halves the time
}


@contextmanager
def browser() -> Iterator[Browser]:
    """Chromium, closed at the end."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        try:
            yield chromium
        finally:
            chromium.close()


def open_page(chromium: Browser, address: str, *, language: str = "en", size: dict[str, int] = DESKTOP, scripts: bool = True) -> Page:
    """A page in a window of its own. What goes wrong in it is collected by `faults_of`."""
    context: BrowserContext = chromium.new_context(
        base_url=address,
        locale=language,
        viewport=size,
        java_script_enabled=scripts,
        timezone_id="Europe/Copenhagen",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if _complains(message) else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda request: faults.append(f"leaves the house: {request.url}") if _leaves(request, address) else None)
    page.faults = faults  # type: ignore[attr-defined]
    return page


def _complains(message: ConsoleMessage) -> bool:
    """Whether the console names a fault. Tests serve the design system as it comes, with its fonts; what is collected has none."""
    return message.type in ("error", "warning") and "/fonts/" not in message.location.get("url", "")


def _leaves(request: Request, address: str) -> bool:
    return not request.url.startswith((address, "data:", "blob:", "about:"))


def faults_of(page: Page) -> list[str]:
    """Errors and warnings of the console (a refused script or style among them), requests to elsewhere."""
    found: list[str] = page.faults  # type: ignore[attr-defined]
    return found


def barriers(page: Page) -> list[str]:
    """What axe finds: WCAG 2.2 A and AA and its good practices, one line per element."""
    results: dict[str, Any] = Axe().run(page, options=RULES).response
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:160]}"
        for violation in results["violations"]
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window (it must be 0)."""
    width: int = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return max(width, 0)


def too_small_for_a_finger(page: Page) -> list[str]:
    """Links above figures and in rows of their own that are lower than 44 pixels, anything else to press that is smaller than 24 either way
    (WCAG 2.2, 2.5.8), and keys that are named where there are none."""
    smaller = """(all, [least, either]) => all.filter((one) => one.checkVisibility() && !one.closest('.sr-only'))
        .filter((one) => { const box = one.getBoundingClientRect(); return box.height < least || (either && box.width < least); })
        .map((one) => one.outerHTML)"""
    low: list[str] = page.locator(".i-key-figure a, .i-actions > a").evaluate_all(smaller, [44, False])
    small: list[str] = page.locator("main :is(a, button, summary, select, label:has(:is([type=radio], [type=checkbox])))").evaluate_all(
        smaller, [24, True]
    )
    keys: list[str] = page.locator(".button kbd:visible").evaluate_all("(all) => all.map((one) => one.parentElement.outerHTML)")
    return [*low, *small, *keys]


def transferred(page: Page) -> int:
    """Bytes fetched for the page, with everything on it, as they came over the wire."""
    script = """() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .reduce((sum, entry) => sum + entry.transferSize, 0)"""
    size: int = page.evaluate(script)
    return size
