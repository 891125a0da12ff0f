"""The answers of "Plan my arrival" as they stand in the address: nothing is stored, so a page can be kept, sent and gone back to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cached_property
from urllib.parse import urlencode

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.forms.countries import UNKNOWN
from indgang.operations.reception.forms.questions import QUESTIONS, FamilyQuestion, PeopleQuestion, Question, head_count
from indgang.operations.reception.queries.plans import PlanRequest
from indgang.operations.reception.rules.journeys import Traveller
from indgang.operations.reception.wishes import checked_wish

LONGEST = 100  # characters of one answer
CHOICES = 3  # times to choose from


class Interview:
    """The questions that this person is asked, and the answers so far: as given, right or wrong."""

    def __init__(self, house: House, data: Mapping[str, str]) -> None:
        self.house = house
        names = ["region", "house", *(name for question in QUESTIONS if question is not PeopleQuestion for name in question.names(data))]
        if data.get("differ") and sum(head_count(data)) > 1:
            names += PeopleQuestion.names(data)
        self.answers = {name: data[name][:LONGEST].replace("\0", "") for name in names if name in data}
        self._forms: dict[str, Question] = {}

    @cached_property
    def questions(self) -> list[type[Question]]:
        """In order. Those who come along are asked about only where they differ."""
        differ = "differ" in self.answers and sum(head_count(self.answers)) > 1
        return [question for question in QUESTIONS if differ or question is not PeopleQuestion]

    @property
    def keys(self) -> list[str]:
        """The questions by key."""
        return [question.key for question in self.questions]

    def names(self, key: str) -> tuple[str, ...]:
        """The parameters that hold the answer to a question."""
        return self.questions[self.keys.index(key)].names(self.answers)

    def form(self, key: str) -> Question:
        """The form of a question: with the answer and what is wrong with it, where there is an answer."""
        if key not in self._forms:
            question = self.questions[self.keys.index(key)]
            answer = {name: self.answers[name] for name in self.names(key) if name in self.answers}
            self._forms[key] = question(answer or None, house=self.house, so_far=self.answers)
        return self._forms[key]

    def is_answered(self, key: str) -> bool:
        """Whether the answer can be used."""
        return self.form(key).is_valid()

    def first_open(self) -> str:
        """The first question without a usable answer, "" when there is none."""
        return next((key for key in self.keys if not self.is_answered(key)), "")

    def following(self, key: str) -> str:
        """The question to ask after this one: the next, answered or not, as long as any is open; "" when none is."""
        still_open = self.first_open()
        here = self.keys.index(key) + 1
        return (self.keys[here] if here < len(self.keys) else still_open) if still_open else ""

    def before(self, key: str) -> str:
        """The question before, "" before the first."""
        here = self.keys.index(key)
        return self.keys[here - 1] if here else ""

    def without(self, key: str) -> dict[str, str]:
        """The answers to the other questions: what a question's form carries along."""
        own = self.names(key)
        return {name: value for name, value in self.answers.items() if name not in own}

    def settled(self, key: str) -> Interview:
        """With the answer to that question in the form in which it travels."""
        answers = {**self.answers, **self.form(key).parameters}
        if key == FamilyQuestion.key and "differ" not in self.form(key).parameters:
            answers.pop("differ", None)
        return Interview(self.house, answers)

    def not_known(self, key: str) -> Interview:
        """With "I do not know" as the answer to that question."""
        return Interview(self.house, {**self.answers, self.names(key)[0]: UNKNOWN})

    def query(self, **more: str) -> str:
        """The answers, and more, as the part of an address after the question mark."""
        return urlencode({**self.answers, **more})

    def request(self) -> PlanRequest:
        """The answers as a wish from the first day they can come. Every question must be answered.

        Raises InvalidRequest.
        """
        cleaned = {key: self.form(key).cleaned_data for key in self.keys if self.is_answered(key)}
        today = clock.today(self.house.zone)
        earliest = cleaned["arrival"]["date"] or today + dt.timedelta(days=1)
        stay = cleaned["stay"]["stay"]
        return checked_wish(
            house=self.house,
            travellers=self._travellers(cleaned["citizenship"]["citizenship"], cleaned["purpose"]["purpose"], cleaned.get("people", {})),
            earliest=earliest,
            latest=earliest,
            municipality=_known(cleaned["municipality"]["municipality"]),
            stay_months=None if stay == UNKNOWN else int(stay),
            language=cleaned["arrival"]["language"],
            interpreter=cleaned["arrival"].get("interpreter", ""),
            limit=CHOICES,
        )

    def _travellers(self, citizenship: str, purpose: str, people: Mapping[str, str]) -> list[Traveller]:
        """The contact first, then the other adults, then the children; those who said nothing else are like the contact."""
        adults, children = head_count(self.answers)
        own = _known(citizenship)
        others = [
            Traveller(_known(people.get(f"adult{number}") or own), False, people.get(f"adult{number}_purpose", ""))
            for number in range(2, adults + 1)
        ]
        young = [Traveller(_known(people.get(f"child{number}") or own), True, "") for number in range(1, children + 1)]
        return [Traveller(own, False, _known(purpose)), *others, *young]


def _known(answer: str) -> str:
    return "" if answer == UNKNOWN else answer
