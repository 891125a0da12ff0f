"""Whether two companies look like one: what agrees of what both say."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from indgang.registers.parties.rules.words import folded, likeness, words_of

FORMS = frozenset({"aps", "as", "is", "ks", "ps", "ivs", "amba", "fmba", "smba", "pmba", "v", "ved", "fonden", "selskab", "danmark", "og"})
OWN = ("phone", "email")  # nobody else has the same, as a rule
PLACES = ("address", "postcode", "city", "municipality")
NAMES_AGREE = 0.75


class Agreement(StrEnum):
    """What two records say in one column."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNKNOWN = "unknown"  # one of them says nothing


def names_alike(one: str, other: str) -> float:
    """How alike two names are, from 0 to 1: how much of the shorter stands in the longer, company forms aside, slips forgiven."""
    short, long = sorted((core_of(one), core_of(other)), key=len)
    if not short:
        return 0.0
    return sum(max((likeness(word, beside) or 0.0 for beside in long), default=0.0) for word in short) / len(short)


def core_of(name: str) -> list[str]:
    """The words of a name without its company form, which everybody writes another way."""
    words = words_of(name)
    return [word for word in words if word not in FORMS] or words


def agreement(one: str, other: str) -> Agreement:
    """Whether two values say the same, however they are written."""
    if not one or not other:
        return Agreement.UNKNOWN
    return Agreement.AGREES if words_of(one) == words_of(other) or folded(one) == folded(other) else Agreement.DIFFERS


def probably_same(one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    """Whether somebody should look before writing down a second record. Two CVR numbers are two companies."""
    if agreement(one["cvr"], other["cvr"]) != Agreement.UNKNOWN:
        return agreement(one["cvr"], other["cvr"]) == Agreement.AGREES
    names = names_alike(one["name"], other["name"])
    if any(agreement(one[name], other[name]) == Agreement.AGREES for name in OWN):
        return names >= NAMES_AGREE / 2
    places = [agreement(one[name], other[name]) for name in PLACES]
    return names >= NAMES_AGREE and (Agreement.AGREES in places or Agreement.DIFFERS not in places)
