"""An import is all or nothing, can be repeated and undone, and says row by row what it does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indgang.foundation.access.actors import ANONYMOUS, Actor, NotAllowed, citizen, system
from indgang.foundation.database.console import Refused
from indgang.foundation.files.actions import open_file
from indgang.foundation.files.models import StoredFile
from indgang.foundation.imports import planning
from indgang.foundation.imports.actions import Undone, apply_import, preview_import, undo_batch
from indgang.foundation.imports.kinds import KINDS, register
from indgang.foundation.imports.models import Batch, BatchRow
from indgang.foundation.imports.queries import batches_visible_to, files_visible_to
from indgang.foundation.imports.reports import Problem, Report, ShownRow
from indgang.foundation.imports.tests.factories import MUNICIPALITIES, csv
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.tests import factories
from indgang.foundation.places.models import Municipality

pytestmark = pytest.mark.django_db
THREE = "code;name;english\n851;Aalborg;\n825;Læsø;The island\n860;Hjørring;\n"


@pytest.fixture(autouse=True)
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def kinds() -> Iterator[None]:
    known = dict(KINDS)
    register(MUNICIPALITIES)
    yield
    KINDS.clear()
    KINDS.update(known)


@pytest.fixture
def actor() -> Actor:
    return system(factories.organisation(is_operator=True))


def apply(actor: Actor, text: str) -> tuple[Batch | None, Report]:
    return apply_import(actor=actor, kind=MUNICIPALITIES, stream=csv(text), name="municipalities.csv")


def counts(report: Report) -> tuple[int, int, int]:
    return report.created, report.updated, report.unchanged


def stored() -> dict[str, tuple[str, str]]:
    return {m.code: (m.title_da, m.title_en) for m in Municipality.objects.order_by("code")}


def test_what_a_table_says_is_stored_with_one_journal_entry_and_a_copy_of_the_file(actor: Actor) -> None:
    batch, report = apply(actor, THREE)

    assert batch is not None
    assert stored() == {"825": ("Læsø", "The island"), "851": ("Aalborg", ""), "860": ("Hjørring", "")}
    assert counts(report) == (batch.created, batch.updated, batch.unchanged) == (3, 0, 0)
    entry = Entry.objects.get()
    assert batch.file is not None
    expected = {"kind": "municipalities", "digest": batch.file.digest, "created": 3, "updated": 0, "unchanged": 0}
    assert (entry.verb, entry.subject_id, entry.organisation, entry.after) == (
        "batch.imported",
        str(batch.pk),
        actor.organisation,
        expected,
    )
    with open_file(batch.file) as stream:
        assert stream.read().decode() == THREE


def test_the_same_file_again_changes_nothing_and_leaves_no_trace(actor: Actor) -> None:
    apply(actor, THREE)
    batch, report = apply(actor, THREE)

    assert batch is None
    assert counts(report) == (0, 0, 3)
    assert (Batch.objects.count(), Entry.objects.count(), StoredFile.objects.count()) == (1, 1, 1)


def test_empty_cells_and_absent_columns_keep_what_is_stored(actor: Actor) -> None:
    apply(actor, THREE)
    _batch, report = apply(actor, "code;english\n825;\n851;Aalborg City\n")

    assert counts(report) == (0, 1, 1)
    assert stored()["825"] == ("Læsø", "The island")
    assert stored()["851"] == ("Aalborg", "Aalborg City")


def test_of_a_file_that_is_wrong_all_over_the_first_faults_are_named(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "CHUNK", 3)
    monkeypatch.setattr(planning, "MOST_FAULTS", 4)
    _batch, report = apply(actor, "code;name\n" + "".join(f"x{row};\n" for row in range(2, 20)))
    assert [problem.row for problem in report.refused] == [2, 2, 3, 3]
    assert report.notices == ["Only the first 4 faults are listed; rows after 4 were not looked at. Mend these and hand it in again."]


def test_one_refused_row_refuses_the_file_and_every_trouble_is_named(actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning, "CHUNK", 2)
    batch, report = apply(actor, "code;name\n851;Aalborg\n85;Læsø\n;Rebild\n860;\n851;Aalborg igen\nx;" + "y" * 201 + "\n")

    assert batch is None
    assert report.refused == [
        Problem(3, "code", "85", "Write a whole number from 100 to 999."),
        Problem(4, "code", "", "This must be filled in."),
        Problem(5, "name", "", "A municipality has a name."),
        Problem(6, "code", "851", "Row 2 and row 6 have the same code."),
        Problem(7, "code", "x", "Write a whole number from 100 to 999."),
        Problem(7, "name", "y" * 200, "This is longer than 200 characters."),
    ]
    assert counts(report) == (0, 0, 0)
    assert report.refused_rows == 5
    assert str(report.refused[0]) == "Row 3, code “85”: Write a whole number from 100 to 999."
    assert str(report.refused[1]) == "Row 4, code: This must be filled in."
    assert stored() == {}
    assert (Batch.objects.count(), BatchRow.objects.count(), Entry.objects.count(), StoredFile.objects.count()) == (0, 0, 0, 0)


def test_a_preview_says_row_by_row_what_would_happen_and_writes_nothing(actor: Actor) -> None:
    apply(actor, THREE)
    report = preview_import(actor=actor, kind=MUNICIPALITIES, stream=csv("code;name\n851;Aalborg\n825;Læs\n787;Thisted\n1;\n"))

    assert report.rows == [
        ShownRow(2, "unchanged", "851"),
        ShownRow(3, "update", "825", {"name": ("Læsø", "Læs")}),
        ShownRow(4, "create", "787"),
        ShownRow(5, "refused", ""),
    ]
    assert counts(report) == (1, 1, 1)
    assert stored()["825"] == ("Læsø", "The island")
    assert (Batch.objects.count(), Entry.objects.count()) == (1, 1)


def test_the_report_as_scripts_read_it(actor: Actor) -> None:
    report = preview_import(actor=actor, kind=MUNICIPALITIES, stream=csv("code;name\n851;Aalborg\nx;Læsø\n"))

    refused = [{"row": 3, "column": "code", "value": "x", "message": "Write a whole number from 100 to 999."}]
    assert report.as_json() == {"created": 1, "updated": 0, "unchanged": 0, "refused": refused}


def test_a_file_that_cannot_be_used_is_refused_as_a_whole(actor: Actor) -> None:
    expected = [Problem(0, "", "", "The file is empty.")]

    assert apply(actor, "")[1].refused == expected
    assert preview_import(actor=actor, kind=MUNICIPALITIES, stream=io.BytesIO()).refused == expected


@pytest.mark.parametrize("rows", [1, 3])
def test_a_chunk_is_looked_up_in_one_question(actor: Actor, rows: int, django_assert_num_queries: Any) -> None:
    text = "code;name\n" + "".join(f"{851 + number};Aalborg\n" for number in range(rows))

    with django_assert_num_queries(1):
        preview_import(actor=actor, kind=MUNICIPALITIES, stream=csv(text))


class TestUndo:
    def undo(self, actor: Actor, batch: Batch | None) -> Undone:
        assert batch is not None
        return undo_batch(actor=actor, batch=batch)

    def test_an_untouched_batch_is_taken_back_whole(self, actor: Actor) -> None:
        apply(actor, "code;name\n851;Ålborg\n")
        batch, _report = apply(actor, THREE)
        undone = self.undo(actor, batch)

        assert (undone.removed, undone.restored, undone.kept) == (2, 1, [])
        assert stored() == {"851": ("Ålborg", "")}
        entry = Entry.objects.order_by("-id")[0]
        assert (entry.verb, entry.after) == ("batch.undone", {"removed": 2, "restored": 1, "kept": 0})

    def test_what_people_changed_since_is_kept_and_named(self, actor: Actor) -> None:
        apply(actor, "code;name\n851;Ålborg\n860;Hjøring\n")
        batch, _report = apply(actor, THREE)
        Municipality.objects.filter(code="825").update(title_en="Our island")
        Municipality.objects.filter(code="851").update(title_da="Aalborg Kommune")
        Municipality.objects.filter(code="860").update(title_en="Added later")
        undone = self.undo(actor, batch)

        assert undone.kept == [
            Problem(2, "name", "Aalborg Kommune", "Changed since the import, where it was “Aalborg”."),
            Problem(3, "english", "Our island", "Changed since the import, where it was “The island”."),
        ]
        assert stored() == {"825": ("Læsø", "Our island"), "851": ("Aalborg Kommune", ""), "860": ("Hjøring", "Added later")}

    def test_what_is_gone_or_in_use_is_named(self, actor: Actor) -> None:
        batch, _report = apply(actor, "code;name;english\n851;Aalborg;Inhabited\n825;Læsø;\n")
        Municipality.objects.filter(code="825").delete()
        undone = self.undo(actor, batch)

        assert undone.kept == [Problem(2, "code", "851", "Somebody lives there."), Problem(3, "code", "825", "This is no longer there.")]
        assert undone.removed == 0

    def test_an_emptied_cell_is_empty_again(self, actor: Actor) -> None:
        apply(actor, "code;name\n825;Læsø\n")
        batch, _report = apply(actor, "code;english\n825;The island\n")
        self.undo(actor, batch)

        assert stored() == {"825": ("Læsø", "")}

    def test_a_batch_is_undone_once_and_may_be_imported_again(self, actor: Actor) -> None:
        batch, _report = apply(actor, THREE)
        self.undo(actor, batch)

        with pytest.raises(Refused, match="undone already"):
            self.undo(actor, batch)
        assert counts(apply(actor, THREE)[1]) == (3, 0, 0)


class TestAccess:
    @pytest.mark.parametrize(("operator", "role"), [(True, "clerk"), (True, "reader"), (False, "administrator"), (False, "leader")])
    def test_others_at_work_are_refused(self, operator: bool, role: str) -> None:
        member = factories.member(factories.organisation(is_operator=operator), role)
        batch = Batch.objects.create(kind="municipalities", organisation=member.organisation)

        for call in (
            lambda: apply(member, THREE),
            lambda: preview_import(actor=member, kind=MUNICIPALITIES, stream=csv(THREE)),
            lambda: undo_batch(actor=member, batch=batch),
        ):
            with pytest.raises(NotAllowed):
                call()
        assert not batches_visible_to(member).exists()
        assert not Municipality.objects.exists()

    @pytest.mark.parametrize("role", ["administrator", "leader"])
    def test_the_operators_administrators_and_leaders_see_their_regions_batches_only(self, role: str) -> None:
        ours, theirs = factories.organisation(is_operator=True), factories.organisation(is_operator=True)
        member = factories.member(ours, role)
        batch, _report = apply(member, THREE)
        Batch.objects.create(kind="municipalities", organisation=theirs)

        assert list(batches_visible_to(member)) == [batch]
        assert list(files_visible_to(member)) == [batch and batch.file]
        assert batch is not None
        assert batch.user == member.user
        assert batches_visible_to(system()).count() == 2

    @pytest.mark.parametrize("outsider", [ANONYMOUS, citizen("ABCD")])
    def test_outsiders_are_refused(self, outsider: Actor) -> None:
        with pytest.raises(NotAllowed):
            apply(outsider, THREE)
        assert not batches_visible_to(outsider).exists()
        assert not files_visible_to(outsider).exists()
