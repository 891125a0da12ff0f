"""Companies by the people whom somebody knows there."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from indgang.registers.parties.models import Contact
from indgang.registers.parties.rules.words import inner_grams, likeness, near, slips_allowed, words_of

Met = dict[int, float]  # a company -> how well somebody there answers a word
MET_AT_MOST = 300
ENOUGH = 30


def people_answering(people: QuerySet[Contact], wanted: Sequence[str]) -> list[Met]:
    """Which companies answer each of the words through the name of one of these contacts. Slips are forgiven where few have the words as
    they are written; for either there is one query for all words together, so that a full name is not lost among its namesakes, and one
    for each word."""
    found: list[Met] = [{} for _word in wanted]
    _meet(found, people, wanted, [_part(word) for word in wanted])
    if any(len(met) < ENOUGH for met in found):
        _meet(found, people, wanted, [_part(word) | _slip(word) for word in wanted])
    return found


def _meet(found: list[Met], people: QuerySet[Contact], wanted: Sequence[str], conditions: Sequence[Q]) -> None:
    together = Q()
    for condition in conditions:
        together &= condition
    for asked in [together, *conditions] if len(conditions) > 1 else conditions:
        # In no order: to have one, PostgreSQL would rather read all contacts in that order than a few through the index of traces.
        for company, name in people.filter(asked).order_by().values_list("company_id", "name")[:MET_AT_MOST]:
            words = words_of(name)
            for met, word in zip(found, wanted, strict=True):
                rating = max((likeness(word, own) or 0.0 for own in words), default=0.0)
                if rating > met.get(company, 0.0):
                    met[company] = rating


def _part(wanted: str) -> Q:
    """Names with the word, or with a longer one that has it in it. An index answers; what it finds is compared afterwards."""
    return Q(traces__contains=inner_grams(wanted)) if len(wanted) > 1 else Q(pk__in=())


def _slip(wanted: str) -> Q:
    """Names with a word that begins nearly so."""
    return Q(traces__overlap=[f"~{key}" for key in near(wanted)]) if slips_allowed(wanted) else Q(pk__in=())
