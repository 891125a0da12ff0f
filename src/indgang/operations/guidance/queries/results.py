"""The result of a screening visit: a score and what was said, topic by topic, beside an earlier visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indgang.operations.guidance.models import Answer, Screening
from indgang.operations.guidance.rules.playbooks import Book, Topic
from indgang.operations.guidance.rules.screening import TopicScore, topic_score


@dataclass(frozen=True)
class TopicResult:
    """A topic with its score, what was noted about it, and its answers by question."""

    topic: Topic
    score: TopicScore
    before: TopicScore | None
    note: str
    answers: Mapping[str, Answer]

    @property
    def notes(self) -> list[str]:
        """Everything that was noted about it, in the order of the playbook."""
        said = [self.answers[question.key].note for question in self.topic.questions if question.key in self.answers]
        return [note for note in [self.note, *said] if note]


@dataclass(frozen=True)
class Result:
    """What a visit came to."""

    screening: Screening
    earlier: Screening | None
    topics: Sequence[TopicResult]

    @property
    def scores(self) -> dict[str, TopicScore]:
        """The scores by topic."""
        return {one.topic.key: one.score for one in self.topics}

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered or noted yet."""
        return not any(one.answers or one.note for one in self.topics)

    @property
    def has_notes(self) -> bool:
        """Whether anything was written down beside the scores."""
        return any(one.notes for one in self.topics)


def answers_of(screening: Screening) -> dict[tuple[str, str], Answer]:
    """What was answered, by topic and question ("" = the topic as a whole); one query."""
    return {(one.topic, one.question): one for one in Answer.objects.filter(screening=screening).select_related("author")}


def result_of(screening: Screening, earlier: Screening | None = None) -> Result:
    """The result of a visit that has a playbook."""
    book, answers = book_of(screening), answers_of(screening)
    before = scores_of(earlier) if earlier else {}
    scores = {one.question: one.score for one in answers.values() if one.question}
    topics = [
        TopicResult(
            topic,
            topic_score(topic.question_keys, scores),
            before.get(topic.key),
            answers[topic.key, ""].note if (topic.key, "") in answers else "",
            {question.key: answers[topic.key, question.key] for question in topic.questions if (topic.key, question.key) in answers},
        )
        for topic in book.topics
    ]
    return Result(screening, earlier, topics)


def scores_of(screening: Screening) -> dict[str, TopicScore]:
    """The scores by topic."""
    scores = {one.question: one.score for one in Answer.objects.filter(screening=screening)}
    return {topic.key: topic_score(topic.question_keys, scores) for topic in book_of(screening).topics}


def book_of(screening: Screening) -> Book:
    """The version it was filled in with; one that has none is empty."""
    return screening.playbook.book if screening.playbook else Book((), ())
