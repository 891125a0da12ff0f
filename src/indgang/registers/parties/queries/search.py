"""Finding a company: by any word of its name or address or a part of one, with slips forgiven; by CVR number, P-number, telephone or e-mail
address; and by the people that the one who asks knows there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.database.plans import through_indexes
from indgang.foundation.identifiers.people import normal_phone
from indgang.registers.parties.models import Company, Contact
from indgang.registers.parties.queries.company_file import contacts_visible_to
from indgang.registers.parties.queries.people import Met, people_answering
from indgang.registers.parties.queries.words import answering
from indgang.registers.parties.rules.words import words_of

FOUND_AT_MOST = 30
WEIGHED = 500  # as many are compared with each other; who finds more must write more
WORDS = 6
AS_A_PERSON = 0.8  # what a word of a contact's name counts beside one of the company's
IN_THE_PLACE = 0.3  # and one of its address
PEOPLE = 200
_NUMBER = re.compile(r"(?:DK|\+45|0045)?[\d\s.-]{4,}", re.IGNORECASE)
_EMAIL = re.compile(r"[^\s@]+@[^\s@]*")


def companies_found(text: str, *, actor: Actor | None = None, among: QuerySet[Company] | None = None) -> Sequence[Company]:
    """The companies that somebody may mean, the likeliest first, each once however often it was written down; at most thirty.

    Contacts are looked through as far as the `actor` may see them; without one, none are. `among`: only these companies.
    """
    among = Company.objects.all() if among is None else among
    people = contacts_visible_to(actor) if actor else Contact.objects.none()
    asked = text.strip()
    if _NUMBER.fullmatch(asked) and (numbered := _by_number(asked, among, people)):
        return numbered
    if _EMAIL.fullmatch(asked):
        return _by_email(asked, among, people)
    wanted = words_of(text)[:WORDS]
    with through_indexes():
        answers = [answering(word) for word in wanted]
        met = people_answering(people, wanted) if actor else [{} for _word in wanted]
        known = bool(wanted) and all(one or other for one, other in zip(answers, met, strict=True))
        return _best(among, [_Answer(*one) for one in zip(answers, met, strict=True)]) if known else []


def _by_number(text: str, among: QuerySet[Company], people: QuerySet[Contact]) -> Sequence[Company]:
    digits = re.sub(r"\D", "", text)
    own = digits.removeprefix("0045") if len(digits) > 10 else digits.removeprefix("45") if text.startswith("+") else digits
    called = Q(phone__startswith=f"+45{own}") | Q(phone=normal_phone(text) or None)
    begins = called | Q(cvr__startswith=digits)
    if len(digits) == 10:
        begins |= Q(establishments__p_number=digits)
    begins |= Q(pk__in=list(people.filter(called).values_list("company", flat=True)[:PEOPLE]))
    return _each_once(among.filter(begins).select_related("municipality").order_by("cvr", "pk").distinct()[: 2 * FOUND_AT_MOST])


def _by_email(text: str, among: QuerySet[Company], people: QuerySet[Contact]) -> Sequence[Company]:
    with through_indexes():
        known = list(people.filter(email__istartswith=text).values_list("company", flat=True)[:PEOPLE])
        found = among.filter(Q(email__istartswith=text) | Q(pk__in=known))
        return _each_once(found.select_related("municipality").order_by("name", "pk")[: 2 * FOUND_AT_MOST])


def _each_once(found: QuerySet[Company]) -> Sequence[Company]:
    """Of those judged the same the first."""
    once: dict[int, Company] = {}
    for company in found:
        once.setdefault(company.same_as_id or company.pk, company)
    return list(once.values())[:FOUND_AT_MOST]


@dataclass(frozen=True)
class _Answer:
    """What answers one of the words: words of the register, and companies through somebody there; and how well."""

    words: Mapping[int, float]
    companies: Met

    def condition(self, least: float) -> Q:
        ids = [number for number, rating in self.words.items() if rating >= least]
        met = [company for company, rating in self.companies.items() if rating >= least]
        return Q(words__overlap=ids) | Q(places__overlap=ids) | (Q(pk__in=met) if met else Q())

    def rating(self, company: int, words: Sequence[int], places: Sequence[int]) -> float:
        in_name = max((self.words.get(word, 0.0) for word in words), default=0.0)
        in_place = max((self.words.get(word, 0.0) for word in places), default=0.0)
        return max(in_name, AS_A_PERSON * self.companies.get(company, 0.0), IN_THE_PLACE * in_place)


def _best(among: QuerySet[Company], answers: Sequence[_Answer]) -> Sequence[Company]:
    """Those that answer every word; the words that answer best are tried first, so that they are not lost among many others."""
    rated: dict[int, tuple[float, int, str]] = {}
    root: dict[int, int] = {}
    for least in (1.0, 0.0):
        having = among
        for answer in answers:
            having = having.filter(answer.condition(least))
        for number, same_as, words, places, name in having.values_list("pk", "same_as", "words", "places", "name")[:WEIGHED]:
            rated[number] = -sum(answer.rating(number, words, places) for answer in answers), len(words), name
            root[number] = same_as or number
        if len(set(root.values())) >= FOUND_AT_MOST:
            break
    once: dict[int, int] = {}
    for number in sorted(rated, key=lambda number: (*rated[number], number)):
        once.setdefault(root[number], number)
    best = list(once.values())[:FOUND_AT_MOST]
    found = among.select_related("municipality").in_bulk(best)
    return [found[number] for number in best]
