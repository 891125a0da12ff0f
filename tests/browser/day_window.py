"""A browser window used with the keyboard alone, that looks every page over: no barrier, no fault, the right language, fits a phone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.urls import resolve
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, Locator, Page
from tests.browser.browser import DESKTOP, PHONE, barriers, faults_of, open_page, overflow

from indgang.foundation.ui.statuses import look_of

FOCUSED = "element => element === document.activeElement"
COMES_BEFORE = """element => document.activeElement !== document.body
    && Boolean(element.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)"""
TABS = 200  # no page has so many places to stop at
# Every element with its attributes, without what stands in them: two pages of one shape have the same barriers.
SHAPE = """() => [...document.querySelectorAll("*")]
    .map(element => [element.tagName, element.getAttribute("class"), element.getAttributeNames(), element.id.replace(/\\d/g, "")].join())
    .join("|")"""


@dataclass
class Seen:
    """What was seen in all windows of a day: names of addresses, of those that something was sent to, and shapes of pages."""

    names: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    shapes: set[str] = field(default_factory=set)


class Window:
    """A window of one person."""

    def __init__(
        self,
        chromium: Browser,
        address: str,
        language: str,
        seen: Seen,
        *,
        phone: bool = False,
        scripts: bool = True,
        size: dict[str, int] | None = None,
    ) -> None:
        self.language, self.seen, self.scripts = language, seen, scripts
        size = size or (PHONE if phone else DESKTOP)
        self.page = open_page(chromium, address, language=language, size=size, scripts=scripts)
        # axe needs scripts: a page that came without them is looked over as its copy in a second window.
        self.copy = None if scripts else open_page(chromium, address, language=language, size=size)
        self.policy = ""
        self.page.on("response", lambda answer: self._note(answer))

    def _note(self, answer: Any) -> None:
        if answer.request.is_navigation_request():
            self.policy = answer.headers.get("content-security-policy", self.policy)
        if answer.request.method == "POST" and answer.status < 400:
            self.seen.changed.add(name_of(answer.request.url))

    def close(self) -> None:
        """Done with it."""
        for page in filter(None, [self.page, self.copy]):
            page.context.close()

    # ------------------------------------------------------------------------------------------------------------------ reading

    def t(self, text: str, **words: Any) -> str:
        """A text as it stands on this person's pages."""
        with translation.override(self.language):
            return gettext(text) % words if words else gettext(text)

    def word(self, status: str) -> str:
        """The word for a status."""
        with translation.override(self.language):
            return str(look_of(status).word)

    @property
    def main(self) -> Locator:
        """The page without its frame."""
        return self.page.get_by_role("main")

    @property
    def heading(self) -> str:
        """The h1."""
        return self.main.get_by_role("heading", level=1).inner_text()

    @property
    def messages(self) -> str:
        """What the page says has just happened."""
        return self.page.locator("#messages").inner_text()

    def says(self, text: str, **words: str) -> bool:
        """Whether the page says that this has happened; a word may stand at the beginning of what is said in its place."""
        return bool(self._pattern(text, words).search(self.messages))

    def _pattern(self, text: str, words: Mapping[str, str]) -> re.Pattern[str]:
        said = re.escape(self.t(text))
        return re.compile(re.sub(r"%\\\((\w+)\\\)[sd]", lambda found: re.escape(words.get(found[1], "")) + ".*", said))

    def named(self, role: Any, text: str, of: str = "", **words: Any) -> Locator:
        """What has that name on the page; `of` whom, where a name of a person makes the difference."""
        name = re.escape(self.t(text, **words))
        pattern = re.compile(f"^{name}\\b.*{re.escape(of)}" if of else f"^{name}$")
        return self.main.get_by_role(role, name=pattern).first

    def labelled(self, label: str, **words: Any) -> Locator:
        """The field with that label."""
        return self.main.get_by_label(re.compile(f"^{re.escape(self.t(label, **words))}(\\s|$)")).first

    # ----------------------------------------------------------------------------------------------------------------- the keyboard

    def go(self, path: str, *, status: int = 200) -> None:
        """Type an address."""
        answer = self.page.goto(path)
        assert answer is None or answer.status == status, f"{path}: {answer and answer.status}"
        self.look(refused=status >= 400)

    def tab_to(self, target: Locator) -> None:
        """Tab, or Shift and Tab, until it has the focus."""
        target.wait_for()
        key = "Shift+Tab" if target.evaluate(COMES_BEFORE) else "Tab"
        for _ in range(TABS):
            if target.evaluate(FOCUSED):
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"the keyboard does not reach {target} on {self.page.url}")

    def press(self, target: Locator) -> None:
        """Follow a link or press a button, and look at the page it leads to."""
        self.tab_to(target)
        self.key("Enter")

    def key(self, key: str) -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)
        self.look()

    def press_here(self, target: Locator, says: str, **words: str) -> None:
        """A button that renews a part of the page, and what the page says then."""
        self.tab_to(target)
        self.page.keyboard.press("Enter")
        self.page.locator("#messages").get_by_text(self._pattern(says, words)).wait_for()
        self.look()

    def follow(self, text: str, **words: Any) -> None:
        """The link with that text."""
        self.press(self.named("link", text, **words))

    def menu(self, text: str) -> None:
        """A page of the menu, which is behind a button on a phone."""
        opens = self.page.get_by_role("button", name=self.t("Menu"), exact=True)
        if opens.is_visible():
            self.tab_to(opens)
            self.page.keyboard.press("Enter")
        self.press(self.page.get_by_role("navigation").get_by_role("link", name=self.t(text), exact=True))

    def push(self, text: str, **words: Any) -> None:
        """The button with that text."""
        self.press(self.named("button", text, **words))

    def write(self, target: Locator, text: str) -> None:
        """Into a field, over what stands in it."""
        self.tab_to(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)
        assert target.input_value() == text

    def write_date(self, target: Locator, date: str) -> None:
        """Into the parts of a date field, in whichever order this browser has them."""
        year, month, day = date.split("-")
        for written in (f"{month}{day}{year}", f"{day}{month}{year}"):
            self.tab_to(target)
            self.page.keyboard.type(written)
            if target.input_value() == date:
                return
            self.page.keyboard.press("Shift+Tab")
        raise AssertionError(f"{date} cannot be typed")

    def choose(self, target: Locator) -> None:
        """One of several round buttons: to the group, then with the arrows."""
        group = target.get_attribute("name")
        chosen, all_of_them = self.main.locator(f"input[name={group}]:checked"), self.main.locator(f"input[name={group}]")
        self.tab_to(chosen if chosen.count() else all_of_them.first)
        self.page.keyboard.press("Space")
        for _ in range(20):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{target} cannot be chosen")

    def select(self, target: Locator, text: str) -> None:
        """In a list that opens, by typing how the choice begins."""
        self.tab_to(target)
        self.page.keyboard.type(text)
        assert target.locator("option:checked").inner_text().startswith(text)

    def download(self, target: Locator) -> bytes:
        """The file behind a link."""
        self.tab_to(target)
        with self.page.expect_download() as coming:
            self.page.keyboard.press("Enter")
        self.seen.names.add(name_of(coming.value.url))
        return Path(coming.value.path()).read_bytes()

    def paper(self, target: Locator) -> bytes:
        """The PDF behind a link, which a browser shows in a viewer of its own."""
        self.tab_to(target)
        answer = self.page.context.request.get(str(target.evaluate("link => link.href")))
        assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
        self.seen.names.add(name_of(answer.url))
        return answer.body()

    def tick(self, target: Locator) -> None:
        """A box."""
        self.tab_to(target)
        self.page.keyboard.press("Space")
        assert target.is_checked()

    def open(self, text: str) -> None:
        """Something folded away."""
        self.tab_to(self.main.locator("summary", has_text=re.compile(f"^{re.escape(self.t(text))}$")))
        self.page.keyboard.press("Enter")

    # -------------------------------------------------------------------------------------------------------------- looking it over

    def look(self, *, refused: bool = False) -> None:
        """Note that this address was seen, and that the page is as every page must be."""
        self.page.wait_for_load_state("load")
        shape = self.page.evaluate(SHAPE)
        shown = self.page if self.copy is None or shape in self.seen.shapes else self._copied(self.copy)
        found = {
            "language": self.page.locator("html").get_attribute("lang"),
            "headings": self.page.get_by_role("heading", level=1).count(),
            "barriers": [] if shape in self.seen.shapes else barriers(shown),
            "pixels too wide": too_wide(self.page),
            "faults": [fault for page in {self.page, shown} for fault in faults_of(page) if not _expected(fault, refused)],
        }
        wanted = {"language": self.language, "headings": 1, "barriers": [], "pixels too wide": 0, "faults": []}
        assert found == wanted, f"{self.page.url}: {found}"
        for page in {self.page, shown}:
            faults_of(page).clear()
        self.seen.shapes.add(shape)
        self.seen.names.add(name_of(self.page.url))

    def _copied(self, copy: Page) -> Page:
        html, address = self.page.content(), self.page.url
        headers = {"content-security-policy": self.policy}
        copy.unroute_all()
        copy.route(
            lambda url: url == address.split("#")[0],
            lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers),
        )
        copy.goto(address)
        return copy


def _expected(fault: str, refused: bool) -> bool:
    """Whether the console only tells that the program refused: a form that was not filled in right, or what is not there."""
    return "status of 422" in fault or (refused and "404" in fault)


def name_of(address: str) -> str:
    """What the program calls an address."""
    return str(resolve(urlsplit(address).path).view_name)


def too_wide(page: Page) -> int:
    """Pixels that do not fit a phone."""
    size = page.viewport_size
    if size is None or size["width"] <= PHONE["width"]:
        return overflow(page)
    page.set_viewport_size(PHONE)
    pixels = overflow(page)
    page.set_viewport_size(size)
    return pixels
