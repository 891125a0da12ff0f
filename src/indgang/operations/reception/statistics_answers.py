"""The answers after visits as tables with their charts: what the page, the Excel file and the CSV file show alike.

A question that fewer than five answered has no lines anywhere: not one of its counts can be worked out from the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from indgang.foundation.documents.sections import Line, Picture, Section, Value, largest, with_level
from indgang.foundation.measures.counting import Share
from indgang.foundation.measures.declared import Scope
from indgang.foundation.ui.charts import Bar
from indgang.foundation.ui.words import number_in_words, share_in_words
from indgang.operations.reception.queries.after_visit import Figure, figures_of_answers


@dataclass(frozen=True)
class Answers:
    """How many answered about visits on the days, and a section for each question that is counted."""

    number: int
    sections: tuple[Section, ...]

    @property
    def summary(self) -> list[tuple[str, str, Value]]:
        """How many answered each question, as key, title and value; None where fewer than five did."""
        title = _("Answers to “%(question)s” (empty: fewer than five)")
        return [(section.key, title % {"question": section.heading}, _number(section)) for section in self.sections]


def answers_of(scope: Scope) -> Answers:
    """Read and arrange them: nothing where the house asks nothing. Whoever shows them asks `permissions.see_statistics`."""
    if not hasattr(scope.house, "after_visit"):
        return Answers(0, ())
    number, figures = figures_of_answers(scope.house, scope.first, scope.last)
    return Answers(number, tuple(_section(place, one) for place, one in enumerate(figures, start=1)))


def option_words() -> dict[str, str]:
    """Each answer as it is read."""
    return {
        "yes": _("Yes"),
        "partly": _("Partly"),
        "no": _("No"),
        "1": _("1, not at all"),
        "2": "2",
        "3": "3",
        "4": "4",
        "5": _("5, completely"),
    }


def _number(section: Section) -> Value:
    share = section.lines[0].values[1] if section.lines else None
    return share.whole if isinstance(share, Share) else None


def _section(place: int, figure: Figure) -> Section:
    counts, n, words = figure.counted.of or {}, figure.counted.n, option_words()
    lines = tuple(Line(option, words[option], (count, Share(count, n))) for option, count in counts.items())
    title = _("After the visit, question %(number)s") % {"number": place}
    columns = (pgettext("how many", "Number"), _("Share"))
    return Section(f"after-{figure.question.key}", title, figure.question.title, columns, lines, _pictures(counts, n, words))


def _pictures(counts: Mapping[str, int], n: int, words: Mapping[str, str]) -> tuple[Picture, ...]:
    if not counts:
        return ()
    bars = tuple(Bar(words[option], count, number_in_words(count)) for option, count in counts.items())
    most, level = largest(list(counts), lambda option: counts[option])
    facts = {
        "answer": words[most],
        "part": number_in_words(counts[most]),
        "whole": number_in_words(n),
        "share": share_in_words(counts[most] / n),
    }
    said = _("The most frequent answer is “%(answer)s”: %(part)s of %(whole)s (%(share)s).") % facts
    return (Picture(with_level(said, [words[option] for option in level]), bars, lying=True),)
