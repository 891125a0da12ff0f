"""How two records are compared: for each meaning levels of agreement, with the weights that hold until a table tells better.

A level's `m` is how often two records of the same person or company are on it, `u` how often two of different ones are (Fellegi and Sunter,
"A Theory for Record Linkage", 1969). The defaults are round guesses for any table; training replaces them where there is enough to learn
from. The last level is "neither of these"; a value that is missing says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from indgang.foundation.linkage.rules.cleaning import Cleaned
from indgang.foundation.linkage.rules.meanings import Meaning


@dataclass(frozen=True)
class Level:
    """One level of agreement: a condition in SQL over the records l and r, and its two probabilities."""

    sql: str
    m: float
    u: float


class Whose(StrEnum):
    """Who has the same value as a rule."""

    OWN = "own"
    BORN = "born"
    HOUSE = "house"


@dataclass(frozen=True)
class Comparison:
    """Levels from the most alike to "neither of these", of which the first that holds counts.

    `whose` says who else has the same value: nobody (own), a twin (born), or the family, the flat, the owner's other firms (house).
    `agreed` is the number of levels that a human would call "agrees".
    """

    name: str
    whose: Whose
    missing: str
    levels: tuple[Level, ...]
    headers: tuple[str, ...]
    columns: tuple[str, ...]
    agreed: int


ELSE = "ELSE"


def comparisons(cleaned: Sequence[Cleaned]) -> list[Comparison]:
    """The comparisons that the columns of a table allow."""
    by_name = {column.name: column for column in cleaned}
    taken: set[str] = set()
    made: list[Comparison] = []
    for first, second, make in PAIRS:
        if first in by_name and second in by_name:
            made += make(by_name[first], by_name[second])
            taken |= {first, second}
    made += [ALONE[column.meaning](column) for column in cleaned if column.name not in taken]
    return made


def alike(name: str, least: float) -> str:
    """Jaro and Winkler's similarity of two texts that begin or end alike, which is told much faster and is nearly always so."""
    near = f"left(l.{name}, 1) = left(r.{name}, 1) OR right(l.{name}, 2) = right(r.{name}, 2)"
    return f"(({near}) AND jaro_winkler_similarity(l.{name}, r.{name}) >= {least})"


def akin(name: str, least: float) -> str:
    """The same for texts that are less alike, and begin with the same letter."""
    return f"(left(l.{name}, 1) = left(r.{name}, 1) AND jaro_winkler_similarity(l.{name}, r.{name}) >= {least})"


def slips(name: str, most: int) -> str:
    """At most so many letters wrong, missing, too many or changed about, in texts that begin or end with the same three."""
    near = f"left(l.{name}, 3) = left(r.{name}, 3) OR right(l.{name}, 3) = right(r.{name}, 3)"
    return f"(({near}) AND damerau_levenshtein(l.{name}, r.{name}) <= {most})"


def digits_wrong(name: str, most: int) -> str:
    """At most so many digits differ, in numbers of one length; two that are changed about are two."""
    return f"hamming(l.{name}, r.{name}) <= {most}"


def same(name: str) -> str:
    """Equal."""
    return f"l.{name} = r.{name}"


def contained(name: str, words: int) -> str:
    """All the words of one are among the other's, and they are so many at least."""
    left, right = f"string_split(l.{name}, ' ')", f"string_split(r.{name}, ' ')"
    return f"(least(len({left}), len({right})) >= {words} AND (list_has_all({left}, {right}) OR list_has_all({right}, {left})))"


def missing(*names: str) -> str:
    """Nothing can be said, because one of the two has no value in any of these."""
    return " OR ".join(f"l.{name} IS NULL OR r.{name} IS NULL" for name in names)


def _made(column: Cleaned, whose: Whose, agreed: int, *levels: tuple[str, float, float]) -> Comparison:
    made = tuple(Level(*level) for level in levels)
    return Comparison(column.name, whose, missing(column.name), made, column.headers, (column.name,), agreed)


def _names(given: Cleaned, surname: Cleaned) -> list[Comparison]:
    """A given name beside a surname: either may stand in the other's place."""
    g, s = given.name, surname.name
    first = _made(
        given,
        Whose.OWN,
        3,
        (same(g), 0.8, 0.006),
        (f"l.{g} = r.{s} OR l.{s} = r.{g}", 0.02, 0.0005),
        (alike(g, 0.92), 0.06, 0.003),
        (f"{akin(g, 0.8)} OR (starts_with(l.{g}, left(r.{g}, 1)) AND least(length(l.{g}), length(r.{g})) = 1)", 0.06, 0.015),
        (ELSE, 0.06, 0.9755),
    )
    last = _made(
        surname,
        Whose.HOUSE,
        3,
        (same(s), 0.82, 0.005),
        (f"l.{s} = r.{g} OR l.{g} = r.{s}", 0.02, 0.0005),
        (alike(s, 0.92), 0.06, 0.003),
        (akin(s, 0.8), 0.04, 0.01),
        (ELSE, 0.06, 0.9815),
    )
    both = (g, s)
    return [replace(one, columns=both) for one in (first, last)]


def _address(street: Cleaned, number: Cleaned) -> list[Comparison]:
    """Street and number belong together: whoever shares both shares a door, and that counts once."""
    road, house = street.name, number.name
    made = _made(
        street,
        Whose.HOUSE,
        2,
        (f"{same(road)} AND {same(house)}", 0.68, 0.0001),
        (f"{alike(road, 0.9)} AND {same(house)}", 0.08, 0.0002),
        (same(road), 0.08, 0.003),
        (alike(road, 0.9), 0.03, 0.005),
        (same(house), 0.03, 0.02),
        (ELSE, 0.1, 0.9717),
    )
    return [replace(made, columns=(road, house), headers=tuple(dict.fromkeys((*street.headers, *number.headers))))]


