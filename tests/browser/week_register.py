"""Tables of companies brought in on the page, as the operator's administrator does it: looked at first, a slip is named, then imported."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from dataclasses import replace

from tests.browser.day_house import INDGANG, PATIENCE
from tests.browser.day_window import Window
from tests.browser.week_house import Week
from tests.browser.week_tables import ELSEWHERE, HUB, OFFICE, Company, companies_file, courses_file, deliveries_file, establishments_file


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


def brings_in_a_change(week: Week, window: Window, new: Company, grown: str, employees: str) -> None:
    """A month's changes of the register: somebody has got a number by now, somebody else has grown."""
    before = week.companies[grown]
    content = companies_file([new, replace(before, employees=employees)])
    hands_in(window, "companies", content)
    assert outcome(window) == ("1", "1", "0")
    assert f"employees: {before.employees} → {employees}" in window.main.inner_text()
    window.push("Import the table")
    week.companies[new.name] = new


def taken_out(week: Week) -> list[tuple[str, ...]]:
    """The table of courses as the program takes it out for everybody, without what only it can know."""
    file = week.house.home / "taken-out.csv"
    status, said = week.house.run("export", "courses", "--out", str(file))
    assert status == 0, said
    rows = csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig")))
    return sorted(
        tuple(row[name] for name in ("cvr", "p_number", "organisation", "category", "fields", "started", "ended")) for row in rows
    )


def as_played(week: Week) -> list[tuple[str, ...]]:
    """The same as it was played, without what is confidential, and what no table can name: companies without a number."""
    return sorted(
        (
            week.companies[one.company].cvr,
            one.unit,
            one.organisation,
            one.category,
            "|".join(one.fields),
            one.started.isoformat(),
            one.ended.isoformat() if one.ended else "",
        )
        for one in week.played.courses
        if week.companies[one.company].cvr and not one.confidential
    )
