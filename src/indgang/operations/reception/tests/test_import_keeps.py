"""What people change of a step that came with a table stays, however often the table is handed in or taken back; the report names it."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.test import Client

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.database.console import Refused
from indgang.foundation.identity.models import Role
from indgang.foundation.imports.actions import preview_import, undo_batch
from indgang.foundation.imports.kinds import Fault, Row
from indgang.foundation.imports.models import Batch
from indgang.foundation.imports.reports import Problem, Report
from indgang.foundation.imports.tests.test_commands import indgang
from indgang.foundation.places.models import House, Municipality, Region
from indgang.operations.reception.actions import desk as desks
from indgang.operations.reception.actions.residence import code_of, note_municipality, undo_municipality
from indgang.operations.reception.imports import VISITS, VisitsWork
from indgang.operations.reception.models import Journey, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at, logged_in, said
from indgang.operations.reception.tests.test_from_journal import same, served
from indgang.operations.reception.tests.visits_table import HEADER, apply, done, operator, refused

pytestmark = pytest.mark.django_db
SERVED = HEADER + "J-1,aalborg,siri-residence,851,POL,2,2026-12-07 09:00,2026-12-07 09:10,2026-12-07 09:40,done\n"
SECOND = "J-1,aalborg,tax-card,851,POL,2,2026-12-07 09:40,2026-12-07 09:50,2026-12-07 10:00,done\n"
WAITS = HEADER + "J-1,aalborg,siri-residence,851,POL,2,2026-12-08 08:50,,,\n"
BUSY = "Siri Clerk has this party at Desk 1 now. Hand the table in again when that has ended."


@pytest.fixture(autouse=True)
def home(house: House, settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    Municipality.objects.create(region=house.region, code="860", key="hjoerring", title_da="Hjørring")


def journey() -> Journey:
    return Journey.objects.select_related("municipality").get(reference="J-1")


def step(service: str = "siri-residence") -> Visit:
    return Visit.objects.get(journey__reference="J-1", service__key=service)


def siri() -> Actor:
    user = factories.member(Role.CLERK, "siri")
    type(user).objects.filter(pk=user.pk).update(name="Siri Clerk")
    user.refresh_from_db()
    return staff(user)


def brought(text: str) -> tuple[int, int, int, list[str]]:
    """What the table did, which the preview must have told: created, updated, unchanged, and what was kept."""
    told = preview_import(actor=operator(), kind=VISITS, stream=io.BytesIO(text.encode()))
    _batch, report = apply(text)
    assert (told.kept, told.refused) == (report.kept, report.refused)
    assert report.refused == []
    return (*counts(report), [str(problem) for problem in report.kept])


def counts(report: Report) -> tuple[int, int, int]:
    return report.created, report.updated, report.unchanged


def noted(code: str) -> str:
    return f"Row 2, municipality “851”: People here have noted “{code}” since. That stays."


def test_a_noted_municipality_stays_whatever_the_table_says_and_is_named(house: House, walker: Actor) -> None:
    done(SERVED)
    note_municipality(actor=walker, journey=journey(), code="787")

    assert brought(SERVED) == (0, 0, 1, [noted("787")])
    assert brought(SERVED.replace("851", "860")) == (0, 0, 1, [noted("787").replace("851", "860")])
    assert brought(SERVED.replace(",851,", ",,")) == brought(SERVED.replace("851", "787")) == (0, 0, 1, [])
    assert same(house).citizens == {"787": 2}


def test_it_stays_where_the_table_changes_something_else_or_brings_a_new_step(house: House, walker: Actor) -> None:
    done(SERVED)
    note_municipality(actor=walker, journey=journey(), code="787")

    again = noted("787").replace("Row 2", "Row 3")
    assert brought(SERVED.replace("POL,2", "POL,3") + SECOND) == (1, 1, 0, [noted("787"), again])
    assert (step().people, step("tax-card").people, code_of(journey())) == (3, 2, "787")
    assert brought(SERVED) == (0, 1, 0, [noted("787")])
    assert same(house).citizens == {"787": 2}


def test_once_the_note_is_taken_back_the_table_counts_again(house: House, walker: Actor) -> None:
    done(SERVED)
    note_municipality(actor=walker, journey=journey(), code="787")
    assert brought(SERVED.replace("851", "860"))[1] == 0
    undo_municipality(actor=walker, journey=journey(), noted="787", before="851")

    assert brought(SERVED) == (0, 0, 1, [])
    assert brought(SERVED.replace("851", "860")) == (0, 1, 0, [])
    assert same(house).citizens == {"860": 2}


@pytest.mark.parametrize(("told", "was"), [(",851,", "851"), (",,", "")])
def test_taking_the_import_back_keeps_and_names_a_noted_municipality(house: House, walker: Actor, told: str, was: str) -> None:
    batch = done((SERVED + SECOND).replace(",851,", told))
    note_municipality(actor=walker, journey=journey(), code="787")

    undone = undo_batch(actor=operator(), batch=batch)

    stays = "People here have noted where the party lives since. The journey stays."
    named = [Problem(2, "municipality", was, "People here have noted “787” since. That stays.")] if was else []
    kept = [Problem(row, "reference", journey().reference, stays) for row in (2, 3)]
    assert (undone.removed, undone.kept) == (0, [kept[0], *named, kept[1]])
    assert same(house).citizens == {"787": 2}


def test_what_staff_take_out_stays_out(house: House, walker: Actor) -> None:
    done(SERVED)
    note_municipality(actor=walker, journey=journey(), code="")

    assert brought(SERVED) == (0, 0, 1, ["Row 2, municipality “851”: People here have taken this out since. That stays."])
    assert same(house).citizens == {"": 2}


def test_how_a_clerk_ended_a_step_stays_and_what_nobody_touched_is_written(house: House, walker: Actor, settings: LazySettings) -> None:
    at(settings, 8, 50)
    done(WAITS + "J-2,aalborg,mitid,851,POL,1,2026-12-08 08:50,,,\n")
    served(settings, "siri-1", step(), 1, 10, outcome="documents-missing", missing=["passport"])
    before = Visit.objects.values().get(pk=step().pk)

    assert brought(WAITS) == (0, 0, 1, [])
    at(settings, 9, 40)
    later = "2026-12-08 08:50,2026-12-08 09:20,2026-12-08 09:40,done\n"
    kept = brought(f"{HEADER}J-1,aalborg,siri-residence,851,POL,2,{later}J-2,aalborg,mitid,851,POL,1,{later}")

    assert (kept[1], [text.partition(" “")[0] for text in kept[3]]) == (1, ["Row 2, started", "Row 2, ended", "Row 2, outcome"])
    assert kept[3][2] == "Row 2, outcome “done”: People here have noted “documents-missing” since. That stays."
    assert Visit.objects.values().get(pk=step().pk) == before
    assert Visit.objects.get(journey__reference="J-2").status == "done"
    same(house)


def test_an_arrival_noted_here_stays_and_the_table_tells_the_rest(house: House, walker: Actor, settings: LazySettings) -> None:
    done(HEADER + "J-1,aalborg,siri-residence,851,POL,2,,,,\n")
    at(settings, 9, 30)
    arrived = Visit.objects.filter(pk=step().pk).update(status="waiting", arrived_at=step().journey.created_at)
    assert arrived == 1
    _created, updated, _unchanged, kept = brought(
        HEADER + "J-1,aalborg,siri-residence,851,POL,2,2026-12-08 07:30,2026-12-08 09:10,2026-12-08 09:30,done\n"
    )
    assert (updated, len(kept), step().status, step().arrived_at) == (1, 1, "done", step().journey.created_at)

    Visit.objects.filter(pk=step().pk).update(ended_at=None, started_at=None, outcome="", status="no-show")
    assert brought(HEADER + "J-1,aalborg,siri-residence,,,,,2026-12-08 09:10,2026-12-08 09:30,done\n")[:3] == (0, 0, 1)
    assert step().status == "no-show", "who did not come was at no desk: what does not go together is left as a whole"


@pytest.mark.parametrize("begun", [False, True])
def test_a_party_at_a_desk_is_not_taken_by_a_table_nor_by_taking_one_back(house: House, settings: LazySettings, begun: bool) -> None:
    at(settings, 9, 5)
    done(WAITS)
    larger = done(WAITS.replace("POL,2", "POL,3"))
    clerk = siri()
    desks.call_visit(actor=clerk, desk=factories.desk("siri-1"), visit=step())
    if begun:
        desks.start_visit(actor=clerk, visit=step())
    before = Visit.objects.values().get(pk=step().pk)

    ended = WAITS.replace("08:50,,,", "08:50,2026-12-08 09:00,2026-12-08 09:04,done")
    assert refused(ended) == [(2, "reference", BUSY)]
    assert brought(WAITS.replace("POL,2", "POL,3")) == (0, 0, 1, [])
    undone = undo_batch(actor=operator(), batch=larger)

    assert undone.kept == [Problem(2, "reference", "J-1", BUSY)]
    assert Visit.objects.values().get(pk=step().pk) == before
    if not begun:
        desks.start_visit(actor=clerk, visit=step())
    at(settings, 9, 20)
    desks.finish_visit(actor=clerk, visit=step(), outcome="done")
    assert [text.partition(" “")[0] for text in brought(ended.replace("POL,2", "POL,3"))[3]] == ["Row 2, started", "Row 2, ended"]
    assert same(house).citizens == {"851": 3}


def test_a_party_called_between_looking_and_writing_is_left_to_its_clerk(
    house: House, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    at(settings, 9, 5)
    done(WAITS)
    check = VisitsWork.check

    def and_then_called(work: VisitsWork, row: Row) -> Iterable[Fault]:
        found = check(work, row)
        desks.call_visit(actor=siri(), desk=factories.desk("siri-1"), visit=step())
        return found

    monkeypatch.setattr(VisitsWork, "check", and_then_called)
    with pytest.raises(Refused, match="at this moment"):
        apply(WAITS.replace("08:50,,,", "08:50,2026-12-08 09:00,2026-12-08 09:04,done"))


def test_a_table_and_staff_may_name_a_municipality_of_another_region(house: House, walker: Actor) -> None:
    region = Region.objects.create(key="midtjylland", title_da="Midtjylland")
    Municipality.objects.create(region=region, code="751", key="aarhus", title_da="Aarhus")
    done(SERVED.replace("851", "0751"))
    assert same(house).citizens == {"751": 2}
    note_municipality(actor=walker, journey=journey(), code="851")
    undo_municipality(actor=walker, journey=journey(), noted="851", before="751")
    assert same(house).citizens == {"751": 2}
    assert refused(SERVED.replace("851", "101").replace("J-1", "J-2")) == [(2, "municipality", "No municipality with this code is known.")]


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_the_command_names_what_stays_beside_its_object(
    house: House, walker: Actor, tmp_path: Path, capsys: pytest.CaptureFixture[str], dry: list[str]
) -> None:
    done(SERVED)
    note_municipality(actor=walker, journey=journey(), code="787")
    table = tmp_path / "visits.csv"
    table.write_text(SERVED)

    assert indgang("import", "visits", table, "--json", *dry) == 0

    output = capsys.readouterr()
    assert json.loads(output.out) == {"created": 0, "updated": 0, "unchanged": 1, "refused": []}
    assert output.err == f"{noted('787')}\n"


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_page_shows_what_stays_before_anything_is_written_and_says_so_after(house: House, walker: Actor, language: str) -> None:
    done(SERVED)
    note_municipality(actor=walker, journey=journey(), code="787")
    page = logged_in(factories.member(Role.LEADER, "ihnd"), language)

    only = handed_in(page, SERVED)
    nothing = {"en": "There is nothing to import.", "da": "Der er intet at importere."}[language]
    stays = {"en": "People here have noted “787” since. That stays.", "da": "Her er siden noteret “787”. Det bliver stående."}[language]
    assert nothing in only.content.decode()
    assert stays in only.content.decode()

    more = handed_in(page, SERVED + SECOND)
    after = page.post(more.request["PATH_INFO"], follow=True)

    assert Batch.objects.count() == 2
    assert said(after)[1].startswith({"en": "2 cells of the table say", "da": "2 felter i tabellen siger"}[language])


def handed_in(page: Client, text: str) -> Any:
    file = io.BytesIO(text.encode())
    file.name = "visits.csv"
    return page.post("/imports/", {"kind": "visits", "file": file}, follow=True)
