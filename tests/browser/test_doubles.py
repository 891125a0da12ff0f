"""Judging doubles in a browser: by keyboard, without script, on a phone, in both languages, without barriers."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import DESKTOP, PHONE, SMALLEST, barriers, faults_of, open_page, overflow, too_small_for_a_finger

from indgang.foundation.identity.tests.factories import logged_in
from indgang.registers.parties.models import Double, Judgement
from indgang.registers.parties.tests.factories import CVRS, company
from indgang.registers.parties.tests.region import HUB, member

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pairs() -> list[Double]:
    """Two pairs that look alike; the second is less likely."""
    where = {"address": "Østre Havnegade 12", "postcode": "9000", "city": "Aalborg"}
    names = ("Fjordens Bageri og Konditori ApS", "Limfjordens Skibsværft A/S")
    return [
        Double.objects.create(
            one=company(name, CVRS[number], phone="+4598112233", employees=12, **where),
            other=company(name.rsplit(" ", 1)[0], phone="+4598112233", email="post@limfjordens-skibsvaerft.example", city="Nørresundby"),
            probability=0.99 - number / 100,
        )
        for number, name in enumerate(names)
    ]


def window(chromium: Browser, server: LiveServer, **options: object) -> Page:
    """A window of a consultant."""
    page = open_page(chromium, server.url, **options)  # type: ignore[arg-type]
    cookie = logged_in(member(HUB, "consultant")).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": cookie, "url": urljoin(server.url, "/")}])
    return page


@pytest.mark.parametrize(("language", "size"), [("da", PHONE), ("en", DESKTOP), ("da", SMALLEST)], ids=["phone", "desktop", "smallest"])
def test_the_page_has_no_barrier(
    chromium: Browser, live_server: LiveServer, pairs: list[Double], language: str, size: dict[str, int]
) -> None:
    page = window(chromium, live_server, language=language, size=size)
    for _state in ("full", "judged", "empty"):
        page.goto("/companies/doubles/")
        assert [*barriers(page), *faults_of(page)] == []
        assert overflow(page) == 0
        assert size == DESKTOP or too_small_for_a_finger(page) == []
        if page.locator("[data-key=s]").count():
            page.locator("[data-key=s]").click()
    expect(page.locator("[data-key=s]")).to_have_count(0)


def test_pairs_are_put_off_judged_and_taken_back_by_keyboard(chromium: Browser, live_server: LiveServer, pairs: list[Double]) -> None:
    page = window(chromium, live_server, language="en", size=DESKTOP)
    page.goto("/companies/doubles/")
    page.keyboard.press("l")
    expect(page.locator("thead")).to_contain_text("Limfjordens")
    page.keyboard.press("n")
    expect(page.locator("#messages")).to_contain_text("are two companies. They are not proposed again.")
    expect(page.locator("thead")).to_contain_text("Fjordens Bageri")
    page.keyboard.press("s")
    expect(page.locator("#messages")).to_contain_text("are linked: they count as one company.")
    page.keyboard.press("u")
    expect(page.locator("#messages")).to_contain_text("It is as it was before")
    assert list(Double.objects.order_by("-probability").values_list("judgement", flat=True)) == [Judgement.PROBABLE, Judgement.DIFFERENT]


def test_a_pair_is_judged_without_script(chromium: Browser, live_server: LiveServer, pairs: list[Double]) -> None:
    page = window(chromium, live_server, language="da", size=PHONE, scripts=False)
    page.goto("/companies/")
    page.get_by_role("link", name="Virksomheder, der måske er den samme").click()
    page.get_by_role("button", name="Ikke den samme").click()
    expect(page.locator("#messages")).to_contain_text("er to virksomheder")
    page.locator(".c-take-back button").click()
    assert not Double.objects.exclude(judgement=Judgement.PROBABLE).exists()
