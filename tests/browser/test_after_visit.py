"""Three questions after the visit in a browser: by keyboard, without script, on a phone, in both languages, without barriers."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer
from tests.browser.browser import DESKTOP, PHONE, barriers, overflow

from indgang.operations.reception.models import AfterVisit, Question, VisitAnswer
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at
from indgang.operations.reception.tests.test_after_visit import asked

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def key(settings: LazySettings) -> str:
    at(settings, 8, 30)
    house = factories.small_house()
    AfterVisit.objects.create(house=house, mail=True)
    titles = (
        ("done", "yes-partly-no", "Fik du ordnet det, du kom for?", "Did you get done what you came for?"),
        ("wait", "scale", "Var ventetiden i orden?", "Was the waiting time all right?"),
        ("better", "text", "Hvad kunne vi gøre bedre?", "What could we do better?"),
    )
    for position, (name, kind, danish, english) in enumerate(titles):
        Question.objects.create(house=house, key=name, kind=kind, position=position, title_da=danish, title_en=english)
    return asked(house, settings)


@pytest.mark.parametrize(("language", "size"), [("en", PHONE), ("da", DESKTOP)], ids=["en-phone", "da-desktop"])
def test_the_questions_are_answered_without_script(
    chromium: Browser, live_server: LiveServer, key: str, language: str, size: dict[str, int]
) -> None:
    scripted = chromium.new_context(base_url=live_server.url, locale=language, viewport=size)  # type: ignore[arg-type]
    page = scripted.new_page()
    page.goto(f"/after/?key={key}")
    assert (barriers(page), overflow(page)) == ([], 0)
    scripted.close()
    plain = chromium.new_context(base_url=live_server.url, locale=language, viewport=size, java_script_enabled=False)  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto(f"/after/?key={key}")
    page.locator("#answer-done-partly").check()
    page.locator("#answer-wait-4").check()
    page.locator("textarea").fill("010190-1234")
    page.locator(".i-actions button").first.press("Enter")
    expect(page.locator(".form-error-message")).to_be_visible()
    expect(page.locator("#answer-wait-4")).to_be_checked()
    page.locator("textarea").fill("More chairs.")
    page.locator(".i-actions button").first.press("Enter")
    expect(page.locator("h1")).to_have_text({"en": "Thank you", "da": "Tak"}[language])
    assert VisitAnswer.objects.get().text == "More chairs."
    plain.close()
