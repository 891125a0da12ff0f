"""Who was in the house when it closed and was not served, by day, hour and service; and of whom nobody noted whether they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from indgang.foundation.documents.sections import Line, Picture, Section
from indgang.foundation.ui.charts import Bar
from indgang.foundation.ui.words import day_in_words, number_in_words
from indgang.operations.reception.rules.figures import Figures
from indgang.operations.reception.statistics_shapes import each_hour


def not_known_by_day(figures: Figures) -> Section:
    """The days with booked parties of which nobody noted whether they came."""
    named = [(day.isoformat(), day_in_words(day), count) for day, count in sorted(figures.not_known_by_day.items())]
    said = _("Of how many booked parties nobody noted whether they came.")
    return _section("unknown-day", _("Not known whether they came"), _("Day"), named, said, _("Parties"))


def by_day(figures: Figures) -> Section:
    """The days on which somebody was not served."""
    named = [(day.isoformat(), day_in_words(day), count) for day, count in sorted(figures.not_served_by_day.items())]
    return _section(
        "unserved-day",
        _("Not served, by the day"),
        _("Day"),
        named,
        _("How many steps people waited for until the house closed."),
        _("Not served"),
    )


def by_arrival(figures: Figures) -> Section:
    """Each hour from the first to the last in which somebody came who was not served."""
    named = each_hour(figures.not_served_by_hour, 0)
    said = _("When those came who were not served.")
    return _section("unserved-hour", _("Not served, by hour of arrival"), _("Hour"), named, said, _("Not served"))


def not_served_by_service(figures: Figures, titles: Mapping[str, str]) -> Section:
    """What people waited for in vain, the most frequent first."""
    ordered = sorted(figures.not_served_by_service.items(), key=lambda row: (-row[1], row[0]))
    named = [(key, titles.get(key, key), count) for key, count in ordered]
    said = _("What people waited for until the house closed.")
    return _section("unserved-service", _("Not served, by service"), _("Service"), named, said, _("Not served"), lying=True)


def _section(
    key: str, title: str, heading: str, named: Sequence[tuple[str, str, int]], said: str, counted: str, *, lying: bool = False
) -> Section:
    lines = tuple(Line(number, name, (count,)) for number, name, count in named)
    bars = tuple(Bar(name, count, number_in_words(count)) for _number, name, count in named)
    return Section(key, title, heading, (counted,), lines, (Picture(said, bars, lying=lying),) if bars else ())
