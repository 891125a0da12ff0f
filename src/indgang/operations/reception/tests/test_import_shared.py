"""What the steps of a journey share: no row empties it, and a table that is taken back leaves it as it was before."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest
from django.conf import LazySettings

from indgang.foundation.access.actors import Actor
from indgang.foundation.database.console import Refused
from indgang.foundation.identity.models import Role
from indgang.foundation.imports import planning
from indgang.foundation.imports.actions import undo_batch
from indgang.foundation.imports.kinds import Fault, Row
from indgang.foundation.imports.models import Batch
from indgang.foundation.places.models import House, Municipality
from indgang.operations.reception.actions.residence import note_municipality
from indgang.operations.reception.imports import VisitsWork
from indgang.operations.reception.models import Journey, Note, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import logged_in
from indgang.operations.reception.tests.test_from_journal import same
from indgang.operations.reception.tests.visits_table import HEADER, apply, done, operator

pytestmark = pytest.mark.django_db
FIRST = "J-1,aalborg,siri-residence,851,POL,2,2026-12-07 09:00,2026-12-07 09:10,2026-12-07 09:40,done\n"
SECOND = "J-1,aalborg,tax-card,787,DEU,3,2026-12-07 09:40,2026-12-07 09:50,2026-12-07 10:00,done\n"


@pytest.fixture(autouse=True)
def home(house: House, settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    Municipality.objects.create(region=house.region, code="860", key="hjoerring", title_da="Hjørring")


def shared() -> tuple[str, str, int]:
    """Municipality, citizenship and number of people of the journey."""
    journey = Journey.objects.select_related("municipality").get(reference="J-1")
    return journey.municipality.code if journey.municipality else "", journey.citizenship, journey.people


@pytest.mark.parametrize("row", ["J-1,,tax-card,,,,,,\n", SECOND.replace("787,DEU,3", ",,2")])
def test_a_new_step_that_says_nothing_of_the_journey_leaves_it_as_it_is(house: House, row: str) -> None:
    done(HEADER + FIRST)

    done(HEADER + row)
    done("reference,service,people,started,ended\nJ-1,mitid,1,2026-12-07 11:50,2026-12-07 11:59\n")

    assert shared() == ("851", "POL", 2)
    assert same(house).citizens == {"851": 2}


def test_a_new_step_that_says_nothing_leaves_what_people_noted(house: House, walker: Actor) -> None:
    done(HEADER + FIRST)
    note_municipality(actor=walker, journey=Journey.objects.get(), code="787")

    done("reference,service,people,started,ended\nJ-1,mitid,1,2026-12-07 11:50,2026-12-07 11:59\n")

    assert shared() == ("787", "POL", 2)
    assert same(house).citizens == {"787": 2}


@pytest.mark.parametrize("chunk", [1, 1_000])
@pytest.mark.parametrize("known", [False, True])
def test_what_one_row_says_of_the_journey_is_not_emptied_by_those_that_say_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, known: bool, chunk: int
) -> None:
    if known:
        done(HEADER + FIRST)
    monkeypatch.setattr(planning, "CHUNK", chunk)

    done(HEADER + "J-1,aalborg,mitid,,,1,,,,\n" + FIRST.replace("851,POL", "787,DEU") + "J-1,aalborg,tax-card,,,1,,,,\n")

    assert shared() == ("787", "DEU", 2)
    assert same(house).citizens == {"787": 2}


@pytest.mark.parametrize("before", ["", "851"])
@pytest.mark.parametrize("row", [SECOND.replace("787,DEU,3", ",,2"), SECOND, FIRST.replace("851,POL,2", ",,3")])
def test_a_municipality_noted_between_looking_and_writing_is_left_as_noted(
    house: House, walker: Actor, monkeypatch: pytest.MonkeyPatch, before: str, row: str
) -> None:
    done(HEADER + FIRST.replace("851", before))
    check = VisitsWork.check

    def and_then_noted(work: VisitsWork, row: Row) -> Iterable[Fault]:
        found = list(check(work, row))
        note_municipality(actor=walker, journey=Journey.objects.get(), code="860")
        return found

    monkeypatch.setattr(VisitsWork, "check", and_then_noted)
    with pytest.raises(Refused, match="at this moment"):
        apply(HEADER + row)
    monkeypatch.undo()
    assert same(house).citizens == {before: 2}, "the note was made in the same transaction here, and is gone with it"


def test_what_an_earlier_part_of_the_same_table_wrote_was_not_written_by_somebody_else(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    done(HEADER + FIRST)
    monkeypatch.setattr(planning, "CHUNK", 1)

    done(HEADER + SECOND + FIRST.replace("851,POL", "787,DEU"))

    assert shared() == ("787", "DEU", 3)
    assert same(house).citizens == {"787": 3}


def undo(batch: Batch) -> tuple[int, int, list[str]]:
    """Removed, restored, and what was kept."""
    undone = undo_batch(actor=operator(), batch=batch)
    return undone.removed, undone.restored, [str(problem) for problem in undone.kept]


def changed(was: str, now: str, row: int = 2) -> str:
    return f"Row {row}, municipality “{now}”: Changed since the import, where it was “{was}”."


@pytest.mark.parametrize("known", ["851", ""])
@pytest.mark.parametrize("again", [FIRST.replace("851,POL,2", "787,DEU,4"), ""])
def test_a_table_that_is_taken_back_leaves_the_journey_as_it_was(house: House, known: str, again: str) -> None:
    done(HEADER + FIRST.replace("851", known))
    wrong = done(HEADER + SECOND + again)
    assert shared() == ("787", "DEU", 4 if again else 3)

    assert undo(wrong) == (1, 1 if again else 0, [])

    assert shared() == (known, "POL", 2)
    assert same(house).citizens == {known: 2}
    assert not Journey.objects.get().municipality_noted, "nobody has noted anything by hand"


def test_it_is_as_before_although_the_step_stays_that_somebody_has_worked_on(house: House) -> None:
    done(HEADER + FIRST)
    wrong = done(HEADER + SECOND)
    Note.objects.create(visit=Visit.objects.get(people=3), organisation=factories.organisation("siri"), text="Kommer igen torsdag.")

    kept = ["Row 2, reference “J-1”: Somebody has worked on this step since the import."]
    page = logged_in(factories.member(Role.LEADER, "ihnd")).post(f"/imports/{wrong.pk}/undo/").content.decode()
    assert ("Of these, with the columns they share with other rows as before" in page, "Nothing was taken back" in page) == (True, False)
    assert (shared(), same(house).citizens) == (("851", "POL", 3), {"851": 3})

    done(HEADER + FIRST.replace("851", "860"))
    assert undo(wrong) == (0, 0, kept), "what has been brought back once is no business of this table any more"
    assert (shared(), same(house).citizens) == (("860", "POL", 3), {"860": 3})


def noted(was: str, now: str, row: int = 2) -> str:
    return f"Row {row}, municipality “{was}”: People here have noted “{now}” since. That stays."


def test_what_people_noted_since_is_kept_and_named_and_the_rest_goes(house: House, walker: Actor) -> None:
    done(HEADER + FIRST)
    wrong = done(HEADER + SECOND)
    note_municipality(actor=walker, journey=Journey.objects.get(), code="860")

    assert undo(wrong) == (1, 0, [noted("787", "860")])
    assert (shared(), same(house).citizens) == (("860", "POL", 2), {"860": 2})


def test_a_later_table_holds_when_an_earlier_one_goes_and_what_was_before_both_when_it_goes_too(house: House) -> None:
    done(HEADER + FIRST)
    wrong = done(HEADER + SECOND)
    later = done(HEADER + FIRST.replace("851", "860"))

    assert undo(wrong) == (1, 0, [])
    assert (shared(), same(house).citizens) == (("860", "POL", 2), {"860": 2})
    assert undo(later) == (0, 1, [])
    assert (shared(), same(house).citizens) == (("851", "POL", 2), {"851": 2})


def test_a_note_on_the_journey_does_not_hold_a_step_that_said_nothing_of_it(house: House, walker: Actor) -> None:
    done(HEADER + FIRST)
    table = done(HEADER + SECOND.replace("787,DEU", ","))
    note_municipality(actor=walker, journey=Journey.objects.get(), code="860")

    assert undo(table) == (1, 0, [])
    assert (shared(), same(house).citizens) == (("860", "POL", 2), {"860": 2})


def test_a_row_that_said_nothing_is_taken_back_beside_one_that_did(house: House) -> None:
    done(HEADER + FIRST)
    table = done(HEADER + "J-1,,mitid,,,1,,,,\n" + SECOND)
    assert shared() == ("787", "DEU", 3)

    assert undo(table) == (2, 0, [])
    assert (shared(), same(house).citizens) == (("851", "POL", 2), {"851": 2})


def test_a_party_is_as_many_as_its_largest_step_is_for(house: House) -> None:
    done(HEADER + FIRST)
    larger = done(HEADER + FIRST.replace("POL,2", "POL,9"))
    assert shared() == ("851", "POL", 9)
    assert undo(larger) == (0, 1, [])
    assert shared() == ("851", "POL", 2)


THIRD = SECOND.replace("tax-card", "mitid").replace("DEU", "POL")
ELSEWHERE = FIRST.replace("851", "787")


def test_what_a_later_table_says_too_stays_and_goes_with_that_one(house: House) -> None:
    done(HEADER + FIRST)
    second, third = done(HEADER + ELSEWHERE), done(HEADER + THIRD.replace(",3,", ",2,"))
    assert shared() == ("787", "POL", 2)

    undo_batch(actor=operator(), batch=second)
    assert (shared(), same(house).citizens) == (("787", "POL", 2), {"787": 2})

    undo_batch(actor=operator(), batch=third)
    assert (shared(), same(house).citizens) == (("851", "POL", 2), {"851": 2})


def test_it_stays_too_where_steps_alone_were_told_and_where_nothing_was_known_before(house: House) -> None:
    done(HEADER + FIRST.replace("851", ""))
    second = done(HEADER + SECOND.replace("DEU,3", "POL,2"))
    third = done(HEADER + THIRD.replace(",3,", ",2,"))

    undo_batch(actor=operator(), batch=second)
    assert same(house).citizens == {"787": 2}

    undo_batch(actor=operator(), batch=third)
    assert same(house).citizens == {"": 2}


def test_what_only_the_first_table_said_goes_with_it_where_another_table_has_a_step(house: House) -> None:
    first = done(HEADER + FIRST)
    done(HEADER + SECOND.replace("787,DEU,3", ",,2"))
    assert shared() == ("851", "POL", 2)

    undo_batch(actor=operator(), batch=first)

    assert (shared(), same(house).citizens) == (("", "", 2), {"": 2})


def test_what_the_first_table_said_and_another_one_too_stays(house: House) -> None:
    first = done(HEADER + FIRST)
    second = done(HEADER + SECOND.replace("787,DEU,3", "851,,2"))

    undo_batch(actor=operator(), batch=first)
    assert shared() == ("851", "", 2)

    undo_batch(actor=operator(), batch=second)
    assert not Journey.objects.exists()


def test_what_people_noted_since_stays_when_the_first_table_goes(house: House, walker: Actor) -> None:
    first = done(HEADER + FIRST)
    done(HEADER + SECOND.replace("787,DEU,3", ",,2"))
    note_municipality(actor=walker, journey=Journey.objects.get(), code="860")

    undo_batch(actor=operator(), batch=first)

    assert shared()[0] == "860"
    same(house)