def _place(postcode: Cleaned, city: Cleaned) -> list[Comparison]:
    """A postcode nearly tells the city: the two count once."""
    code, town = postcode.name, city.name
    made = _made(
        postcode,
        Whose.HOUSE,
        4,
        (f"{same(code)} AND {same(town)}", 0.75, 0.005),
        (f"{same(code)} AND {alike(town, 0.85)}", 0.06, 0.001),
        (same(code), 0.03, 0.004),
        (same(town), 0.04, 0.01),
        (f"{alike(town, 0.9)} OR {slips(code, 1)}", 0.04, 0.03),
        (ELSE, 0.08, 0.95),
    )
    return [replace(made, columns=(code, town), headers=(*postcode.headers, *city.headers))]


def _given(column: Cleaned) -> Comparison:
    return _made(
        column,
        Whose.OWN,
        2,
        (same(column.name), 0.82, 0.006),
        (alike(column.name, 0.92), 0.06, 0.003),
        (akin(column.name, 0.8), 0.06, 0.015),
        (ELSE, 0.06, 0.976),
    )


def _whole(column: Cleaned) -> Comparison:
    return _made(
        column,
        Whose.OWN,
        3,
        (same(column.name), 0.75, 0.0003),
        (alike(column.name, 0.93), 0.08, 0.0005),
        (contained(column.name, 2), 0.06, 0.0005),
        (akin(column.name, 0.8), 0.05, 0.02),
        (ELSE, 0.06, 0.9787),
    )


def _organisation(column: Cleaned) -> Comparison:
    return _made(
        column,
        Whose.OWN,
        3,
        (same(column.name), 0.72, 0.0001),
        (alike(column.name, 0.93), 0.1, 0.0003),
        (contained(column.name, 1), 0.08, 0.002),
        (akin(column.name, 0.8), 0.05, 0.02),
        (ELSE, 0.05, 0.9776),
    )


def _text(column: Cleaned) -> Comparison:
    return _made(
        column,
        Whose.HOUSE,
        2,
        (same(column.name), 0.75, 0.008),
        (alike(column.name, 0.9), 0.1, 0.006),
        (ELSE, 0.15, 0.986),
    )


def _area(column: Cleaned) -> Comparison:
    return _made(column, Whose.HOUSE, 1, (same(column.name), 0.92, 0.15), (ELSE, 0.08, 0.85))


def _number(column: Cleaned) -> Comparison:
    return _made(
        column,
        Whose.HOUSE,
        1,
        (same(column.name), 0.85, 0.02),
        (f"damerau_levenshtein(l.{column.name}, r.{column.name}) <= 1", 0.06, 0.1),
        (ELSE, 0.09, 0.88),
    )


def _date(column: Cleaned) -> Comparison:
    return _made(
        column,
        Whose.BORN,
        2,
        (same(column.name), 0.88, 0.00005),
        (digits_wrong(column.name, 1), 0.06, 0.001),
        (digits_wrong(column.name, 2), 0.03, 0.015),
        (ELSE, 0.03, 0.98395),
    )


def _identifier(column: Cleaned) -> Comparison:
    return _made(
        column,
        Whose.OWN,
        2,
        (same(column.name), 0.9, 0.000001),
        (slips(column.name, 1), 0.06, 0.00001),
        (slips(column.name, 2), 0.02, 0.0005),
        (ELSE, 0.02, 0.999489),
    )


def _phone(column: Cleaned) -> Comparison:
    return _made(column, Whose.HOUSE, 2, (same(column.name), 0.75, 0.00002), (slips(column.name, 1), 0.05, 0.00002), (ELSE, 0.2, 0.99996))


def _email(column: Cleaned) -> Comparison:
    """Addresses are made of names, so two that are nearly the same say nothing that the names have not said: they may be of namesakes."""
    name = column.name
    local = f"split_part(l.{name}, '@', 1) = split_part(r.{name}, '@', 1)"
    near = f"l.{name} <> r.{name} AND ({local} OR {alike(name, 0.88)})"
    made = _made(column, Whose.HOUSE, 1, (same(name), 0.75, 0.00001), (ELSE, 0.25, 0.99999))
    return replace(made, missing=f"{made.missing} OR ({near})")


PAIRS: list[tuple[str, str, Callable[[Cleaned, Cleaned], list[Comparison]]]] = [
    ("given_name_1", "surname_1", _names),
    ("street_1", "house_number_1", _address),
    ("postcode_1", "city_1", _place),
]
ALONE: dict[Meaning, Callable[[Cleaned], Comparison]] = {
    Meaning.GIVEN_NAME: _given,
    Meaning.SURNAME: lambda column: replace(_given(column), whose=Whose.HOUSE),
    Meaning.WHOLE_NAME: _whole,
    Meaning.ORGANISATION: _organisation,
    Meaning.STREET: _text,
    Meaning.HOUSE_NUMBER: _number,
    Meaning.LOCALITY: _text,
    Meaning.POSTCODE: _number,
    Meaning.CITY: _text,
    Meaning.AREA: _area,
    Meaning.DATE: _date,
    Meaning.PHONE: _phone,
    Meaning.EMAIL: _email,
    Meaning.IDENTIFIER: _identifier,
}
