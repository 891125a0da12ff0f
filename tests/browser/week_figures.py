"""The page of figures and its files, read as a leader reads them, to be laid beside what was counted anew."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import openpyxl
from tests.browser.day_window import Window
from tests.browser.week_companies import fold_out, push, within
from tests.browser.week_house import TITLES
from tests.browser.week_played import Played

Line = tuple[int | None, int | None]
Summary = dict[str, int | tuple[int, int] | None]
TABLES = ("category", "field", "municipality", "organisation", "month", "delivery", "delivery-municipality")


def number_of(text: str) -> int | None:
    """A number of the page; None where there is none to tell."""
    return int(text) if text.isdigit() else None


def cards(window: Window) -> dict[str, str]:
    """The figures of the whole by their titles: number and note."""
    found = window.main.locator(".i-key-figure").all()
    return {lines[0]: " ".join(lines[1:]) for lines in ([line for line in one.inner_text().splitlines() if line.strip()] for one in found)}


def guided(window: Window) -> int:
    """How many companies were guided this year, as the first figure of the page says."""
    window.go("/guidance/figures/")
    return int(next(iter(cards(window).values())).split()[0])


def tables(window: Window) -> dict[tuple[str, str], Line]:
    """Every line of every table on the page, by table and name."""
    lines = {}
    for name in TABLES:
        for row in window.main.locator(f"#table-{name} tbody tr").all():
            title, units, rows = row.locator("th, td").all_inner_texts()
            lines[name, title] = (number_of(units), number_of(rows))
    return lines


def of_csv(content: bytes) -> tuple[Summary, dict[tuple[str, str], Line], dict[tuple[str, str], str]]:
    """The CSV file: its summary, its lines by table and key, and what each line is called."""
    summary: Summary = {}
    lines: dict[tuple[str, str], list[int | None]] = {}
    names: dict[tuple[str, str], str] = {}
    [_head, *rows] = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    for table, key, name, _figure, value, part, whole in rows:
        if table == "guidance":
            summary[key] = (int(part), int(whole)) if part else number_of(value)
        else:
            lines.setdefault((table, key), []).append(number_of(value))
            names[table, key] = name
    return summary, {key: (units, number) for key, (units, number) in lines.items()}, names


def of_xlsx(content: bytes) -> list[dict[str, Line]]:
    """The Excel file, sheet by sheet after the first, as lines by name."""
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return [{str(row[0]): (cell(row[1]), cell(row[2])) for row in list(sheet.values)[1:] if row[0]} for sheet in book.worksheets[1:]]


def cell(value: Any) -> int | None:
    """What stands in a cell."""
    return None if value in (None, "") else int(value)


def are_what_was_played(window: Window, played: Played) -> None:
    """Page, Excel and CSV file say the same, and it is what was played, counted beside the program."""
    window.go("/my-day/")
    window.menu("Figures")
    summary, lines, names = of_csv(window.download(window.named("link", "Download as CSV")))
    assert summary == played.summary(played.company_of)
    keys = {title: key for key, titles in TITLES.items() for title in titles}  # the file has organisations by their number
    counted = played.tables(played.company_of, lambda row: row.municipality)
    assert {(table, keys.get(names[table, key], key)): line for (table, key), line in lines.items()} == counted
    shown = tables(window)
    assert shown == {(table, names[table, key]): line for (table, key), line in lines.items()}
    sheets = [{name: line for (table, name), line in shown.items() if table == one} for one in TABLES]
    assert of_xlsx(window.download(window.named("link", "Download as Excel"))) == sheets
    new, of_all = summary["new"]  # type: ignore[misc]
    told = [str(one) for one in summary.values()]
    told[2] = f"{new * 100 / of_all:.0f}"
    assert [re.findall(r"\d+", card)[0] for card in cards(window).values()] == told


def are_counted_by_place(window: Window, played: Played) -> None:
    """The same by places of work, asked for with the form."""
    place = fold_out(window, "Other days, one organisation, a category, a field or a municipality")
    window.select(within(window, place, "Count"), window.t("Establishments (P-number)"))
    push(window, place, "Show these figures")
    summary, lines, _names = of_csv(window.download(window.named("link", "Download as CSV")))
    assert summary == played.summary(played.unit_of)
    counted = played.tables(played.unit_of, lambda row: row.place)
    assert {key: line for key, line in lines.items() if key[0] != "organisation"} == {
        key: line for key, line in counted.items() if key[0] != "organisation"
    }
    parts = sum(units or 0 for (table, _key), (units, _rows) in lines.items() if table == "municipality")
    assert parts >= int(cards(window)[window.t("Establishments guided")].split()[0])  # a whole is never more than its parts


def open_to_their_rows(window: Window, played: Played, organisation: str, *, of_team: bool) -> None:
    """The first number, down to what it counts: one's own by name, others' as numbers; of Early Warning that there is one."""
    window.go("/guidance/figures/")
    window.press(window.main.locator(".i-key-figure a").first)
    text, running = window.main.inner_text(), played.running()
    rows, units = map(int, re.findall(r"^(\d+) \w+, (\d+) ", text, re.MULTILINE)[0])
    assert (rows, units) == (len(running), len({one.company for one in running}))
    open_ones = [one for one in running if of_team or not one.confidential]
    shown = [row.locator("th").inner_text() for row in window.main.locator("table tbody tr").all()]
    assert sorted(shown) == sorted(one.company for one in open_ones if one.organisation == organisation)
    others = text.partition(window.t("Registered by others, whose rows you see as a number only:"))[2].partition("\n")[0]
    assert sum(map(int, re.findall(r" (\d+)[,.]", others))) == sum(one.organisation != organisation for one in open_ones)
    hidden = len(running) - len(open_ones)
    assert (window.t("%(number)s confidential.", number=hidden) in text) == bool(hidden)
    secret = {one.company for one in running if one.confidential}
    assert of_team or not any(one in text for one in secret)


def tell_of_visits(window: Window, company: str) -> None:
    """From the number of screening visits to where they were, and to the visits themselves."""
    window.go("/guidance/figures/")
    window.press(window.main.locator(".i-key-figure a").last)
    assert window.heading == window.t("Screening visits by municipality")
    window.press(window.main.locator(".i-key-figure a").first)
    assert [row.locator("th").inner_text() for row in window.main.locator("table tbody tr").all()] == [company]
