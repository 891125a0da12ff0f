"""From door to door by the hour and the weekday of the arrival, as tables with their charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _

from indgang.foundation.documents.sections import Line, Picture, Section, in_minutes, largest, with_level
from indgang.foundation.measures.counting import Spread
from indgang.operations.reception.rules.figures import Figures
from indgang.operations.reception.statistics_shapes import between, each_hour, each_weekday, length_bar, on_weekday


def by_hour(figures: Figures) -> Section:
    """Each hour from the first arrival to the last."""
    named = each_hour(figures.stays_by_hour, Spread())
    return _section("stay-hour", _("Door to door by hour of arrival"), _("Hour"), named, between, short=True)


def by_weekday(figures: Figures) -> Section:
    """Monday to Friday, and the days at the end of the week where somebody came on them."""
    named = each_weekday(figures.stays_by_weekday, Spread())
    return _section("stay-weekday", _("Door to door by the weekday"), _("Weekday"), named, on_weekday, short=False)


def _section(
    key: str, title: str, heading: str, named: Sequence[tuple[str, str, Spread]], when: Callable[[str], str], *, short: bool
) -> Section:
    columns = (
        _("Parties"),
        _("From door to door, half at most (minutes)"),
        _("From door to door, nine in ten at most (minutes)"),
    )
    lines = tuple(Line(number, name, (stay.count, stay.median, stay.p90)) for number, name, stay in named)
    known = [row for row in named if row[2].count]
    pictures: tuple[Picture, ...] = ()
    if known:
        (number, _name, longest), level = largest(known, lambda row: (row[2].median, row[2].p90))
        facts = {"when": when(number), "half": in_minutes(longest.median), "most": in_minutes(longest.p90)}
        said = _("Who comes %(when)s is here longest: half of them %(half)s minutes at most (the bar), nine in ten %(most)s (the ring).")
        bars = tuple(length_bar(number if short else name[:3], stay) for number, name, stay in named)
        pictures = (Picture(with_level(said % facts, [row[1] for row in level]), bars),)
    return Section(key, title, heading, columns, lines, pictures, (1,))
