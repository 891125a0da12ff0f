"""A group as a spreadsheet: the columns, reading one that was handed in, the template, and what an employer can take out."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

import xlsxwriter
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.identifiers.countries import UnknownCountry
from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.imports.columns import NO, Cell, Choice, Column, Day, Text, Unreadable, Whole, YesNo, as_text
from indgang.foundation.imports.formulas import harmless
from indgang.foundation.imports.reports import Problem, Unusable
from indgang.foundation.imports.tables import RawRow, read_table
from indgang.foundation.places.models import House
from indgang.operations.reception.employers import EMPLOYEES_AT_MOST, Wanted, checked_person, doubles
from indgang.operations.reception.forms.countries import country_code
from indgang.operations.reception.languages import language_in_words, own_word
from indgang.operations.reception.models import EmployerBooking
from indgang.operations.reception.models.journey import Purpose
from indgang.operations.reception.queries.employers import EmployeeRow, FirstDays
from indgang.operations.reception.queries.resources import spoken_languages
from indgang.operations.reception.rules.groups import Identity

PURPOSES = {
    **{word: word for word in Purpose.values},
    "arbejde": "work",
    "studie": "study",
    "studere": "study",
    "look for a job": "job-seeking",
    "søge arbejde": "job-seeking",
    "job seeking": "job-seeking",
    "familie": "family",
    "join family": "family",
    "self employed": "self-employed",
    "selvstændig": "self-employed",
    "søge job": "job-seeking",  # these as the page's own form words them
    "være sammen med familie": "family",
    "run my own business": "self-employed",
    "drive egen virksomhed": "self-employed",
}
PURPOSE_WORDS = (
    pgettext_lazy("word in a table", "work"),
    pgettext_lazy("word in a table", "study"),
    pgettext_lazy("word in a table", "job-seeking"),
    pgettext_lazy("word in a table", "family"),
    pgettext_lazy("word in a table", "self-employed"),
)
NOBODY = {"none", "nobody", "ingen"}
STAY_AT_MOST = 600
EXAMPLE_AHEAD = dt.timedelta(days=28)


@dataclass(frozen=True, kw_only=True)
class CountryName(Column):
    """A country by its name in English or Danish, or by its code."""

    def read(self, cell: Cell) -> str:
        """The alpha-3 code."""
        text = as_text(cell)
        try:
            return country_code(text)
        except UnknownCountry:
            raise Unreadable(_("We do not know this country. Write its name in English or Danish, or its code, such as DEU.")) from None


@dataclass(frozen=True, kw_only=True)
class Language(Column):
    """A language of the desks by name or code."""

    languages: dict[str, str] = field(default_factory=dict)

    def read(self, cell: Cell) -> str:
        """The code."""
        word = as_text(cell).casefold()
        if word not in self.languages:
            message = _("Nobody at the desks speaks this language. Write one of: %(languages)s.")
            raise Unreadable(message % {"languages": self.named()})
        return self.languages[word]

    def named(self) -> str:
        """The languages by name, in the reader's."""
        reader = get_language() or "en"
        words = {language_in_words(code) for code in self.languages.values()}
        return ", ".join(sorted(words, key=lambda word: alphabetical(word, reader)))


@dataclass(frozen=True, kw_only=True)
class Interpreter(Language):
    """The language of an interpreter by name or code, or that none is needed."""

    def read(self, cell: Cell) -> str:
        """The code; "" = none."""
        word = as_text(cell).casefold()
        if word in NO | NOBODY:
            return ""
        if word not in self.languages:
            message = _("There is no interpreter for this language. Write one of: %(languages)s; or no.")
            raise Unreadable(message % {"languages": self.named()})
        return self.languages[word]


@dataclass(frozen=True, kw_only=True)
class MunicipalityName(Column):
    """A municipality of the region by name or code."""

    codes: dict[str, str] = field(default_factory=dict)

    def read(self, cell: Cell) -> str:
        """The code without leading zero."""
        word = _folded(as_text(cell).casefold().removesuffix(" kommune").lstrip("0"))
        if word not in self.codes:
            raise Unreadable(_("We do not know this municipality. Write its name or its code, such as Aalborg or 851."))
        return self.codes[word]


def _folded(name: str) -> str:
    """So that Ålborg is Aalborg."""
    return alphabetical(name)[0]


