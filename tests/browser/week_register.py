"""Tables of companies brought in on the page, as the operator's administrator does it: looked at first, a slip is named, then imported."""

from __future__ import annotations

import re
import subprocess

from tests.browser.day_house import INDGANG, PATIENCE
from tests.browser.day_window import Window
from tests.browser.week_house import ELSEWHERE, HUB, OFFICE, Week, companies_file, courses_file, deliveries_file, establishments_file


def hands_in(window: Window, kind: str, content: bytes) -> None:
    """Choose what it is and the file, and look at what would happen."""
    window.go("/imports/")
    window.main.locator("[name=kind]").select_option(kind)
    window.main.locator("[name=file]").set_input_files({"name": f"{kind}.csv", "mimeType": "text/csv", "buffer": content})
    window.push("Check the file")


def told(window: Window, text: str) -> str:
    """What a page of imports says beside one of its words."""
    word = window.main.locator("dt", has_text=re.compile(f"^{re.escape(window.t(text))}$"))
    return word.locator("xpath=following-sibling::dd[1]").inner_text()


def outcome(window: Window) -> tuple[str, ...]:
    """New, changed, unchanged."""
    return told(window, "New"), told(window, "Changed"), told(window, "Unchanged")


def brings_in(window: Window, kind: str, content: bytes, wanted: tuple[str, str, str]) -> None:
    """The preview says what the import then does."""
    hands_in(window, kind, content)
    assert (outcome(window), told(window, "Refused")) == (wanted, "0")
    window.push("Import the table")
    assert outcome(window) == wanted


def brings_in_the_register(week: Week, window: Window) -> None:
    """First with a slip in a CVR number: the row, the column and the reason, and nothing is written. Then as it should be."""
    companies = list(week.companies.values())
    slip = companies[4].cvr
    hands_in(window, "companies", companies_file(companies).replace(slip.encode(), f"{slip[:-1]}{(int(slip[-1]) + 1) % 10}".encode()))
    problem = window.main.locator("[aria-labelledby=problems] tbody tr")
    assert [problem.count(), *problem.locator("th, td").all_inner_texts()[:2]] == [1, "6", "cvr"]
    assert window.named("button", "Import the table").count() == 0
    brings_in(window, "companies", companies_file(companies), (str(len(companies)), "0", "0"))
    brings_in(window, "establishments", establishments_file(week.companies), ("6", "0", "0"))
    hands_in(window, "companies", companies_file(companies))  # handed in once more: nothing is there to do
    assert outcome(window) == ("0", "0", str(len(companies)))


def brings_in_what_was_done(week: Week) -> None:
    """Every organisation's own courses, and the deliveries of all, by the commands that scripts use."""
    tables = {f"courses --as {one}": courses_file(week.companies, one) for one in (HUB, OFFICE, ELSEWHERE)}
    for words, content in {**tables, "deliveries": deliveries_file(week.companies)}.items():
        kind, *more = words.split()
        path = week.house.home / f"{kind}.csv"
        path.write_bytes(content)
        done = subprocess.run(
            [INDGANG, "import", kind, path, *more], env=week.house.environment, capture_output=True, text=True, timeout=PATIENCE
        )
        said = f"{len(content.splitlines()) - 1} created, 0 updated, 0 unchanged"
        assert (done.returncode, done.stdout.strip()) == (0, said), done.stderr
