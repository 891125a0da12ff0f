"""Companies on their pages, as consultants use them: found, written down, looked at before a call, noted about."""

from __future__ import annotations

import datetime as dt
import re

from playwright.sync_api import Locator, expect
from tests.browser.day_house import until
from tests.browser.day_window import Window
from tests.browser.week_house import Week
from tests.browser.week_tables import HUB, Company


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
    window.menu("Companies")
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
    window.menu("Companies")
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
    week.companies[name] = Company("", name, "851", "", "", "", facts["Postcode"], facts["City"])


def changes_the_facts(window: Window, label: str, text: str) -> None:
    """What all share, on the company's page."""
    window.press(window.main.locator("#facts").get_by_role("link", name=window.t("Change")))
    window.select(window.labelled(label), window.t(text))
    window.push("Save")
    assert window.says("The facts are changed for everyone who works with companies: %(what)s.")


def changes_the_note(window: Window, before: str, after: str) -> None:
    """What was noted, from where it stands among what happened."""
    story = window.main.locator("section", has=window.page.locator("#story"))
    window.tab_to(story.locator("summary"))  # by now it stands among what is folded away
    window.page.keyboard.press("Enter")
    window.press(story.locator("li", has_text=before).get_by_role("link", name=window.t("Change")))
    window.write(window.labelled("Note"), after)
    window.push("Save")
    told = story.text_content() or ""
    assert (before in told, after in told) == (False, True)


def changes_the_contact(window: Window, name: str, before: str, slip: str, role: str) -> None:
    """Somebody has another role by now; a slip is taken back first."""
    for written in (slip, role):
        window.press(window.main.locator(".c-people li", has_text=name).get_by_role("link", name=re.compile(window.t("Change"))))
        window.write(window.labelled("Role"), written)
        window.push("Save")
        assert (before in people(window), written in people(window)) == (False, True)
        if written == slip:
            window.press(window.page.locator("#messages").get_by_role("button", name=window.t("Undo")))
            assert (window.says("It is as it was before the change."), before in people(window)) == (True, True)


def notes_a_consent(window: Window, how: str) -> None:
    """That they may be sent newsletters, and who said so."""
    place = fold_out(window, "Note a consent")
    window.write(within(window, place, "Who said so, and where?"), how)
    window.press_here(place.get_by_role("button", name=window.t("Note the consent")), "The consent is noted.")
    expect(window.main.locator(".c-may")).to_have_count(1)


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


# ----------------------------------------------------------------------------------------------------------- lists, and records of the same


def keeps_a_list(window: Window, municipality: str, name: str) -> tuple[list[str], list[str]]:
    """The companies of a municipality that nobody ever served: the names on the page, and those in the file."""
    window.go("/companies/")
    window.press(window.main.get_by_role("link", name=re.compile(window.t("Lists of companies"))).first)
    window.select(window.labelled("Served"), window.t("Never served"))
    fold_out(window, "Municipalities")
    window.tick(window.labelled(municipality))
    window.push("Show companies")
    window.write(window.labelled("Keep it as a list, under the name"), name)
    window.push("Keep the list")
    assert window.main.get_by_role("link", name=name).count() == 1
    file = window.download(window.named("link", "Take all of them out (CSV)")).decode("utf-8-sig")
    found = [line.split(",")[:2] for line in file.splitlines()[1:]]
    return window.main.locator(".c-results .c-name").all_inner_texts(), [cvr for cvr, _name in found]


def links(window: Window, one: str, other: str) -> None:
    """Two records that look alike are the same company: judged by a key."""
    window.go("/companies/")
    window.press(window.main.get_by_role("link", name=window.t("Records that may be the same company")))
    until(
        lambda: window.main.locator("thead a").count() or window.page.reload() is None
    )  # they are looked for after each table of companies
    assert window.main.locator("thead a").all_inner_texts() == [one, other]
    window.key("s")
    assert window.says("%(one)s and %(other)s are linked: they count as one company.", one=one, other=other)


def takes_it_back(window: Window, name: str) -> None:
    """They are not: it is as it was before."""
    window.go("/companies/doubles/")
    window.press(window.main.locator(".c-judged li", has_text=name).get_by_role("button", name=re.compile(window.t("Take back"))))
    assert window.says("It is as it was before: nobody has judged %(one)s and %(other)s.")


def only_reads(week: Week, window: Window, name: str) -> None:
    """Whoever reads across organisations sees who deals with a company and nothing to write with; addresses to write at are not there."""
    opens(week, window, name)
    assert week.title(HUB, window) in approach(window) + happened(window)
    assert (window.main.locator("form").count(), window.named("link", "Begin a course").count()) == (0, 0)
    number = week.addresses[name].rstrip("/").rpartition("/")[2]
    writing = ("companies/new/", f"companies/{number}/facts/", f"companies/{number}/contacts/", "imports/", "approach/grey-zones/new")
    for address in (*writing, f"guidance/companies/{number}/begin/", f"guidance/companies/{number}/deliver/", "screenings/new/"):
        window.go(f"/{address}", status=404)