def columns_for(house: House) -> tuple[Column, ...]:
    """The columns, with what the house knows. Their `also` hold the Danish headers of the template, and what else people write."""
    codes = {row.code: row.code for row in house.region.municipalities.all()}
    names = {_folded(name): row.code for row in house.region.municipalities.all() for name in (row.title_da, row.title_en) if name}
    spoken, interpreted = spoken_languages(house)
    asked = Interpreter(name="interpreter", title=gettext_lazy("Interpreter"), also=("tolk", "tolkesprog"), languages=words_of(interpreted))
    return (
        Text(name="name", title=gettext_lazy("Name"), also=("navn", "fulde_navn"), key=True, max_length=150),
        Text(name="email", title=gettext_lazy("E-mail"), also=("e-mail", "mail", "mailadresse", "e-mailadresse"), max_length=254),
        CountryName(name="citizenship", title=gettext_lazy("Citizenship"), also=("statsborgerskab", "nationality", "land")),
        Choice(name="purpose", title=gettext_lazy("Purpose"), also=("formål", "årsag", "reason"), words=PURPOSES, told=PURPOSE_WORDS),
        Whole(
            name="stay_months",
            title=gettext_lazy("Stay in months"),
            also=("stay_in_months", "ophold_i_måneder", "måneder"),
            maximum=STAY_AT_MOST,
        ),
        MunicipalityName(name="municipality", title=gettext_lazy("Municipality"), also=("kommune",), codes={**codes, **names}),
        Day(name="arrival", title=gettext_lazy("First day"), also=("first_day", "første_dag", "ankomst")),
        Whole(name="adults", title=gettext_lazy("Adults"), also=("voksne",), minimum=1, maximum=12),
        Whole(name="children", title=gettext_lazy("Children"), also=("børn",), maximum=11),
        Language(name="language", title=gettext_lazy("Language"), also=("sprog",), languages=words_of(spoken | {"da", "en"})),
        *([asked] if interpreted else []),
        Text(name="reference", title=gettext_lazy("Own number"), also=("own_number", "eget_nummer", "medarbejdernummer"), max_length=60),
        YesNo(name="needed", title=gettext_lazy("Must be booked"), also=("must_be_booked", "skal_have_tid")),
    )


def words_of(codes: Collection[str]) -> dict[str, str]:
    """Every way to write one of these languages -> its code: by code, in English, in Danish, and as it calls itself."""
    return {
        name.casefold(): code
        for code in codes
        for name in (code, language_in_words(code, "en"), language_in_words(code, "da"), own_word(code))
    }


@dataclass
class ReadGroup:
    """What a spreadsheet holds: the people, if nothing is wrong with it, else everything that is, in the language of the page."""

    people: list[Wanted] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_group(stream: BinaryIO, *, booking: EmployerBooking, defaults: dict[str, Any]) -> ReadGroup:
    """Read a whole file; empty cells take the defaults for everybody. With one fault nothing of it is used, and all faults are told."""
    found, stood = ReadGroup(), FirstDays(booking)
    columns = columns_for(booking.house)
    titles = {column.name: str(column.title) for column in columns}
    rows: list[tuple[int, Wanted]] = []
    try:
        table = read_table(stream, columns)
        found.notices = table.notices
        for raw in table.rows:
            if len(rows) == EMPLOYEES_AT_MOST + 1:
                break
            wanted, problems = _read_row(raw, columns, booking, defaults, stood)
            found.problems += problems
            rows.append((raw.number, wanted))
    except Unusable as error:
        problem = error.problem
        found.problems.append(Problem(problem.row, titles.get(problem.column, problem.column), problem.value, problem.message))
        return found
    if not rows:
        found.problems.append(Problem(0, "", "", _("The file has a header and no people. Write one person in each row.")))
    if len(rows) > EMPLOYEES_AT_MOST:
        found.problems.append(Problem(0, "", "", _("The file has more than %(most)s people. Divide it.") % {"most": EMPLOYEES_AT_MOST}))
    for number, name, value, first in doubles(rows):
        of_email = _("Row %(first)s has the same. Leave an e-mail address empty where you want the e-mail yourself.")
        message = of_email if name == "email" else _("Row %(first)s has the same.")
        found.problems.append(Problem(number, titles[name], value, message % {"first": first}))
    found.problems.sort(key=lambda problem: problem.row)
    found.people = [] if found.problems else [wanted for _number, wanted in rows]
    return found


