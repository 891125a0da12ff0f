"""Which pairs are looked at: records that share a key. A key is a text, so that a caller can keep a record's keys in a column of its own.

Keys are many and narrow, so that two records of one person meet on some key whichever of their values has slipped.
"""

from __future__ import annotations

from collections.abc import Collection

KEYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("identifier", ("{identifier_1}",)),
    ("identifier2", ("{identifier_2}",)),
    ("identifier3", ("{identifier_3}",)),
    ("email", ("{email_1}",)),
    ("phone", ("{phone_1}",)),
    ("phone2", ("{phone_2}",)),
    ("organisation", ("{organisation_1}",)),
    ("organisation-start", ("left({organisation_1}, 8)", "{postcode_1}")),
    ("organisation-words", ("split_part({organisation_1}, ' ', 1)", "split_part({organisation_1}, ' ', 2)", "{postcode_1}")),
    ("organisation-end", ("split_part({organisation_1}, ' ', -1)", "{postcode_1}")),
    ("organisation-door", ("left({organisation_1}, 2)", "{street_1}", "{house_number_1}")),
    ("organisation-town", ("left({organisation_1}, 8)", "{city_1}")),
    ("name", ("{whole_name_1}",)),
    ("name-date", ("left({whole_name_1}, 2)", "{date_1}")),
    ("name-end-date", ("split_part({whole_name_1}, ' ', -1)", "{date_1}")),
    ("name-place", ("split_part({whole_name_1}, ' ', 1)", "{postcode_1}")),
    ("name-end-place", ("split_part({whole_name_1}, ' ', -1)", "{postcode_1}")),
    ("name-door", ("left({whole_name_1}, 2)", "{street_1}", "{house_number_1}")),
    ("names", ("least({given_name_1}, {surname_1})", "greatest({given_name_1}, {surname_1})")),
    ("date", ("{date_1}",)),
    ("surname-place", ("{surname_1}", "{postcode_1}")),
    ("given-place", ("{given_name_1}", "{postcode_1}")),
    ("surname-street", ("{surname_1}", "{street_1}")),
    ("given-street", ("{given_name_1}", "{street_1}")),
    ("surname-month", ("{surname_1}", "left({date_1}, 6)")),
    ("given-month", ("{given_name_1}", "left({date_1}, 6)")),
    ("door", ("{street_1}", "{house_number_1}")),
    ("door-place", ("{street_1}", "{house_number_1}", "{postcode_1}")),
    ("place-day", ("{postcode_1}", "right({date_1}, 4)")),
    ("surname-town", ("{surname_1}", "{city_1}")),
)


def key_rules(columns: Collection[str]) -> dict[str, str]:
    """The SQL of each key that a table with these cleaned columns can have; null where a part is missing."""
    known = {name: name for name in columns}
    made: dict[str, str] = {}
    for name, parts in KEYS:
        try:
            filled = [part.format_map(known) for part in parts]
        except KeyError:
            continue
        made[name] = " || '|' || ".join([f"'{name}:' || {filled[0]}", *filled[1:]])
    return made or {column: f"'{column}:' || {column}" for column in columns}


# What pairs are taken to learn from. Each rule holds something of one's own: of those who only share a door or a birthday many are families
# and twins, and from them one would learn that given names change.
TRAINING: tuple[tuple[str, ...], ...] = (
    ("identifier_1",),
    ("given_name_1", "surname_1"),
    ("given_name_1", "date_1"),
    ("given_name_1", "street_1", "house_number_1"),
    ("organisation_1",),
    ("whole_name_1",),
)


def training_rules(columns: Collection[str]) -> list[str]:
    """Conditions over l and r under which pairs are taken to learn from, each leaving out the comparisons that it uses."""
    return [" AND ".join(f"l.{name} = r.{name}" for name in rule) for rule in TRAINING if all(name in columns for name in rule)]
