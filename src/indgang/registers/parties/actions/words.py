"""The words that companies are found by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from indgang.registers.parties.models import Company, Word
from indgang.registers.parties.rules.words import grams_of, near, words_of


def words_in_name(company: Company) -> list[str]:
    """The words that stand in its name."""
    return words_of(company.name)


def words_in_place(company: Company) -> list[str]:
    """The words of where it is, that its name does not have."""
    return words_of(f"{company.address} {company.postcode} {company.city}")


class Vocabulary:
    """The numbers of words; those that are new are added. Remembers what it has looked up."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def learn(self, companies: Iterable[Company]) -> None:
        """Set the words of companies that are about to be written."""
        said = [(company, words_in_name(company), words_in_place(company)) for company in companies]
        self._look_up({word for _company, name, place in said for word in (*name, *place)})
        for company, name, place in said:
            company.words = [self._known[word] for word in name]
            company.places = [self._known[word] for word in place]

    def _look_up(self, words: set[str]) -> None:
        unknown = words - self._known.keys()
        if not unknown:
            return
        self._known |= _numbers(unknown)
        if new := sorted(unknown - self._known.keys()):  # always in the same order, so that two who add them wait in no circle
            Word.objects.bulk_create((Word(text=word, grams=grams_of(word), near=near(word)) for word in new), ignore_conflicts=True)
            self._known |= _numbers(set(new))


def _numbers(words: set[str]) -> Mapping[str, int]:
    return dict(Word.objects.filter(text__in=words).values_list("text", "pk"))
