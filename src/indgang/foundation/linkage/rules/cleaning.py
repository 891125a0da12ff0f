"""How values are cleaned and folded before they are compared, as SQL of DuckDB over the raw columns of a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from indgang.foundation.linkage.rules.meanings import Column, Meaning

FORMS = (  # of companies, as they look when folded
    "a s|aps|i s|k s|p s|g s|s m b a|smba|a m b a|amba|f m b a|fmba|ivs|as|ab|oy|gmbh|kg|ag|ltd|limited|inc|llc|plc|bv|b v|nv|sarl|srl|"
    "corp|aktieselskab|anpartsselskab|interessentskab|kommanditselskab|ivaerksaetterselskab"
)


def folded(value: str) -> str:
    """Lower case, Danish letters and accents spelt out, everything but letters and digits a single space."""
    text = f"lower({value})"
    for letter, spelt in (("æ", "ae"), ("ä", "ae"), ("ø", "oe"), ("ö", "oe"), ("å", "aa"), ("ß", "ss")):
        text = f"replace({text}, '{letter}', '{spelt}')"
    return f"nullif(trim(regexp_replace(strip_accents({text}), '[^\\p{{L}}\\p{{N}}]+', ' ', 'g')), '')"


def without_form(value: str) -> str:
    """A folded name of an organisation without its company form; a name that is nothing else stays."""
    bare = f"trim(regexp_replace(' ' || {value} || ' ', '( ({FORMS}))+ (?:v |$)|^ (?:{FORMS}) | (?:{FORMS}) $', ' '))"
    return f"coalesce(nullif({bare}, ''), {value})"


def in_order(value: str) -> str:
    """The words of a folded text, sorted: Hansen Jens is Jens Hansen."""
    return f"array_to_string(list_sort(string_split({value}, ' ')), ' ')"


def digits(value: str) -> str:
    """Only the digits."""
    return f"nullif(regexp_replace({value}, '[^0-9]', '', 'g'), '')"


def letters_and_digits(value: str) -> str:
    """Lower case, without spaces and signs."""
    return f"nullif(regexp_replace(lower({value}), '[^\\p{{L}}\\p{{N}}]', '', 'g'), '')"


def day(value: str) -> str:
    """Eight digits, the year first, whichever way the date is written. Days that never were are kept: they agree with themselves.

    A year of two digits from 30 on is of the last century.
    """
    for digit, century in (("[3-9]", "19"), ("[0-2]", "20")):
        value = rf"regexp_replace({value}, '^\s*(\d{{1,2}})[.\-/ ]+(\d{{1,2}})[.\-/ ]+({digit}\d)\s*$', '{century}\3-\2-\1')"
    turned = rf"regexp_replace({value}, '^\s*(\d{{1,2}})[.\-/ ]+(\d{{1,2}})[.\-/ ]+(\d{{4}}).*$', '\3-\2-\1')"
    padded = rf"regexp_replace({turned}, '^\s*(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}).*$', '\1-0\2-0\3')"
    number = digits(rf"regexp_replace({padded}, '^(\d{{4}})-0?(\d\d)-0?(\d\d)$', '\1\2\3')")
    return f"CASE WHEN length({number}) = 8 THEN {number} END"


NUMBER = r"\b\d+( ?[a-z])?\b"


def road(value: str) -> str:
    """The street of an address, without number, floor and door."""
    before, after = rf"trim(regexp_replace({value}, '{NUMBER}.*$', ''))", rf"trim(regexp_replace({value}, '^{NUMBER}', ''))"
    return f"coalesce(nullif({before}, ''), nullif({after}, ''))"


def house_number(value: str) -> str:
    """The first number of a folded address, with its letter: 13b."""
    return f"nullif(ltrim(replace(regexp_extract({value}, '{NUMBER}'), ' ', ''), '0'), '')"


SIMPLE = {
    Meaning.GIVEN_NAME: folded,
    Meaning.SURNAME: folded,
    Meaning.WHOLE_NAME: lambda value: in_order(folded(value)),
    Meaning.ORGANISATION: lambda value: in_order(without_form(folded(value))),
    Meaning.LOCALITY: folded,
    Meaning.POSTCODE: letters_and_digits,
    Meaning.CITY: folded,
    Meaning.AREA: lambda value: f"ltrim({folded(value)}, '0')",
    Meaning.DATE: day,
    Meaning.PHONE: lambda value: f"CASE WHEN length({digits(value)}) >= 5 THEN right({digits(value)}, 8) END",
    Meaning.EMAIL: lambda value: f"CASE WHEN contains({value}, '@') THEN trim(lower({value})) END",
    Meaning.IDENTIFIER: lambda value: f"nullif(ltrim(regexp_replace({letters_and_digits(value)}, '^dk(\\d)', '\\1'), '0'), '')",
    Meaning.HOUSE_NUMBER: lambda value: house_number(folded(value)),
}


@dataclass(frozen=True)
class Cleaned:
    """A cleaned column: its name in the model, the SQL that makes it, and the headers it comes from."""

    name: str
    meaning: Meaning
    sql: str
    headers: tuple[str, ...]


def cleaned(columns: Sequence[Column]) -> list[Cleaned]:
    """The cleaned columns of a table, named by meaning and number: surname_1, phone_1, phone_2.

    A street without a column of numbers beside it gives the house number too.
    """
    found: list[Cleaned] = []
    counts: Counter[Meaning] = Counter()

    def add(meaning: Meaning, sql: str, header: str) -> None:
        counts[meaning] += 1
        found.append(Cleaned(f"{meaning.replace('-', '_')}_{counts[meaning]}", meaning, sql, (header,)))

    numbered = any(column.meaning is Meaning.HOUSE_NUMBER for column in columns)
    for column in columns:
        raw = quoted(column.header)
        if column.meaning is Meaning.STREET:
            add(Meaning.STREET, folded(raw) if numbered else road(folded(raw)), column.header)
            if not numbered:
                add(Meaning.HOUSE_NUMBER, house_number(folded(raw)), column.header)
        elif column.meaning in SIMPLE:
            add(column.meaning, SIMPLE[column.meaning](raw), column.header)
    return found


def quoted(name: str) -> str:
    """A name of a column as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'
