"""Finding a company: by any word of its name or address or a part of one, with slips forgiven; by CVR number, P-number or telephone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet

from indgang.foundation.database.plans import through_indexes
from indgang.foundation.identifiers.people import normal_phone
from indgang.registers.parties.models import Company
from indgang.registers.parties.queries.words import answering
from indgang.registers.parties.rules.words import words_of

FOUND_AT_MOST = 30
WEIGHED = 500  # as many as are compared with each other; who finds more must write more
WORDS = 6
IN_THE_PLACE = 0.3  # what a word of the address counts beside one of the name
_NUMBER = re.compile(r"(?:DK|\+45)?[\d\s.-]{4,}", re.IGNORECASE)


def companies_found(text: str, among: QuerySet[Company] | None = None) -> Sequence[Company]:
    """The companies that somebody may mean, the likeliest first; at most thirty. `among`: only these."""
    among = Company.objects.all() if among is None else among
    if _NUMBER.fullmatch(text.strip()):
        numbered = _by_number(text, among)
        if numbered:
            return numbered
    wanted = words_of(text)[:WORDS]
    with through_indexes():
        answers = [answering(word) for word in wanted]
        return _best(among, answers) if answers and all(answers) else []


def _by_number(text: str, among: QuerySet[Company]) -> Sequence[Company]:
    digits = re.sub(r"\D", "", text)
    begins = Q(cvr__startswith=digits) | Q(phone__startswith=f"+45{digits}") | Q(phone=normal_phone(text) or None)
    if len(digits) == 10:
        begins |= Q(establishments__p_number=digits)
    return list(among.filter(begins).select_related("municipality").order_by("cvr", "pk").distinct()[:FOUND_AT_MOST])


def _best(among: QuerySet[Company], answers: Sequence[Mapping[int, float]]) -> Sequence[Company]:
    """Those that answer every word; the words that answer best are tried first, so that they are not lost among many others."""
    rated: dict[int, tuple[float, int, str]] = {}
    for least in (1.0, 0.0):
        having = among
        for answer in answers:
            ids = [number for number, rating in answer.items() if rating >= least]
            having = having.filter(Q(words__overlap=ids) | Q(places__overlap=ids))
        for number, words, places, name in having.values_list("pk", "words", "places", "name")[:WEIGHED]:
            rated[number] = -_rating(words, places, answers), len(words), name
        if len(rated) >= FOUND_AT_MOST:
            break
    best = sorted(rated, key=lambda number: (*rated[number], number))[:FOUND_AT_MOST]
    found = among.select_related("municipality").in_bulk(best)
    return [found[number] for number in best]


def _rating(words: Sequence[int], places: Sequence[int], answers: Sequence[Mapping[int, float]]) -> float:
    in_name = [max((answer.get(word, 0.0) for word in words), default=0.0) for answer in answers]
    in_place = [max((answer.get(word, 0.0) for word in places), default=0.0) for answer in answers]
    return sum(max(name, IN_THE_PLACE * place) for name, place in zip(in_name, in_place, strict=True))
