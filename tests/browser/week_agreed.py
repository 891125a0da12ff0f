"""Who approaches whom, kept by consultants: decisions in grey zones, who is who, what the office is told."""

from __future__ import annotations

from tests.browser import week_companies as companies
from tests.browser.day_window import Window

ASKS = ("Are you going to contact them?", "You have announced it: change the day")


def decides(window: Window, question: str, decision: str, between: tuple[str, ...]) -> None:
    """From the company's page: what was decided about it, once."""
    place = companies.fold_out(window, next(text for text in ASKS if window.main.locator("summary", has_text=window.t(text)).count()))
    window.press(place.get_by_role("link", name=window.t("Write down what was decided about this company")))
    window.write(window.labelled("What was the question?"), question)
    window.write(window.labelled("What was decided?"), decision)
    for box in [window.labelled(one) for one in between]:  # one's own is ticked already
        if not box.is_checked():
            window.tick(box)
    window.push("Save")
    assert window.heading == question


def finds_the_decision(window: Window, words: str, question: str, decision: str) -> None:
    """A month later nobody remembers: it is found by a word of it."""
    window.go("/approach/")
    window.press(window.main.get_by_role("link", name=window.t("Grey zones")))
    window.write(window.main.locator("[name=q]"), words)
    window.push("Search")
    window.press(window.main.get_by_role("link", name=question))
    assert (window.heading, decision in window.main.inner_text()) == (question, True)


def stands_in_who_is_who(window: Window, what: str, name: str, phone: str) -> None:
    """Puts oneself there; when the number was wrong, corrects it."""
    window.go("/approach/who/")
    window.follow("Put yourself or a colleague there")
    target = window.labelled("What for?")
    if target.locator("option").count() > 1:
        window.select(target, what)
    window.write(window.labelled("Telephone"), phone[:-1])
    window.push("Save")
    assert window.says("%(name)s stands in who is who.", name=name)
    window.press(window.main.locator("td", has_text=name).get_by_role("link", name=window.t("Change")).first)
    window.write(window.labelled("Telephone"), phone)
    window.push("Save")
    assert window.says("Saved and confirmed.")


def whom_to_ask(window: Window) -> dict[str, tuple[str, str]]:
    """Who is who as its file tells it: name and telephone by what for and where."""
    window.go("/approach/who/")
    file = window.download(window.main.get_by_role("link", name=window.t("Download as CSV"))).decode("utf-8-sig")
    lines = [line.split(",") for line in file.splitlines()[1:]]
    return {(what, where): (name, phone) for what, where, name, _mail, phone, _day in lines if name != window.t("Vacant")}


def reads_what_the_hub_told(window: Window, company: str, told: list[str]) -> None:
    """From my day: what the hub did with companies of the office's municipality, the latest first; read, for all colleagues."""
    window.go("/my-day/")
    window.press(window.main.get_by_role("link", name=window.t("The hub has met companies of yours")))
    rows = window.main.locator("li[data-row]")
    assert [(company in row, next((one for one in told if one in row), "")) for row in rows.all_inner_texts()] == [
        (True, one) for one in told
    ]
    assert "Digitalisation and automation, Finance. Mette Holm" in rows.first.inner_text()
    window.push("We have read them")
    window.go("/my-day/")
    assert window.main.get_by_role("link", name=window.t("The hub has met companies of yours")).count() == 0
