"""Playbooks and wheels as data: read from what a region's file says, in either language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Words = Mapping[str, str]  # {language: text}


@dataclass(frozen=True)
class Question:
    """A question with its hint for the consultant."""

    key: str
    text: Words
    help: Words


@dataclass(frozen=True)
class Topic:
    """A topic of a screening visit. `step` 1 is what the municipality goes into, 2 what the business hub specialises in."""

    key: str
    step: int
    title: Words
    lead: Words
    questions: tuple[Question, ...]

    @property
    def question_keys(self) -> tuple[str, ...]:
        """The keys of its questions, in order."""
        return tuple(question.key for question in self.questions)


@dataclass(frozen=True)
class Book:
    """A version of the playbook: words for the scores, lowest first, and its topics."""

    scale: tuple[Words, ...]
    topics: tuple[Topic, ...]

    def topic(self, key: str) -> Topic | None:
        """The topic of that key."""
        return next((topic for topic in self.topics if topic.key == key), None)


@dataclass(frozen=True)
class Dimension:
    """A spoke of the sustainability wheel. `ours`: the words are this program's, not the contract's."""

    key: str
    ours: bool
    title: Words
    text: Words


def read_book(content: Mapping[str, Any]) -> Book:
    """A playbook from its stored content."""
    topics = (
        Topic(one["key"], one["step"], one["title"], one["lead"], tuple(Question(q["key"], q["text"], q["help"]) for q in one["questions"]))
        for one in content["topics"]
    )
    return Book(tuple(content["scale"]), tuple(topics))


def read_wheel(content: Mapping[str, Any]) -> Sequence[Dimension]:
    """The spokes of a wheel from its stored content."""
    return [Dimension(one["key"], one["source"] == "ours", one["title"], one["text"]) for one in content["dimensions"]]
