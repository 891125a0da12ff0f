"""A screening visit: asked for on a phone, planned at the office, filled in on a tablet without network, passed on with consent."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import Locator, expect
from tests.browser.browser import faults_of
from tests.browser.day_window import Window
from tests.browser.week_companies import fold_out, push, within
from tests.browser.week_courses import turn
from tests.browser.week_house import Week

SMALL_PHONE, TABLET = {"width": 360, "height": 740}, {"width": 820, "height": 1180}
CUT_OFF = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")  # what a browser says for as long as there is no network


# --------------------------------------------------------------------------------------------------------------- the company, on a phone


def asks_for_a_visit(week: Week, phone: Window, company: str, cvr: str, email: str, wish: str) -> None:
    """The form, and the link in the mail, without which nothing counts."""
    phone.go("/screening/")
    phone.push("Ask for a visit")  # nothing written yet: said beside the fields
    assert phone.page.title().startswith(phone.t("Error:"))
    phone.write(phone.labelled("Company"), company)
    phone.write(phone.labelled("CVR number"), cvr)
    phone.select(phone.labelled("Municipality"), "Aalborg")
    phone.write(phone.labelled("Your name"), "Karla Brandt")
    phone.write(phone.labelled("Phone"), "98 12 00 22")
    phone.write(phone.labelled("E-mail"), email)
    phone.write(phone.labelled("What would you most like to look at?"), wish)
    phone.tick(phone.labelled("Yes, keep these details for this visit"))
    phone.push("Ask for a visit")
    assert phone.heading == phone.t("Look in your mail")
    phone.go(link_in(week, email))
    phone.push("Yes, we want the visit")
    assert phone.t("%(office)s has your request and will call or write to you.", office=week.title("erhvervskontor-aalborg", phone)) in (
        phone.main.inner_text()
    )


def link_in(week: Week, email: str) -> str:
    """Where the newest mail to a company leads."""
    mail = week.house.mail(email, lambda one: "/screening/asked/" in one.text)
    return re.findall(r"http\S+?(/screening/asked/\S+)", mail.text)[-1]


def turns_the_wheel(phone: Window, now: dict[str, str], wanted: dict[str, str]) -> bytes:
    """On the public page, by keyboard; gives the PDF."""
    phone.go("/wheel/")
    phone.push("See my wheel")  # too little for a picture: that is said
    assert phone.t("Answer where you are on three spokes at least: then there is a picture.") in phone.main.inner_text()
    turn(phone, now, wanted)
    phone.push("See my wheel")
    expect(phone.main.locator("figcaption")).to_have_text("Længst vej igen: CO2.")
    return phone.paper(phone.named("link", "Save as PDF"))


# ------------------------------------------------------------------------------------------------------------------------- the office


def plans(window: Window, company: str, day: dt.date, environment: str) -> None:
    """From my day: what a company asks for, found in the register, with a day and who comes along."""
    window.go("/my-day/")
    window.press(window.main.get_by_role("link", name=window.t("%(count)s company asks for a screening visit", count=1)))
    window.press(window.main.get_by_role("link", name=company))
    window.follow("Plan the visit")
    if window.main.locator("#q").count():
        window.press(window.main.get_by_role("link", name=company))
    window.write_date(window.labelled("Day"), day.isoformat())
    window.tick(window.labelled("The environment department takes part"))
    window.write(window.labelled("Who from the environment department?"), environment)
    window.push("Save the plan")
    assert window.heading == company


# ------------------------------------------------------------------------------------------------------------------ the screening team


def fills_in(window: Window, company: str) -> None:
    """At the company, on a tablet: the network goes for two topics, the tablet sleeps meanwhile, and nothing is lost."""
    page = window.page
    window.go("/screenings/")
    window.press(window.main.get_by_role("link", name=company))
    window.follow("Fill it in")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("caches.match(location.pathname.replace(/[^/]+\\/$/, '')).then((kept) => kept !== undefined)")
    window.choose(answer(window, "resources-measured", "2"))
    expect(page.locator("#state")).to_have_text(window.t("Saved"))

    page.context.set_offline(True)
    window.choose(answer(window, "resources-saved", "1"))
    kept = window.t("Kept on this device. It is sent when the network is back.")
    expect(page.locator("#state")).to_have_text(kept)
    go_on(window)
    window.choose(answer(window, "reuse-sorted", "3"))
    window.write(page.locator("[name='note-reuse-sorted']"), "Folien ryger i restaffald")
    page.reload()
    expect(page.locator("#state")).to_have_text(kept)
    expect(page.locator("[name='note-reuse-sorted']")).to_have_value("Folien ryger i restaffald")
    expect(answer(window, "reuse-sorted", "3")).to_be_checked()
    page.context.set_offline(False)
    expect(page.locator("#state")).to_have_text(window.t("Saved"))
    faults_of(page)[:] = [fault for fault in faults_of(page) if not any(words in fault for words in CUT_OFF)]
    window.look()
    page.locator("[data-to=co2]").press("Enter")
    window.choose(answer(window, "co2-account", "0"))
    expect(page.locator("#state")).to_have_text(window.t("Saved"))
    window.press(page.get_by_role("link", name=window.t("Back to the visit")).locator("visible=true"))
    assert window.t("%(filled)s of %(topics)s topics begun.", filled=3, topics=9) in window.main.inner_text()


def answer(window: Window, question: str, score: str) -> Locator:
    """A score of a question."""
    return window.page.locator(f"[name='score-{question}'][value='{score}']")


def go_on(window: Window) -> None:
    """To the next topic, without a network."""
    window.tab_to(window.page.get_by_role("button", name=window.t("Save and go on")).locator("visible=true"))
    window.page.keyboard.press("Enter")


def gives_the_result(window: Window, summary: str) -> bytes:
    """Held; what the company is told in one's own words; gives the PDF."""
    window.push("The visit was held")
    window.press(window.main.get_by_role("link", name=window.t("See the result"), exact=True))
    window.write(window.labelled("To the company, in your own words"), summary)
    window.push("Save the summary")
    assert window.main.locator(".i-radar").count() == 1
    return window.paper(window.named("link", "PDF for the company"))