def _read_row(
    raw: RawRow, columns: Sequence[Column], booking: EmployerBooking, defaults: dict[str, Any], stood: Callable[[Identity], dt.date | None]
) -> tuple[Wanted, list[Problem]]:
    """The person, and everything that is wrong with the row: cells that cannot be read, and what cannot be of those that can.

    Without a fault the person is whole; else as far as they could be read, with nothing in place of what is wrong.
    """
    values: dict[str, Any] = {"name": "", **defaults}
    unread: dict[str, str] = {}
    for column in columns:
        cell = raw.cells.get(column.name)
        if cell is None:
            if column.key:
                unread[column.name] = _("This must be filled in.")
            continue
        try:
            values[column.name] = column.read(cell)
        except Unreadable as error:
            unread[column.name] = str(error)
    fields: dict[str, str] = {}
    wanted = checked_person(Wanted(**values), fields, house=booking.house, contact_email=booking.email, stood=stood)
    faults = fields | unread
    shown = {name: as_text(raw.cells.get(name)) if name in unread else str(values.get(name) or "") for name in faults}
    problems = [Problem(raw.number, "", raw.extra, _("The row has more cells than the header."))] if raw.extra else []
    for column in columns:
        if column.name in faults:
            problems.append(Problem(raw.number, str(column.title), shown[column.name][:60], faults[column.name]))
    email, reference = ("" if name in faults else value for name, value in (("email", wanted.email), ("reference", wanted.reference)))
    return replace(wanted, email=email, reference=reference), problems


Written = str | int | dt.date | dt.time
EXAMPLE_COLUMNS = (
    *("name", "email", "citizenship", "purpose", "stay_months", "municipality", "arrival", "adults", "children", "language", "interpreter"),
    *("reference", "needed"),
)
EXAMPLES = {
    "en": ("Anna Nowak", "anna.nowak@example.com", "Poland", "work", "24", "Aalborg", "", "2", "1", "English", "no", "1001", "yes"),
    "da": ("Anna Nowak", "anna.nowak@example.com", "Polen", "arbejde", "24", "Aalborg", "", "2", "1", "engelsk", "nej", "1001", "ja"),
}


def template_lines(house: House) -> list[list[str]]:
    """The header alone, in the language of the page: whoever stands in a row is booked, an example too."""
    return [[str(column.title) for column in columns_for(house)]]


def example_row(house: House) -> list[tuple[str, str]]:
    """A row as somebody may write it, in the language of the page: each header, and what stands under it."""
    danish = (get_language() or "en").startswith("da")
    example = dict(zip(EXAMPLE_COLUMNS, EXAMPLES["da" if danish else "en"], strict=True))
    day = clock.today(house.zone) + EXAMPLE_AHEAD
    example["arrival"] = f"{day.day}.{day.month}.{day.year}" if danish else day.isoformat()
    return [(str(column.title), example[column.name]) for column in columns_for(house)]


def export_lines(rows: Sequence[EmployeeRow], states: dict[str, str]) -> Iterator[list[Written]]:
    """The group as its page shows it; one line for each day somebody comes."""
    yield [_("Name"), _("E-mail"), _("Own number"), _("State"), _("Date"), _("From"), _("To"), _("People")]
    for row in rows:
        one = row.employee
        times: Sequence[tuple[dt.datetime | None, dt.datetime | None]] = row.times or ((None, None),)
        for starts, ends in times:
            when = [starts.date() if starts else "", starts.time() if starts else "", ends.time() if ends else ""]
            yield [one.name, one.email, one.reference, states[row.state], *when, one.adults + one.children]


def as_csv(lines: Sequence[Sequence[Written]]) -> bytes:
    """Semicolons and UTF-8 with its mark, as Excel opens it in Denmark; days and times as ISO 8601 has them.

    A text that a spreadsheet would run is made harmless.
    """
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([[_harmless(cell) for cell in line] for line in lines])
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: Written) -> Written:
    if isinstance(cell, dt.time):
        return cell.isoformat("minutes")
    return harmless(cell) if isinstance(cell, str) else cell


def as_xlsx(lines: Sequence[Sequence[Written]], title: str) -> bytes:
    """A workbook with one sheet; texts stay texts, and days and times can be sorted and counted with, shown as on the pages."""
    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True})
    sheet = book.add_worksheet(title[:31])
    danish = (get_language() or "en").startswith("da")
    shown = {dt.date: "d.m.yyyy" if danish else "d mmm yyyy", dt.time: 'h"."mm'}
    looks: dict[type, Any] = {kind: book.add_format({"num_format": form, "align": "left"}) for kind, form in shown.items()}
    bold = book.add_format({"bold": True})
    for number, line in enumerate(lines):
        for column, cell in enumerate(line):
            sheet.write(number, column, cell, bold if number == 0 else looks.get(type(cell)))
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    book.close()
    return packed.getvalue()
