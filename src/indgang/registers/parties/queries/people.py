"""Companies by the people whom somebody knows there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from itertools import chain
from operator import and_

from django.db.models import Q, QuerySet

from indgang.registers.parties.models import Contact
from indgang.registers.parties.rules.words import inner_grams, likeness, near, slips_allowed, words_of

_Person = tuple[int, str]  # the company, and the name
Met = dict[int, float]  # a company -> how well somebody there answers a word
MET_AT_MOST = 300
ENOUGH = 30


def people_answering(people: QuerySet[Contact], wanted: Sequence[str]) -> list[Met]:
    """Which companies answer each of the words through the name of one of these contacts. One query asks for all words together, so that a
    full name is not lost among its namesakes, and one for each word. Slips are forgiven where few have a word as it is written."""
    parts = [_part(word) for word in wanted]
    known = _people(people, [*parts, *_together(parts)])
    found = _rated(known, wanted)
    rare = [_slip(word) for word, met in zip(wanted, found, strict=True) if len(met) < ENOUGH]
    if rare:
        known |= _people(people, [*rare, *_together([part | _slip(word) for part, word in zip(parts, wanted, strict=True)])])
        found = _rated(known, wanted)
    return found


def _together(conditions: Sequence[Q]) -> Sequence[Q]:
    return [reduce(and_, conditions)] if len(conditions) > 1 else []


def _people(people: QuerySet[Contact], conditions: Sequence[Q]) -> set[_Person]:
    """In no order: to have one, PostgreSQL would rather read all contacts in that order than a few through the index of traces."""
    found = [people.filter(one).order_by().values_list("company_id", "name")[:MET_AT_MOST] for one in conditions]
    return set(chain.from_iterable(found))


def _rated(known: Iterable[_Person], wanted: Sequence[str]) -> list[Met]:
    found: list[Met] = [{} for _word in wanted]
    for company, name in known:
        words = words_of(name)
        for met, word in zip(found, wanted, strict=True):
            rating = max((likeness(word, own) or 0.0 for own in words), default=0.0)
            if rating > met.get(company, 0.0):
                met[company] = rating
    return found


def _part(wanted: str) -> Q:
    """Names with the word, or with a longer one that has it in it. An index answers; what it finds is compared afterwards."""
    return Q(traces__contains=inner_grams(wanted)) if len(wanted) > 1 else Q(pk__in=())


def _slip(wanted: str) -> Q:
    """Names with a word that begins nearly so."""
    return Q(traces__overlap=[f"~{key}" for key in near(wanted)]) if slips_allowed(wanted) else Q(pk__in=())
