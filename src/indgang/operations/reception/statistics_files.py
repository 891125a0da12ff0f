"""The statistics as a report: what the Excel workbook and the CSV file say."""

from __future__ import annotations

from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.documents.reports import Report
from indgang.foundation.documents.sections import Value
from indgang.foundation.measures.counting import Spread
from indgang.foundation.ui.words import short_day, time_in_words
from indgang.operations.reception.statistics_answers import Answers
from indgang.operations.reception.statistics_sections import Statistics


def report_of(statistics: Statistics, answers: Answers) -> Report:
    """A house in a period, with what was answered after the visits."""
    return Report(
        kind="house",
        key=statistics.scope.house.key,
        heading=_("House"),
        source=source_of(statistics),
        summary=[*summary_of(statistics), *answers.summary],
        sections=[*statistics.sections, *answers.sections],
    )


def summary_of(statistics: Statistics) -> list[tuple[str, str, Value]]:
    """The figures of the whole house: key, title and value."""
    figures = statistics.figures
    lengths = (
        ("waiting", _("Waiting time"), figures.total.waiting),
        ("walking", _("Time on the way to the desk"), figures.total.walking),
        ("service-time", _("Time at the desk"), figures.total.service),
        ("door-to-door", _("From door to door"), figures.door_to_door),
    )
    rows: list[tuple[str, str, Value]] = [
        ("citizens-served", _("Citizens served"), figures.citizens_served),
        ("steps", _("Steps"), figures.total.steps),
    ]
    for key, title, spread in lengths:
        rows += _of_spread(key, title, spread)
    return [
        *rows,
        ("no-shows", _("Did not come"), figures.not_come),
        ("not-known", _("Not known whether they came"), figures.not_known),
        ("not-served", _("Not served"), figures.not_served),
        ("occupancy", _("Occupancy of desks"), statistics.occupancy),
    ]


def _of_spread(key: str, title: str, spread: Spread) -> list[tuple[str, str, Value]]:
    return [
        (f"{key}-count", _("%(what)s: how many are known") % {"what": title}, spread.count),
        (f"{key}-median", _("%(what)s: half at most (minutes)") % {"what": title}, spread.median),
        (f"{key}-p90", _("%(what)s: nine in ten at most (minutes)") % {"what": title}, spread.p90),
    ]


def source_of(statistics: Statistics) -> str:
    """What a file says of itself."""
    scope = statistics.scope
    facts = {"house": scope.house.title, "first": short_day(scope.first), "last": short_day(scope.last)}
    now, zone = clock.now(), scope.house.zone
    written = {"day": short_day(now, zone), "time": time_in_words(now, zone)}
    return _("%(house)s, %(first)s to %(last)s. Source: Indgang, %(day)s at %(time)s.") % {**facts, **written}
