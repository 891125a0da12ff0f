"""The figures of guidance as tables with their charts: what the page, the Excel file and the CSV file show alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace

from django.utils.dates import MONTHS, MONTHS_3
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from indgang.foundation.database import clock
from indgang.foundation.documents.reports import Report
from indgang.foundation.documents.sections import Line, Picture, Section, Value, largest, with_level
from indgang.foundation.identity.models import Organisation
from indgang.foundation.measures.counting import Share
from indgang.foundation.ui.charts import Bar, Tile
from indgang.foundation.ui.words import number_in_words, short_day, time_in_words
from indgang.operations.guidance.models import Category, DeliveryKind
from indgang.operations.guidance.queries.figures_told import SHORT_AND_EARLY_WARNING, Guidance, Part
from indgang.operations.guidance.rules.confidential import Split, told
from indgang.operations.guidance.rules.figures import Level, each, grouped
from indgang.registers.parties.models import Field

REST = "rest"
MONTHS_SIDE_BY_SIDE = 12


def unit_word(level: Level) -> str:
    """What is counted, as the heading of a column."""
    return _("Companies") if level == Level.COMPANY else _("Establishments")


def summary_of(guidance: Guidance) -> list[tuple[str, str, Value]]:
    """The figures of the whole: key, title and value; None where nothing is told."""
    total, new = guidance.total, guidance.new
    of_companies = guidance.asked.level == Level.COMPANY
    share = None if new.value is None else Share(new.value, total.units.value or 0)
    given = told(guidance.deliveries, guidance.unit)
    screened, visits = guidance.visits
    served = _("Companies informed or served") if of_companies else _("Establishments informed or served")
    return [
        ("guided", _("Companies guided") if of_companies else _("Establishments guided"), total.units.value),
        ("courses", _("Guidance courses"), total.rows.value),
        ("new", _("New against the year before"), share),
        ("informed-or-served", served, given.value),
        ("deliveries", _("Deliveries"), len(guidance.deliveries)),
        ("screened", _("Companies screened") if of_companies else _("Establishments screened"), screened),
        ("screenings", _("Screening visits held"), visits),
    ]


def sections_of(guidance: Guidance) -> tuple[Section, ...]:
    """Every table that has something to say."""
    asked = guidance.asked
    sections = [_categories(guidance), _fields(guidance)]
    if guidance.told_by_municipality and not asked.municipality:
        sections.append(_municipalities(guidance))
    if not asked.scope.organisation:
        sections.append(_organisations(guidance))
    sections += [_months(guidance), _deliveries(guidance)]
    if not asked.municipality:
        sections.append(_deliveries_by_municipality(guidance))
    return tuple(section for section in sections if section.lines)


def report_of(guidance: Guidance) -> Report:
    """The same as a file says it."""
    scope = guidance.asked.scope
    organisation = scope.organisation
    now = clock.now()
    facts = {
        "whose": organisation.title if organisation else scope.region.title,
        "first": short_day(scope.first),
        "last": short_day(scope.last),
        "day": short_day(now, scope.region.zone),
        "time": time_in_words(now, scope.region.zone),
    }
    source = _("Guidance of companies, %(whose)s, %(first)s to %(last)s. Source: Indgang, %(day)s at %(time)s.") % facts
    key = organisation.key if organisation else scope.region.key
    return Report("guidance", key, _("Guidance"), source, summary_of(guidance), sections_of(guidance))


def _lines(parts: Iterable[tuple[str, Part]], name: Callable[[str], str]) -> tuple[Line, ...]:
    return tuple(Line(key, name(key), (part.units.value, part.rows.value)) for key, part in parts)


def _columns(guidance: Guidance) -> tuple[str, ...]:
    return unit_word(guidance.asked.level), _("Courses")


def _largest_first(parts: dict[str, Part]) -> list[tuple[str, Part]]:
    return sorted(parts.items(), key=lambda row: (row[0] == "", -(row[1].units.value or 0), row[0]))


def _picture(lines: tuple[Line, ...], said: str) -> tuple[Picture, ...]:
    """Lying bars of the first column; `said` with the name and the number of the largest."""
    counted = [(line, line.values[0]) for line in lines if isinstance(line.values[0], int)]
    if not any(value for _line, value in counted):
        return ()
    (top, value), level = largest(counted, lambda row: row[1])
    message = said % {"name": top.name, "number": number_in_words(value)}
    bars = tuple(Bar(line.name, count, number_in_words(count)) for line, count in counted)
    return (Picture(with_level(message, [line.name for line, _count in level]), bars, lying=True),)


def _categories(guidance: Guidance) -> Section:
    names: dict[str, str] = {
        **{str(key): str(label) for key, label in Category.choices},
        SHORT_AND_EARLY_WARNING: _("Short and Early Warning together"),
    }
    lines = _lines(guidance.by_category().items(), lambda key: names[key])
    note = ""
    if any(line.values[0] is None for line in lines):
        note = _("Early Warning is told by itself where it is five companies or more; it is counted in the whole.")
    if not any(any(line.values) for line in lines):
        lines = ()
    pictures = _picture(lines, _("Most are in %(name)s: %(number)s."))
    return Section("category", _("By category"), _("Category"), _columns(guidance), lines, pictures, note=note)


def _fields(guidance: Guidance) -> Section:
    names = {**{str(key): str(label) for key, label in Field.choices}, "": pgettext("field", "None named")}
    lines = _lines(_largest_first(guidance.by_field()), lambda key: names.get(key, key))
    pictures = _picture(lines, _("Most are guided in %(name)s: %(number)s."))
    note = _("A course of several fields counts in each.")
    return Section("field", _("By field"), _("Field"), _columns(guidance), lines, pictures, note=note)


def _organisations(guidance: Guidance) -> Section:
    parts = guidance.by_organisation()
    titles = {str(row.pk): row.title for row in Organisation.objects.filter(pk__in=map(int, parts))}
    lines = _lines(_largest_first(parts), lambda key: titles[key])
    pictures = _picture(lines, _("%(name)s guides most: %(number)s.")) if len(lines) > 1 else ()
    return Section("organisation", _("By organisation"), _("Organisation"), _columns(guidance), lines, pictures)


def _months(guidance: Guidance) -> Section:
    """Up to this month: what comes is not known."""
    today = clock.today(guidance.asked.scope.region.zone)
    parts = [(key, part) for key, part in guidance.by_month().items() if key <= f"{today:%Y-%m}"]
    lines = _lines(parts, _month)
    pictures = _picture(lines, _("Most were guided in %(name)s: %(number)s."))
    if pictures and len(lines) <= MONTHS_SIDE_BY_SIDE:
        bars = tuple(replace(bar, label=_month(line.key, short=True)) for bar, line in zip(pictures[0].bars, lines, strict=True))
        pictures = (Picture(pictures[0].caption, bars),)
    note = _("A course counts in each month in which it ran.")
    return Section("month", _("By month"), _("Month"), _columns(guidance), lines, pictures, note=note)


def _month(key: str, short: bool = False) -> str:
    month = dt.date.fromisoformat(f"{key}-01")
    return f"{MONTHS_3[month.month]}" if short else f"{MONTHS[month.month]} {month.year}"


def _municipal_lines(guidance: Guidance, units: Split, rows: Split) -> tuple[Line, ...]:
    unknown = pgettext("municipality", "Not known")
    titles = {code: one.title for code, one in guidance.municipalities.items()}
    lines = [
        Line(code, titles.get(code) or code or unknown, (one.value, rows.parts[code].value))
        for code, one in units.parts.items()
        if code in guidance.municipalities or one.value or rows.parts[code].value
    ]
    if units.rest.value or rows.rest.value:
        lines.append(Line(REST, _("Not told by municipality"), (units.rest.value, rows.rest.value)))
    return tuple(lines) if any(any(line.values) for line in lines) else ()


def _on_the_map(guidance: Guidance, lines: tuple[Line, ...]) -> tuple[Picture, ...]:
    """The municipalities as tiles where the region has a map; as bars where it has none."""
    values = {line.key: line.values[0] for line in lines}
    tiles = [
        Tile(row.title, (row.tile[0], row.tile[1]), value, number_in_words(value))
        for code, row in guidance.municipalities.items()
        if row.tile and isinstance(value := values.get(code), int)
    ]
    pictures = _picture(tuple(line for line in lines if line.key != REST), _("Most are in %(name)s: %(number)s."))
    return tuple(replace(picture, tiles=tuple(tiles)) for picture in pictures)


def _overlap(whole: int, units: Split, word: str) -> str:
    """How many are counted in more than one municipality."""
    parts = sum(one.value or 0 for one in units.parts.values()) + (units.rest.value or 0)
    facts = {"parts": number_in_words(parts), "whole": number_in_words(whole), "overlap": number_in_words(parts - whole), "word": word}
    if parts == whole:
        return ""
    said = ngettext(
        "Together the municipalities have %(parts)s, the whole is %(whole)s: %(overlap)s is counted in more than one of them.",
        "Together the municipalities have %(parts)s, the whole is %(whole)s: %(overlap)s are counted in more than one of them.",
        parts - whole,
    )
    return said % facts


def _municipalities(guidance: Guidance) -> Section:
    units, rows = guidance.by_municipality(guidance.courses, guidance.unit), guidance.by_municipality(guidance.courses, each)
    lines = _municipal_lines(guidance, units, rows)
    notes = [_overlap(guidance.total.units.value or 0, units, unit_word(guidance.asked.level))]
    if units.rest.value or rows.rest.value:
        notes.append(
            _("Municipalities with fewer than five companies leave out what is confidential; it stands together on a line of its own.")
        )
    pictures = _on_the_map(guidance, lines)
    title, note = _("By municipality"), " ".join(filter(None, notes))
    return Section("municipality", title, _("Municipality"), _columns(guidance), lines, pictures, note=note)


def _deliveries(guidance: Guidance) -> Section:
    found = grouped(guidance.deliveries, lambda row: [row.kind])
    lines = _lines(
        ((key, guidance.part(found[key])) for key in DeliveryKind.values if key in found), lambda key: str(DeliveryKind(key).label)
    )
    columns = (unit_word(guidance.asked.level), _("Deliveries"))
    return Section("delivery", _("Information and service"), _("Kind"), columns, lines, ())


def _deliveries_by_municipality(guidance: Guidance) -> Section:
    units, rows = guidance.by_municipality(guidance.deliveries, guidance.unit), guidance.by_municipality(guidance.deliveries, each)
    lines = _municipal_lines(guidance, units, rows)
    word = unit_word(guidance.asked.level)
    note = _overlap(told(guidance.deliveries, guidance.unit).value or 0, units, word)
    pictures = _on_the_map(guidance, lines)
    title, columns = _("Information and service by municipality"), (word, _("Deliveries"))
    return Section("delivery-municipality", title, _("Municipality"), columns, lines, pictures, note=note)
