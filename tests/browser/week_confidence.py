"""Early Warning in the middle of a week: a colleague guides a company, and nobody else sees a word of it change."""

from __future__ import annotations

from tests.browser import week_companies as companies
from tests.browser import week_courses as courses
from tests.browser.day_window import Window
from tests.browser.week_house import Week


def seen_of(week: Week, window: Window, name: str) -> dict[str, str]:
    """Everything that somebody can learn of a company, page by page, word for word."""
    company = week.companies[name]
    number = week.addresses[name].rstrip("/").rpartition("/")[2]
    addresses = {
        "page": f"/companies/{number}/",
        "before a call": f"/approach/companies/{number}/",
        "found": f"/companies/?q={name.split()[0]}",
        "found by person": "/companies/?q=Asta+Munk",
        "searched": f"/search/?q={name.split()[0]}",
        "written down again": f"/companies/new/?q={company.cvr}",
        "courses": "/guidance/?whose=ours&state=all",
        "grey zones": "/approach/grey-zones/",
        "figures of the municipality": f"/guidance/figures/?municipality={company.municipality}",
        "figures of Early Warning": "/guidance/figures/?category=early-warning",
        "my day": "/my-day/",
    }
    seen = {}
    for what, address in addresses.items():
        window.page.goto(address)  # looked over elsewhere
        seen[what] = window.main.inner_text()
    return seen


def guides_in_confidence(window: Window, name: str) -> None:
    """Begins a course, talks, adds whom to talk to, notes what nobody else may read."""
    companies.finds(window, name, name)
    courses.begins(window, "Early Warning", (), "The bank has given notice")
    assert window.t("Early Warning") in companies.happened(window)
    note = companies.fold_out(window, "Write a note")
    window.write(companies.within(window, note, "Note"), "Owes the tax agency for two quarters.")
    window.press_here(note.get_by_role("button", name=window.t("Keep the note")), "The note is saved.")
    window.follow("Add a contact")
    window.write(window.labelled("Name"), "Asta Munk")
    window.push("Save")
    assert "Asta Munk" in companies.people(window)
    courses.opens_course(window, "Early Warning")
    assert window.t("Confidential: only the Early Warning team of your organisation sees this course.") in window.main.inner_text()
    courses.logs(window, "Meeting", "Budget gone through with the owner.", "3")