def passes_on(window: Window, company: str, text: str, who_agreed: str) -> None:
    """A lead for the hub; without the company's consent nothing leaves the municipality."""
    window.go("/screenings/?state=held")
    window.press(window.main.get_by_role("link", name=company))
    window.press(window.main.get_by_role("link", name=window.t("See the result"), exact=True))
    place = fold_out(window, "Pass something on")
    window.write(within(window, place, "What can the company be helped with?"), text)
    push(window, place, "Pass it on")
    assert window.page.title().startswith(window.t("Error:"))
    place = window.main.locator("details[open]")
    window.write(within(window, place, "Who at the company agreed, and where?"), who_agreed)
    push(window, place, "Pass it on")
    assert text in window.main.locator(".g-leads").inner_text()


def shares(window: Window, organisation: str) -> None:
    """The result too: the consent stands already."""
    place = fold_out(window, "Change who sees it")
    box = within(window, place, organisation)
    if not box.is_checked():
        window.tick(box)
    push(window, place, "Save who sees it")
    assert organisation in window.main.inner_text()


def reads_the_result(window: Window, scores: dict[str, str]) -> None:
    """From the company's page: the result that the company shares."""
    part = window.main.locator("section", has=window.page.locator("#screenings"))
    assert window.t("the company shares the result with you") in part.inner_text()
    window.press(part.get_by_role("link").first)
    rows = [row.locator("th, td").all_inner_texts() for row in window.main.locator("table tbody tr").all()]
    assert {topic.partition(" ")[2]: score for topic, score, _answered in rows if score != window.t("not known")} == scores
    assert window.main.get_by_role("button", name=window.t("Save the summary")).count() == 0
