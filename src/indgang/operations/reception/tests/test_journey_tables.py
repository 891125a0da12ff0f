"""Reading journeys.toml: whatever is wrong is refused by table and field."""

from __future__ import annotations

import tomllib

import pytest

from indgang.operations.reception.rules.journeys import RulesError, read_rules

GOOD = """
served_municipalities = ["851"]

[[groups]]
key = "nordic"
citizenships = ["SWE", "NOR"]

[documents.passport]
da = "Pas"
en = "Passport"

[[steps]]
service = "cpr"
when = { groups = ["nordic", "other", "unknown"], stay_at_least = 3 }
why_da = "Fordi"
why_en = "Because"
bring = ["passport"]

[[steps]]
service = "tax"
after = ["cpr"]
why_da = "Fordi"
why_en = "Because"

[[elsewhere]]
key = "bank"
title_da = "Bank"
title_en = "Bank"
who_da = "Banken"
who_en = "The bank"
why_da = "Fordi"
why_en = "Because"
where_da = "Der"
where_en = "There"
link = "https://example.org"

[[notes]]
text_da = "Velkommen"
text_en = "Welcome"
"""


def test_good_tables_are_read() -> None:
    rules = read_rules(tomllib.loads(GOOD))
    assert rules.services == ("cpr", "tax")
    assert rules.before == {"cpr": frozenset(), "tax": {"cpr"}}
    assert [rules.group_of(code) for code in ("SWE", "USA", "")] == ["nordic", "other", "unknown"]


def test_further_languages_are_kept() -> None:
    rules = read_rules(tomllib.loads(GOOD.replace('text_en = "Welcome"', 'text_en = "Welcome"\ntext_de = "Willkommen"')))
    assert rules.notes[0].text == {"da": "Velkommen", "en": "Welcome", "de": "Willkommen"}


@pytest.mark.parametrize(
    ("right", "wrong", "table", "field"),
    [
        ('after = ["cpr"]', 'after = ["mitid"]', "steps 2", "after"),
        ('bring = ["passport"]', 'bring = ["passport"]\nafter = ["tax"]', "steps 1", "after"),
        ('bring = ["passport"]', 'bring = ["visa"]', "steps 1", "bring"),
        ('bring = ["passport"]', 'bring = "passport"', "steps 1", "bring"),
        ('bring = ["passport"]', 'brings = ["passport"]', "steps 1", "brings"),
        ('service = "cpr"', 'service = ""', "steps 1", "service"),
        ('groups = ["nordic", "other", "unknown"]', 'groups = ["nordics"]', "steps 1.when", "groups"),
        ("stay_at_least = 3", 'stay_at_least = "3"', "steps 1.when", "stay_at_least"),
        ("stay_at_least = 3", 'purposes = ["holiday"]', "steps 1.when", "purposes"),
        ("stay_at_least = 3", "stays = 3", "steps 1.when", "stays"),
        ('text_en = "Welcome"', "", "notes 1", "text_en"),
        ('text_da = "Velkommen"', 'text_da = " "', "notes 1", "text_da"),
        ('text_da = "Velkommen"', 'text_da = "Velkommen"\ntext_de = ""', "notes 1", "text_de"),
        ('en = "Passport"', "", "documents.passport", "en"),
        ('where_en = "There"', "", "elsewhere 1", "where_en"),
        ("https://example.org", "http://example.org", "elsewhere 1", "link"),
        ('"SWE", "NOR"', '"SE"', "groups 1", "citizenships"),
        ('key = "nordic"', 'key = "other"', "groups 1", "key"),
        ("served_municipalities", "serves", "journeys", "serves"),
        ("[[notes]]", "[notes]", "journeys", "notes"),
    ],
)
def test_a_fault_is_named_by_table_and_field(right: str, wrong: str, table: str, field: str) -> None:
    assert right in GOOD
    with pytest.raises(RulesError) as refusal:
        read_rules(tomllib.loads(GOOD.replace(right, wrong, 1)))
    assert (refusal.value.table, refusal.value.field) == (table, field)
    assert table in str(refusal.value)
    assert field in str(refusal.value)


def test_a_citizenship_belongs_to_one_group() -> None:
    twice = GOOD.replace("[documents.passport]", '[[groups]]\nkey = "eu"\ncitizenships = ["SWE"]\n\n[documents.passport]')
    with pytest.raises(RulesError, match="SWE is in the group “nordic” already"):
        read_rules(tomllib.loads(twice))


def test_steps_that_wait_for_each_other_are_named() -> None:
    circle = GOOD.replace('bring = ["passport"]', 'after = ["tax"]')
    with pytest.raises(RulesError, match="wait for each other"):
        read_rules(tomllib.loads(circle))
