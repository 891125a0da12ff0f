"""Whatever tables say of a journey, in whatever order they are taken back, and whatever people note in between."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.imports.actions import undo_batch
from indgang.foundation.imports.models import Batch
from indgang.foundation.places.models import House, Municipality
from indgang.foundation.ui.words import short_day
from indgang.operations.reception.actions.residence import note_municipality, undo_municipality
from indgang.operations.reception.models import Journey, Told
from indgang.operations.reception.tests.test_from_journal import same
from indgang.operations.reception.tests.visits_table import HEADER, apply, done, operator

pytestmark = pytest.mark.django_db
STEPS = {"siri-residence": ("09:00", "09:10", "09:40"), "tax-card": ("09:40", "09:50", "10:00"), "mitid": ("11:40", "11:50", "11:59")}

Said = tuple[str, str]
Rows = list[tuple[str, bool, int]]
Deed = tuple[Any, ...]
shared = st.tuples(st.sampled_from(["", "851", "787", "860"]), st.sampled_from(["", "POL", "DEU"]))
row = st.tuples(st.sampled_from(sorted(STEPS)), st.booleans(), st.sampled_from([2, 2, 3]))
rows = st.lists(row, min_size=1, max_size=3, unique_by=lambda row: row[0])
deeds = st.lists(
    st.one_of(
        st.tuples(st.just("table"), shared, rows),
        st.tuples(st.just("note"), st.sampled_from(["851", "787", "860", ""])),
        st.tuples(st.just("undo"), st.integers(0, 7)),
    ),
    min_size=3,
    max_size=8,
)


@pytest.fixture(autouse=True)
def home(house: House, settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    Municipality.objects.create(region=house.region, code="860", key="hjoerring", title_da="Hjørring")


def table(said: Said, steps: Rows) -> str:
    """Rows of one journey; each says where the party lives and its citizenship, or leaves that to others."""
    lines = []
    for step, says, people in steps:
        municipality, citizenship = said if says else ("", "")
        times = ",".join(f"2026-12-07 {time}" for time in STEPS[step])
        lines.append(f"J-1,aalborg,{step},{municipality},{citizenship},{people},{times},done\n")
    return HEADER + "".join(lines)


def stands() -> tuple[str, str, bool] | None:
    """Municipality, citizenship and whether the former was noted here; None where there is no journey."""
    journey = Journey.objects.select_related("municipality").first()
    if journey is None:
        return None
    return journey.municipality.code if journey.municipality else "", journey.citizenship, journey.municipality_noted


def said_by(tables: dict[Batch, str]) -> tuple[set[str], set[str]]:
    """Every municipality and citizenship in tables that stand, or of which a row stays."""
    cells = [line.split(",") for batch, text in tables.items() if batch.rows.exists() for line in text.splitlines()[1:]]
    return {cell[3] for cell in cells} - {""}, {cell[4] for cell in cells} - {""}


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds)
def test_what_stands_was_said_by_a_table_that_stands_or_noted_by_people(
    house: House, walker: Actor, deeds: list[tuple[object, ...]]
) -> None:
    with transaction.atomic():
        tables: dict[Batch, str] = {}
        noted: str | None = None
        for what, *how in deeds:
            noted = _do(walker, tables, noted, str(what), how)
            now, (municipalities, citizenships) = stands(), said_by(tables)
            figures = same(house)
            if now is None:
                assert figures.citizens == {}
                noted = None
                continue
            assert now[0] == noted if noted is not None else now[0] in (municipalities or {""}), (
                "a note stays, and nothing is made up or lost"
            )
            assert now[1] in (citizenships or {""})
            assert figures.citizens == {now[0]: Journey.objects.get().people}
        transaction.set_rollback(True)


def _do(walker: Actor, tables: dict[Batch, str], noted: str | None, what: str, how: list[Any]) -> str | None:
    """Do one of the deeds; gives what people have noted."""
    if what == "table":
        text = table(*how)
        before = {line for one in tables.values() for line in one.splitlines()}
        if before.isdisjoint(text.splitlines()[1:]):  # what is repeated word for word is no news, and its table need not be known
            batch, _report = apply(text)
            tables |= {batch: text} if batch else {}
    elif what == "note" and Journey.objects.exists():
        note_municipality(actor=walker, journey=Journey.objects.get(), code=str(how[0]))
        return str(how[0]) if Journey.objects.get().municipality_noted else None
    elif what == "undo" and len(tables) > int(str(how[0])):
        batch = list(tables)[int(str(how[0]))]
        if batch.rows.exists():
            undo_batch(actor=operator(), batch=batch)
    return noted


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(shared, rows), min_size=2, max_size=5), st.randoms(use_true_random=False))
def test_when_all_tables_are_taken_back_nothing_is_left_of_them(
    house: House, said: list[tuple[Said, list[tuple[str, bool, int]]]], random
) -> None:  # type: ignore[no-untyped-def]
    with transaction.atomic():
        batches = [batch for one in said if (batch := apply(table(*one))[0])]
        for _round in batches:
            random.shuffle(batches)
            for batch in batches:
                if batch.rows.exists():
                    undo_batch(actor=operator(), batch=batch)
        assert (Journey.objects.count(), Told.objects.count(), same(house).citizens) == (0, 0, {})
        transaction.set_rollback(True)


def test_what_people_noted_stays_although_it_is_what_an_earlier_table_said(house: House, walker: Actor) -> None:
    earlier = done(table(("860", ""), [("tax-card", True, 2)]))
    done(table(("851", ""), [("siri-residence", True, 2)]))
    note_municipality(actor=walker, journey=Journey.objects.get(), code="860")

    undone = undo_batch(actor=operator(), batch=earlier)

    assert (undone.removed, stands(), same(house).citizens) == (1, ("860", "", True), {"860": 2})


def test_a_journey_of_which_people_noted_something_is_not_removed(house: House, walker: Actor) -> None:
    only = done(table(("851", ""), [("tax-card", True, 2), ("mitid", False, 2)]))
    note_municipality(actor=walker, journey=Journey.objects.get(), code="860")

    undone = undo_batch(actor=operator(), batch=only)

    assert [str(problem) for problem in undone.kept] == [
        "Row 2, reference “J-1”: People here have noted where the party lives since. The journey stays.",
        "Row 2, municipality “851”: People here have noted “860” since. That stays.",
        "Row 3, reference “J-1”: People here have noted where the party lives since. The journey stays.",
    ]
    assert (undone.removed, stands(), same(house).citizens) == (0, ("860", "", True), {"860": 2})


def test_a_step_that_stays_keeps_what_is_known_of_its_party(house: House) -> None:
    first = done(table(("851", "POL"), [("tax-card", True, 2)]))
    done(table(("", ""), [("tax-card", True, 5)]))

    undone = undo_batch(actor=operator(), batch=first)

    assert [problem.column for problem in undone.kept] == ["people"]
    assert (stands(), same(house).citizens) == (("851", "POL", False), {"851": 5})


def test_what_another_table_says_of_the_party_keeps_the_journey_until_that_one_is_taken_back(house: House) -> None:
    first = done(table(("851", ""), [("tax-card", True, 2)]))
    second = done(table(("787", ""), [("tax-card", True, 2)]))

    kept = [str(problem) for problem in undo_batch(actor=operator(), batch=first).kept]
    day = short_day(clock.today(house.zone))
    text = f"Another import says something of the party, too: visits.csv of {day}. Take that one back first."
    assert kept == [f"Row 2, reference “J-1”: {text}"]
    assert stands() == ("787", "", False)

    undo_batch(actor=operator(), batch=second)
    assert stands() == ("851", "", False)
    undo_batch(actor=operator(), batch=first)
    assert stands() is None


@pytest.mark.parametrize("between", ["table", "undo"])
def test_a_note_that_is_taken_back_leaves_what_tables_say_by_then(house: House, walker: Actor, between: str) -> None:
    done(table(("851", ""), [("siri-residence", True, 2)]))
    wrong = done(table(("787", ""), [("tax-card", True, 2)])) if between == "undo" else None
    before = "787" if wrong else "851"
    note_municipality(actor=walker, journey=Journey.objects.get(), code="860")
    if wrong:
        undo_batch(actor=operator(), batch=wrong)
    else:
        done(table(("787", ""), [("tax-card", True, 2)]))

    undo_municipality(actor=walker, journey=Journey.objects.get(), noted="860", before=before)

    now = "851" if wrong else "787"
    assert (stands(), same(house).citizens) == ((now, "", False), {now: 2})


def test_a_note_before_the_one_that_is_taken_back_holds_again(house: House, walker: Actor) -> None:
    done(table(("851", ""), [("siri-residence", True, 2)]))
    note_municipality(actor=walker, journey=Journey.objects.get(), code="787")
    note_municipality(actor=walker, journey=Journey.objects.get(), code="860")

    undo_municipality(actor=walker, journey=Journey.objects.get(), noted="860", before="787")

    assert stands() == ("787", "", True)


def test_a_table_that_says_otherwise_than_people_had_noted_before_is_taken_back_without_a_word_of_it(house: House, walker: Actor) -> None:
    done(table(("851", ""), [("siri-residence", True, 2)]))
    note_municipality(actor=walker, journey=Journey.objects.get(), code="860")
    later = done(table(("787", ""), [("tax-card", True, 2)]))

    undone = undo_batch(actor=operator(), batch=later)

    assert (undone.removed, undone.kept, stands()) == (1, [], ("860", "", True))


def test_a_row_that_only_repeats_what_holds_anyway_is_not_told_as_restored(house: House, walker: Actor) -> None:
    done(table(("851", ""), [("siri-residence", True, 2)]))
    second = done(table(("787", ""), [("siri-residence", True, 2)]))
    note_municipality(actor=walker, journey=Journey.objects.get(), code="860")

    undone = undo_batch(actor=operator(), batch=second)

    assert (undone.restored, undone.anything, [problem.value for problem in undone.kept]) == (0, False, ["787"])
