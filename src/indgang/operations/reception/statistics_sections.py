"""The statistics of a house as tables with their charts: what the page, the Excel file and the CSV file show alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indgang.foundation.documents.sections import Line, Picture, Section, Value, in_minutes, largest, with_level
from indgang.foundation.measures.counting import Share
from indgang.foundation.measures.declared import Scope
from indgang.foundation.ui.charts import Bar
from indgang.foundation.ui.words import number_in_words, share_in_words
from indgang.operations.reception.measures import occupancy
from indgang.operations.reception.models import Desk, Service
from indgang.operations.reception.queries.statistics import figures_of_house
from indgang.operations.reception.rules.figures import NO_STEPS, Figures, StepFigures
from indgang.operations.reception.statistics_residence import by_municipality
from indgang.operations.reception.statistics_shapes import between, each_hour, each_weekday, length_bar, on_weekday
from indgang.operations.reception.statistics_stays import by_hour, by_weekday
from indgang.operations.reception.statistics_unserved import by_arrival, by_day, not_known_by_day, not_served_by_service


@dataclass(frozen=True)
class Statistics:
    """Everything about a house in a period."""

    scope: Scope
    figures: Figures
    occupied: Mapping[str, Share]
    sections: tuple[Section, ...]

    @property
    def occupancy(self) -> Share:
        """Of all desks together."""
        return Share(sum(one.part for one in self.occupied.values()), sum(one.whole for one in self.occupied.values()))


def statistics_of(scope: Scope) -> Statistics:
    """Read and arrange them. Whoever shows them asks `permissions.see_statistics`."""
    figures = figures_of_house(scope)
    occupied = occupancy(scope, figures)
    services = {row.key: row.title for row in Service.objects.filter(region=scope.house.region_id)}
    desks = {row.key: row.title for row in Desk.objects.filter(house=scope.house).order_by("id")}
    sections = (
        _hours(figures),
        _weekdays(figures),
        _services(figures, services),
        by_hour(figures),
        by_weekday(figures),
        not_known_by_day(figures),
        by_day(figures),
        by_arrival(figures),
        not_served_by_service(figures, services),
        _desks(figures, occupied, desks),
        by_municipality(figures),
    )
    return Statistics(scope, figures, occupied, tuple(section for section in sections if section.lines))


def _step_columns() -> tuple[str, ...]:
    return (
        _("Steps"),
        _("Waiting, half at most (minutes)"),
        _("Waiting, nine in ten at most (minutes)"),
        _("At the desk, half at most (minutes)"),
        _("On the way, half at most (minutes)"),
    )


def _step_values(one: StepFigures) -> tuple[Value, ...]:
    return one.steps, one.waiting.median, one.waiting.p90, one.service.median, one.walking.median


def _hours(figures: Figures) -> Section:
    return _of_time("hour", _("By the hour"), _("Hour"), each_hour(figures.by_hour, NO_STEPS), between, short=True)


def _weekdays(figures: Figures) -> Section:
    named = each_weekday(figures.by_weekday, NO_STEPS)
    return _of_time("weekday", _("By the weekday"), _("Weekday"), named, on_weekday, short=False)


def _of_time(
    key: str, title: str, heading: str, named: Sequence[tuple[str, str, StepFigures]], when: Callable[[str], str], *, short: bool
) -> Section:
    lines = tuple(Line(number, name, _step_values(one)) for number, name, one in named)
    total = sum(one.steps for _number, _name, one in named)

    def label(number: str, name: str) -> str:
        return number if short else name[:3]

    steps = tuple(Bar(label(number, name), one.steps, number_in_words(one.steps)) for number, name, one in named)
    waits = tuple(length_bar(label(number, name), one.waiting) for number, name, one in named)
    pictures = []
    if total:
        (number, _name, most), level = largest(named, lambda row: row[2].steps)
        facts = {"when": when(number), "part": number_in_words(most.steps), "whole": number_in_words(total)}
        said = _("Most steps begin %(when)s: %(part)s of %(whole)s.") % facts
        pictures.append(Picture(with_level(said, [row[1] for row in level]), steps))
    waited = [row for row in named if row[2].waiting.count]
    if waited:
        (number, _name, longest), level = largest(waited, lambda row: (row[2].waiting.median, row[2].waiting.p90))
        facts = {"when": when(number), "half": in_minutes(longest.waiting.median), "most": in_minutes(longest.waiting.p90)}
        said = _("People wait longest %(when)s: half of them %(half)s minutes at most (the bar), nine in ten %(most)s (the ring).") % facts
        pictures.append(Picture(with_level(said, [row[1] for row in level]), waits))
    return Section(key, title, heading, _step_columns(), lines, tuple(pictures), (0, 1))


def _services(figures: Figures, titles: Mapping[str, str]) -> Section:
    ordered = sorted(figures.by_service.items(), key=lambda row: (-row[1].steps, row[0]))
    lines = tuple(Line(key, titles.get(key, key), _step_values(one)) for key, one in ordered)
    bars = tuple(Bar(titles.get(key, key), one.steps, number_in_words(one.steps)) for key, one in ordered)
    pictures: tuple[Picture, ...] = ()
    if bars:
        facts = {"service": bars[0].label, "part": bars[0].text, "whole": number_in_words(figures.total.steps)}
        said = _("The most frequent service is “%(service)s”: %(part)s of %(whole)s steps.") % facts
        pictures = (Picture(with_level(said, [one.label for one in bars[1:] if one.value == bars[0].value]), bars, lying=True),)
    return Section("service", _("By service"), _("Service"), _step_columns(), lines, pictures)


def _desks(figures: Figures, occupied: Mapping[str, Share], titles: Mapping[str, str]) -> Section:
    lines, bars = [], []
    for key, share in occupied.items():
        steps = figures.by_desk.get(key, NO_STEPS).steps
        lines.append(Line(key, titles.get(key, key), (steps, share.part, share.whole, Share(share.part, share.whole))))
        if share.whole:
            bars.append(Bar(titles.get(key, key), share.value or 0, share_in_words(share.value)))
    pictures: tuple[Picture, ...] = ()
    if bars:
        (key, most), level = largest(list(occupied.items()), lambda row: row[1].value or 0)
        counts = {"part": number_in_words(most.part), "whole": number_in_words(most.whole)}
        facts = {"desk": titles.get(key, key), "share": share_in_words(most.value), **counts}
        said = _("%(desk)s was occupied most: %(share)s (%(part)s of %(whole)s open minutes).") % facts
        pictures = (Picture(with_level(said, [titles.get(row[0], row[0]) for row in level]), tuple(bars), lying=True),)
    columns = (_("Steps"), _("Minutes at the desk"), _("Minutes open"), _("Occupancy"))
    return Section("desk", _("Occupancy of desks"), _("Desk"), columns, tuple(lines), pictures, (3,))
