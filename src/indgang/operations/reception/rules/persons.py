"""Who is one person on a day: numbers that tell people apart without saying who they are, and by what somebody is known again. Pure.

A person's number is made of the journey on which they were served first that day and their place in its party. It says no more than that
journey does, which belongs to nobody once its people are forgotten. Whoever comes again on the same day in another party keeps the number
where the other party was booked with the same e-mail address or phone number, and with the same name.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indgang.foundation.identifiers.names import alphabetical

BITS = 52  # JSON carries so large a number to the last digit everywhere
_STROKES = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "ı": "i"})  # letters that have no accent to be left out


@dataclass(frozen=True)
class Member:
    """One of a party; "" where nobody said the name."""

    name: str
    child: bool = False


def places_of(travellers: Sequence[int], people: int) -> tuple[int, ...]:
    """For whom of the party a step is. Where it does not say, it is for the first of them."""
    return tuple(travellers) or tuple(range(people))


def number_of(journey: object, place: int) -> int:
    """The number of the person at that place of a journey's party, where nothing says that they have another."""
    return int.from_bytes(hashlib.sha256(f"{journey}:{place}".encode()).digest()[:8]) >> (64 - BITS)


def own_numbers(journey: object, travellers: Sequence[int], people: int) -> list[int]:
    """The numbers of those for whom a step is, as of people whom nobody knows from another party."""
    return [number_of(journey, place) for place in places_of(travellers, people)]


def known_by(addresses: Sequence[str], party: Sequence[Member]) -> list[list[str]]:
    """By what each of a party is known again on another journey of the day: an address of the contact's together with who they are.

    Who was not named is known by the contact, as their first child or their second grown-up; two of one name are two people.
    """
    seen: Counter[str] = Counter()
    marks = []
    for member in party:
        who = _plain(member.name) or f"{_plain(party[0].name)}|{'child' if member.child else 'grown-up'}"
        seen[who] += 1
        marks.append([f"{address.casefold()}|{who}|{seen[who]}" for address in addresses if address])
    return marks


def _plain(name: str) -> str:
    """The words of a name whatever their order, case and accents."""
    return " ".join(sorted(alphabetical(name, "en")[0].translate(_STROKES).split()))
