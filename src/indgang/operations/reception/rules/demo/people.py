"""Made-up parties: who comes, from where, why, for how long, in which language. Pure; everything follows from the random source given.

The mixes are assumptions that look like a Danish region's: many from the EU, Ukraine, India and the Philippines, students in August,
September and January. E-mail addresses are in the domains of RFC 2606, telephone numbers in the ranges that the regulators of the United
Kingdom, the USA, France, Germany and Sweden keep for fiction.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import TypeVar

from indgang.operations.reception.rules.demo.names import FAMILY, GIVEN

Choice = TypeVar("Choice")

# citizenship: weight, culture of the name, and the languages spoken at a desk with their share (the rest speaks English).
_ORIGINS: dict[str, tuple[float, str, dict[str, float]]] = {
    "ROU": (9.5, "romanian", {}),
    "POL": (8.5, "polish", {"pl": 0.4}),
    "UKR": (8.0, "ukrainian", {"uk": 0.5}),
    "DEU": (7.5, "german", {"de": 0.3, "da": 0.1}),
    "IND": (7.0, "indian", {}),
    "PHL": (5.0, "filipino", {}),
    "ESP": (4.5, "spanish", {"es": 0.35}),
    "ITA": (4.0, "italian", {}),
    "BGR": (3.5, "slavic", {}),
    "LTU": (3.5, "baltic", {}),
    "NOR": (3.2, "nordic", {"da": 0.6}),
    "SWE": (2.6, "nordic", {"da": 0.5}),
    "DNK": (2.4, "danish", {"da": 0.95}),
    "CHN": (2.4, "chinese", {}),
    "NPL": (2.2, "nepali", {}),
    "USA": (2.2, "english", {}),
    "FRA": (2.2, "french", {"fr": 0.3}),
    "NLD": (2.0, "dutch", {"de": 0.1}),
    "GBR": (2.0, "english", {}),
    "HUN": (1.8, "hungarian", {}),
    "LVA": (1.8, "baltic", {}),
    "PRT": (1.7, "portuguese", {}),
    "SYR": (1.6, "arabic", {"ar": 0.6}),
    "BRA": (1.6, "brazilian", {}),
    "TUR": (1.5, "turkish", {}),
    "SVK": (1.4, "slavic", {}),
    "GRC": (1.4, "greek", {}),
    "IRN": (1.3, "iranian", {}),
    "PAK": (1.3, "pakistani", {}),
    "NGA": (1.2, "nigerian", {}),
    "VNM": (1.2, "vietnamese", {}),
    "ISL": (0.9, "nordic", {"da": 0.5}),
    "FIN": (0.9, "nordic", {"da": 0.1}),
    "EGY": (0.8, "arabic", {"ar": 0.5}),
    "HRV": (0.8, "slavic", {}),
    "CZE": (0.8, "slavic", {}),
    "COL": (0.7, "spanish", {"es": 0.5}),
    "IRL": (0.6, "english", {}),
    "": (0.5, "slavic", {}),
}
_NORDIC = frozenset({"NOR", "SWE", "FIN", "ISL", "DNK"})
_EU = frozenset(
    {"ROU", "POL", "DEU", "ESP", "ITA", "BGR", "LTU", "FRA", "NLD", "HUN", "LVA", "PRT", "SVK", "GRC", "HRV", "CZE", "IRL"},
)
_PURPOSES: dict[str, dict[str, float]] = {
    "nordic": {"work": 0.62, "study": 0.24, "family": 0.08, "job-seeking": 0.04, "self-employed": 0.02},
    "eu": {"work": 0.62, "study": 0.2, "family": 0.05, "job-seeking": 0.07, "self-employed": 0.03, "": 0.03},
    "other": {"work": 0.6, "study": 0.19, "family": 0.18, "self-employed": 0.01, "": 0.02},
}
_STUDENT_MONTHS = {1: 1.6, 2: 1.2, 8: 2.6, 9: 2.0}
# adults, children: weight, for those who come to work and the like; students and the rest mostly come alone
_FAMILIES: dict[tuple[int, int], float] = {
    (1, 0): 0.62, (2, 0): 0.13, (2, 1): 0.09, (2, 2): 0.08, (2, 3): 0.02, (1, 1): 0.04, (1, 2): 0.015, (3, 0): 0.005,
}  # fmt: skip
_STUDENT_FAMILIES: dict[tuple[int, int], float] = {(1, 0): 0.93, (2, 0): 0.05, (2, 1): 0.02}
_STAYS: dict[str, dict[int | None, float]] = {
    "study": {5: 0.4, 6: 0.2, 10: 0.1, 24: 0.25, 36: 0.05},
    "work": {1: 0.015, 2: 0.035, 6: 0.1, 12: 0.25, 24: 0.25, 36: 0.2, 60: 0.12, None: 0.03},
}
_PLAIN: dict[int, str] = str.maketrans({"ø": "o", "æ": "ae", "å": "aa", "ł": "l", "ð": "d", "ı": "i"})
_DOMAINS = ("example.org", "example.com", "example.net")


@dataclass(frozen=True)
class MadeUpPerson:
    """Somebody who does not exist."""

    name: str
    citizenship: str
    child: bool


@dataclass(frozen=True)
class MadeUpParty:
    """A party that does not exist, the contact first. `language` is the one it speaks best at a desk."""

    people: tuple[MadeUpPerson, ...]
    purpose: str
    stay_months: int | None
    municipality: str
    language: str
    email: str
    phone: str

    @property
    def adults(self) -> int:
        """How many grown-ups."""
        return sum(not person.child for person in self.people)


def draw(source: Random, weights: Mapping[Choice, float]) -> Choice:
    """One of the keys, as often as its weight says."""
    sums = list(accumulate(weights.values()))
    at = source.random() * sums[-1]
    return next((choice for choice, limit in zip(weights, sums, strict=True) if at < limit), next(iter(weights)))


def made_up_party(source: Random, on: dt.date, municipalities: Mapping[str, float]) -> MadeUpParty:
    """A party that comes around a date. `municipalities` are codes with their weight, "" = unknown."""
    citizenship = draw(source, {code: weight for code, (weight, _culture, _languages) in _ORIGINS.items()})
    purpose = _purpose(source, citizenship, on)
    adults, children = draw(source, _STUDENT_FAMILIES if purpose == "study" else _FAMILIES)
    people = _people(source, citizenship, adults, children)
    return MadeUpParty(
        people=people,
        purpose=purpose,
        stay_months=draw(source, _STAYS["study" if purpose == "study" else "work"]),
        municipality=draw(source, municipalities),
        language=draw(source, _languages(citizenship)),
        email=_email(source, people[0].name) if source.random() < 0.985 else "",
        phone=_phone(source) if source.random() < 0.6 else "",
    )


def _purpose(source: Random, citizenship: str, on: dt.date) -> str:
    group = "nordic" if citizenship in _NORDIC else "eu" if citizenship in _EU else "other"
    weights = dict(_PURPOSES[group])
    weights["study"] *= _STUDENT_MONTHS.get(on.month, 0.55)
    return draw(source, weights)


def _people(source: Random, citizenship: str, adults: int, children: int) -> tuple[MadeUpPerson, ...]:
    """A family with one family name, mostly; some couples have two names, or two passports."""
    family = source.choice(FAMILY[_ORIGINS[citizenship][1]])
    people = []
    for number in range(adults + children):
        child = number >= adults
        passport = citizenship
        if number and not child and source.random() < 0.14:
            passport = draw(source, {code: weight for code, (weight, _culture, _languages) in _ORIGINS.items() if code})
        culture = _ORIGINS[passport][1]
        last = source.choice(FAMILY[culture]) if number and not child and (passport != citizenship or source.random() < 0.2) else family
        people.append(MadeUpPerson(f"{source.choice(GIVEN[culture])} {last}", passport, child))
    return tuple(people)


def _languages(citizenship: str) -> dict[str, float]:
    spoken = _ORIGINS[citizenship][2]
    return {**spoken, "en": 1 - sum(spoken.values())}


def plain_letters(text: str) -> str:
    """The text in lower-case letters a to z, digits and full stops, as for an e-mail address."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN)).encode("ascii", "ignore").decode()
    return "".join(letter if letter.isalnum() else "." for letter in decomposed)


def _email(source: Random, name: str) -> str:
    return f"{plain_letters(name)}{source.randrange(1, 9999)}@{source.choice(_DOMAINS)}"


def _phone(source: Random) -> str:
    """A number that regulators keep for films and books."""
    two, three = source.randrange(100), source.randrange(1000)
    numbers: Sequence[str] = (
        f"+447700900{three:03d}",
        f"+1{source.choice((202, 303, 415, 617))}55501{two:02d}",
        f"+3363998{source.randrange(10_000):04d}",
        f"+4917139200{two:02d}",
        f"+467017406{5 + two % 95:02d}",
    )
    return source.choice(numbers)
