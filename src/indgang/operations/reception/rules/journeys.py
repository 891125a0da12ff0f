"""What a party must do when it arrives: the steps of each person, in order, with the reason and what to bring.

Pure: the rules come as tables (journey_tables.py), the case as plain facts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from indgang.operations.reception.rules.journey_tables import (
    NO_SPONSOR,
    UNKNOWN,
    ElsewhereRule,
    Profile,
    RulesError,
    RuleTables,
    StepRule,
    Texts,
    read_rules,
)

__all__ = [
    "Case",
    "Elsewhere",
    "NeededStep",
    "Needs",
    "Reason",
    "RuleTables",
    "RulesError",
    "Traveller",
    "needs_of",
    "read_rules",
    "whose_papers",
]

FAMILY = "family"

Rule = TypeVar("Rule", StepRule, ElsewhereRule)


@dataclass(frozen=True)
class Traveller:
    """One person: citizenship as an alpha-3 code, and why this person comes ("" = unknown, for both)."""

    citizenship: str
    child: bool
    purpose: str


@dataclass(frozen=True)
class Case:
    """A party that arrives: the contact first. `municipality` is a code, "" = unknown; `stay_months` None = unknown."""

    travellers: tuple[Traveller, ...]
    municipality: str
    stay_months: int | None
    on: date


@dataclass(frozen=True)
class Reason:
    """Why something must be done, for the travellers at these positions."""

    travellers: tuple[int, ...]
    text: Texts


@dataclass(frozen=True)
class NeededStep:
    """A step at a desk, for the travellers at these positions. `bring`: papers by key. `after`: the needed services that come before it.

    `brought_by`: the positions of those who bring a paper, by its key; a paper that does not stand there is brought by all of them.
    """

    service: str
    travellers: tuple[int, ...]
    why: tuple[Reason, ...]
    bring: Mapping[str, Texts]
    after: frozenset[str]
    brought_by: Mapping[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Elsewhere:
    """Something to do that no desk of the house does: what, who does it, why, where, and a link where one is certain."""

    key: str
    title: Texts
    who: Texts
    why: tuple[Reason, ...]
    where: Texts
    link: str
    travellers: tuple[int, ...]


@dataclass(frozen=True)
class Needs:
    """Everything a party must do and know. Steps stand in an order that they can be done in."""

    steps: tuple[NeededStep, ...]
    elsewhere: tuple[Elsewhere, ...]
    notes: tuple[Texts, ...]


def needs_of(case: Case, rules: RuleTables) -> Needs:
    """What the party needs. A person gets the first rule that holds for each service; the party does each step together."""
    people = _profiles(case, rules)
    steps: dict[str, list[tuple[int, StepRule]]] = {}
    elsewhere: dict[str, list[tuple[int, ElsewhereRule]]] = {}
    for position, person in enumerate(people):
        for service, step in _first_that_holds(((rule.service, rule) for rule in rules.steps), person).items():
            steps.setdefault(service, []).append((position, step))
        for key, errand in _first_that_holds(((rule.key, rule) for rule in rules.elsewhere), person).items():
            elsewhere.setdefault(key, []).append((position, errand))
    return Needs(
        steps=tuple(_needed(service, steps[service], steps.keys(), rules) for service in _in_order(steps.keys(), rules)),
        elsewhere=tuple(_errand(key, elsewhere[key]) for key in dict.fromkeys(rule.key for rule in rules.elsewhere) if key in elsewhere),
        notes=tuple(note.text for note in rules.notes if any(note.when.holds(person) for person in people)),
    )


def whose_papers(step: NeededStep, present: Collection[int] = ()) -> dict[str, tuple[int, ...]]:
    """The papers of a step by key, each with the positions of those who bring it; () = everybody brings it.

    `present`, where given, are those who come to the step; papers that only others bring are left out then.
    """
    there = [position for position in step.travellers if position in present] or list(step.travellers)
    found = {}
    for key in step.bring:
        bringing = tuple(position for position in there if position in step.brought_by.get(key, step.travellers))
        if bringing:
            found[key] = () if len(bringing) == len(there) else bringing
    return found


def _profiles(case: Case, rules: RuleTables) -> list[Profile]:
    """What the rules see of each person. Unless they say otherwise, the others come as family and fellow citizens."""
    contact = case.travellers[0]
    purposes = [one.purpose or (FAMILY if position else UNKNOWN) for position, one in enumerate(case.travellers)]
    groups = [rules.group_of(one.citizenship or contact.citizenship) for one in case.travellers]
    return [
        Profile(
            group=groups[position],
            purpose=purposes[position],
            child=one.child,
            sponsor=_sponsor(position, purposes, groups),
            stay=case.stay_months,
            municipality=case.municipality or UNKNOWN,
            served=case.municipality in rules.served,
        )
        for position, one in enumerate(case.travellers)
    ]


def _sponsor(position: int, purposes: Sequence[str], groups: Sequence[str]) -> str:
    """The group of the person whom somebody joins: the first in the party who comes for another reason than family, else the contact.

    Somebody who comes for a reason of their own joins nobody; a contact who joins family joins somebody we do not know.
    """
    if purposes[position] != FAMILY:
        return NO_SPONSOR
    for purpose, group in zip(purposes, groups, strict=True):
        if purpose != FAMILY:
            return group
    return groups[0] if position > 0 else NO_SPONSOR


def _first_that_holds(rules: Iterable[tuple[str, Rule]], person: Profile) -> dict[str, Rule]:
    """Under each key the first rule that is about this person."""
    found: dict[str, Rule] = {}
    for key, rule in rules:
        if key not in found and rule.when.holds(person):
            found[key] = rule
    return found


def _in_order(needed: Collection[str], rules: RuleTables) -> tuple[str, ...]:
    """The needed services so that none stands before one it must wait for; otherwise as the file has them."""
    waiting = [service for service in rules.services if service in needed]
    order: list[str] = []
    while waiting:
        following = next(service for service in waiting if rules.before[service].isdisjoint(waiting))
        waiting.remove(following)
        order.append(following)
    return tuple(order)


def _needed(service: str, given: Sequence[tuple[int, StepRule]], needed: Collection[str], rules: RuleTables) -> NeededStep:
    """One step for everyone who needs it, with the reason that is true for each."""
    brought: dict[str, dict[int, None]] = {}
    for position, rule in given:
        for document in rule.bring:
            brought.setdefault(document, {})[position] = None
    return NeededStep(
        service=service,
        travellers=tuple(position for position, _rule in given),
        why=_reasons((position, rule.why) for position, rule in given),
        bring={document: rules.documents[document] for document in brought},
        after=rules.before[service].intersection(needed),
        brought_by={document: tuple(positions) for document, positions in brought.items()},
    )


def _errand(key: str, given: Sequence[tuple[int, ElsewhereRule]]) -> Elsewhere:
    first = given[0][1]
    return Elsewhere(
        key=key,
        title=first.title,
        who=first.who,
        why=_reasons((position, rule.why) for position, rule in given),
        where=first.where,
        link=first.link,
        travellers=tuple(position for position, _rule in given),
    )


def _reasons(given: Iterable[tuple[int, Texts]]) -> tuple[Reason, ...]:
    """Each reason once, with everybody for whom it holds."""
    found: dict[tuple[tuple[str, str], ...], list[int]] = {}
    for position, texts in given:
        found.setdefault(tuple(texts.items()), []).append(position)
    return tuple(Reason(tuple(positions), dict(texts)) for texts, positions in found.items())
