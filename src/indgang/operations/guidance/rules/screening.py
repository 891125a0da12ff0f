"""What the answers of a screening visit come to: a score for each topic, and how far it has moved since an earlier visit.

Nobody answers everything on one visit. What was not asked, or does not apply to the company, is unknown: it is no zero and pulls no
score down.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

LOWEST, HIGHEST = 0, 4


@dataclass(frozen=True)
class TopicScore:
    """A topic's score: the mean of the answers there are (None: there is none), and how many of its questions have one."""

    value: Fraction | None
    answered: int
    asked: int


@dataclass(frozen=True)
class Moved:
    """A topic at two visits. `by` is None where either is unknown."""

    topic: str
    now: TopicScore
    before: TopicScore | None

    @property
    def by(self) -> Fraction | None:
        """How far it moved."""
        if self.before is None or self.now.value is None or self.before.value is None:
            return None
        return self.now.value - self.before.value


def topic_score(questions: Collection[str], scores: Mapping[str, int | None]) -> TopicScore:
    """The score of a topic from the answers to its questions; answers to questions that it does not have are not its business."""
    known = [score for question in questions if (score := scores.get(question)) is not None]
    return TopicScore(Fraction(sum(known), len(known)) if known else None, len(known), len(questions))


def compared(now: Mapping[str, TopicScore], before: Mapping[str, TopicScore]) -> Sequence[Moved]:
    """Every topic of this visit beside the earlier one, which may have been filled in with another version of the playbook."""
    return [Moved(topic, score, before.get(topic)) for topic, score in now.items()]


def strongest(scores: Mapping[str, TopicScore], most: int = 2) -> list[str]:
    """The topics that stand highest, in the order of the playbook; only known ones, and none that is as low as every other."""
    return _outermost(scores, most, highest=True)


def weakest(scores: Mapping[str, TopicScore], most: int = 2) -> list[str]:
    """The topics with most to win: the lowest known ones, never one that is among the strongest."""
    high = set(strongest(scores, most))
    return [topic for topic in _outermost(scores, most + len(high), highest=False) if topic not in high][:most]


def _outermost(scores: Mapping[str, TopicScore], most: int, *, highest: bool) -> list[str]:
    known = [(score.value, place, topic) for place, (topic, score) in enumerate(scores.items()) if score.value is not None]
    if len({value for value, _place, _topic in known}) < 2:
        return []
    return [topic for _value, _place, topic in sorted(known, key=lambda one: (-one[0] if highest else one[0], one[1]))[:most]]
