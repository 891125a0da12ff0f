"""The newcomer of the day: plans, books, confirms, comes back through the mail, moves and cancels."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import translation
from playwright.sync_api import Browser
from tests.browser.day_house import MORNING, House, Mail
from tests.browser.day_window import Seen, Window

from indgang.foundation.identifiers.countries import country_name
from indgang.foundation.ui.pictures import qr_path


@dataclass(frozen=True)
class Family:
    """Who comes: a worker from the EU, a spouse from elsewhere, two children."""

    name: str
    spouse: str
    children: tuple[str, str]
    email: str


@dataclass
class Visit:
    """A booked visit, as its newcomer has it."""

    family: Family
    reference: str
    mail: Mail


def arrives_at_the_plan(window: Window) -> None:
    """From the front page through the six questions."""

    def country(code: str) -> str:
        with translation.override(window.language):
            return country_name(code, window.language)

    window.go("/")
    window.follow("Plan my arrival")
    window.push("Continue")  # nothing written yet: said beside the field, nothing lost
    assert window.page.title().startswith(window.t("Error:"))
    window.write(window.labelled("Country on your passport"), country("DEU"))
    window.push("Continue")
    window.choose(window.labelled("Work"))
    window.push("Continue")
    window.choose(window.labelled("More than a year"))
    window.push("Continue")
    window.select(window.labelled("Municipality"), "Aalborg")
    window.push("Continue")
    window.write(window.labelled("Adults, you included"), "2")
    window.write(window.labelled("Children under 18"), "2")
    window.tick(window.labelled("Somebody is a citizen of another country than me, or comes to work or study"))
    window.push("Continue")
    window.write(window.labelled("Adult %(number)s: citizen of", number=2), country("IND"))
    window.push("Continue")
    window.write_date(window.labelled("The first day you can come"), MORNING.date().isoformat())
    window.push("Continue")
    assert window.heading == window.t("You can do it all in one visit")


def books(window: Window, house: House, family: Family) -> Visit:
    """Takes the first time, says who comes, and confirms the address with the code of the mail."""
    window.push("Book this visit")
    window.write(window.labelled("Your name"), family.name)
    window.write(window.main.locator("[name=person1]"), family.spouse)
    for number, child in enumerate(family.children, start=1):
        window.write(window.labelled("Name of child %(number)s", number=number), child)
    window.write(window.labelled("E-mail"), family.email)
    window.push("Confirm the booking")  # without consent nothing is booked
    assert window.page.title().startswith(window.t("Error:"))
    window.tick(window.labelled("Yes, keep these details for this visit"))
    window.push("Confirm the booking")
    assert window.heading == window.t("My arrival")
    reference = window.page.url.rstrip("/").rpartition("/")[2]
    mail = house.mail(family.email)
    window.write(window.labelled("Six-digit code"), mail.code)
    window.push("Confirm")
    assert window.t("Thank you. Your e-mail address is confirmed.") in window.messages
    return Visit(family, reference, mail)


def is_invited(visit: Visit) -> None:
    """The mail brings the whole visit as one event, for this very person."""
    assert visit.mail.invitation is not None
    method, event = visit.mail.invitation
    assert (method, event["SEQUENCE"], str(event["STATUS"])) == ("REQUEST", 0, "CONFIRMED")
    assert str(event["ATTENDEE"]) == f"mailto:{visit.family.email}"
    assert event.decoded("dtstart") >= MORNING
    assert event.decoded("dtstart").date() == event.decoded("dtend").date() == MORNING.date()
    assert visit.reference in event["DESCRIPTION"]


def code_to_scan(window: Window, house: House, visit: Visit) -> str:
    """What a scanner reads from the QR code on My arrival."""
    address = f"{house.address}/c/{visit.reference}"
    drawn = window.main.locator(".i-qr path").get_attribute("d")
    assert drawn == qr_path(address)[0]
    return address


def scans_it_themselves(window: Window, code: str) -> None:
    """The camera of a phone opens the address in the code: it tells nothing about the visit."""
    window.go(code)
    assert window.heading == window.t("Show this code at the entrance")


def comes_back_through_the_mail(chromium: Browser, house: House, window: Window, visit: Visit) -> Window:
    """On another device: the link alone opens nothing, a wrong code neither, a new code does. Then the other language and back."""
    other = Window(chromium, house.address, window.language, window.seen, phone=True)
    other.go(visit.mail.link)
    assert other.heading == other.t("Open my arrival")
    assert visit.family.name not in other.main.inner_text()
    other.write(other.labelled("Six-digit code"), "000000" if visit.mail.code != "000000" else "111111")
    other.push("Open")
    assert other.page.title().startswith(other.t("Error:"))
    other.push("Send me a new code")
    fresh = house.mail(visit.family.email, lambda mail: mail.code and mail.code != visit.mail.code)
    other.write(other.labelled("Six-digit code"), fresh.code)
    other.push("Open")
    assert other.heading == other.t("My arrival")
    for language in ({"da": "en", "en": "da"}[window.language], window.language):
        other.language = language
        other.press(other.page.get_by_role("banner").get_by_role("button", name={"da": "Dansk", "en": "English"}[language]))
        assert other.heading == other.t("My arrival")
    return other


def opens(window: Window, mail: Mail) -> None:
    """With the link and the code of the same mail."""
    window.go(mail.link)
    window.write(window.labelled("Six-digit code"), mail.code)
    window.push("Open")


def moves_and_cancels(chromium: Browser, house: House, language: str, seen: Seen) -> None:
    """A second visit, of somebody alone: another time, then none. The calendar follows, on the same event."""
    email = f"second-{language}@example.org"
    reference = house.book("Ewa Nowak", email, language, days=1, citizenship="POL", purpose="study", adults=1)
    window = Window(chromium, house.address, language, seen, phone=True, scripts=False)
    booked = house.mail(email)
    opens(window, booked)
    window.follow("Move")
    window.press(window.main.get_by_role("button", name=window.t("Move to this time")).first)
    assert window.t("Your visit is moved. We have sent you a mail with the new times.") in window.messages
    moved = house.mail(email, lambda mail: mail.invitation and mail.invitation[1]["SEQUENCE"] > 0)
    window.follow("Cancel the visit")
    window.push("Cancel the visit")
    assert window.heading == window.t("Your visit is cancelled")
    cancelled = house.mail(email, lambda mail: mail.invitation and mail.invitation[0] == "CANCEL")
    told = [mail.invitation for mail in (booked, moved, cancelled)]
    assert [found and found[0] for found in told] == ["REQUEST", "REQUEST", "CANCEL"]
    events = [found[1] for found in told if found]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert events[0]["DTSTART"].dt != events[1]["DTSTART"].dt
    assert str(events[2]["STATUS"]) == "CANCELLED"
    saved = window.page.context.request.get(f"/arrival/{reference}/calendar.ics")
    assert (saved.status, "STATUS:CANCELLED" in saved.text()) == (200, True)
    seen.names.add("reception:calendar")
    window.close()


def sees_how_it_went(window: Window, visit: Visit, papers: list[str]) -> None:
    """My arrival after the day: what is done, and which papers to bring next time."""
    window.go(f"/arrival/{visit.reference}/")
    assert window.heading == window.t("Your visit is over")
    ended = window.main.locator(".i-step-status").all_inner_texts()
    assert sorted(ended) == sorted([window.word("done")] * (len(ended) - 1) + [window.word("documents-missing")])
    text = window.main.inner_text()
    assert [paper for paper in papers if paper not in text] == []
