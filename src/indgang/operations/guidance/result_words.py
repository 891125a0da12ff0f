"""A result in words and figures, for the page and the paper alike."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from indgang.foundation.database.bilingual import in_language
from indgang.foundation.ui.radar import Series
from indgang.foundation.ui.words import number_in_words, signed_in_words
from indgang.operations.guidance.queries.results import Result, TopicResult
from indgang.operations.guidance.rules.screening import Moved, TopicScore, strongest, weakest


@dataclass(frozen=True)
class Row:
    """A line of the table beside the picture, in words."""

    number: int
    topic: str
    score: str
    before: str
    moved: str
    answered: str


def labels_of(result: Result) -> list[str]:
    """The names of the axes."""
    return [title(one) for one in result.topics]


def title(one: TopicResult) -> str:
    """The name of a topic in the language of the page."""
    return in_language(dict(one.topic.title))


def series_of(result: Result) -> list[Series]:
    """This visit, and the earlier one where there is one."""
    found = [Series(_("This visit"), [_value(one.score) for one in result.topics])]
    if result.earlier and result.earlier.date:
        found.append(Series(_("The visit in %(year)s") % {"year": result.earlier.date.year}, [_value(one.before) for one in result.topics]))
    return found


def _value(score: TopicScore | None) -> float | None:
    return float(score.value) if score and score.value is not None else None


def caption_of(result: Result) -> str:
    """The message of the picture."""
    high, low = _named(result, strongest(result.scores)), _named(result, weakest(result.scores))
    if not high:
        return _("How the company stands, topic by topic")
    if not low:
        return _("Strongest: %(high)s.") % {"high": high}
    return _("Strongest: %(high)s. Most to win: %(low)s.") % {"high": high, "low": low}


def _named(result: Result, keys: list[str]) -> str:
    names = {one.topic.key: title(one) for one in result.topics}
    return _(" and ").join(names[key] for key in keys)


def said_of(result: Result) -> str:
    """The picture in words, for whoever does not see it."""
    parts = [f"{title(one)} {_in_words(one.score)}" for one in result.topics]
    return _("Radar chart, scores from 0 to 4: %(scores)s.") % {"scores": ", ".join(parts)}


def _in_words(score: TopicScore | None) -> str:
    return number_in_words(float(score.value), 1) if score and score.value is not None else _("not known")


def rows_of(result: Result) -> list[Row]:
    """The table beside the picture."""
    return [_row(number, one) for number, one in enumerate(result.topics, start=1)]


def _row(number: int, one: TopicResult) -> Row:
    moved = Moved(one.topic.key, one.score, one.before).by
    asked = {"answered": one.score.answered, "asked": one.score.asked}
    answered = _("%(answered)s of %(asked)s") % asked
    return Row(
        number,
        title(one),
        _in_words(one.score),
        _in_words(one.before),
        signed_in_words(float(moved), 1) if moved is not None else "",
        answered,
    )
