"""What an import changed is kept for a year, who made it for five; what it brought in stays."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from indgang.foundation.access.actors import Actor
from indgang.foundation.database.console import Refused
from indgang.foundation.files.models import StoredFile
from indgang.foundation.identity.login import set_up_one_time_codes
from indgang.foundation.identity.tests.factories import logged_in
from indgang.foundation.imports.actions import apply_import, undo_batch
from indgang.foundation.imports.kinds import KINDS, register
from indgang.foundation.imports.models import Batch, BatchRow
from indgang.foundation.imports.tests.factories import MUNICIPALITIES, csv
from indgang.foundation.journal.tests import factories
from indgang.foundation.places.models import Municipality
from indgang.foundation.privacy.retention import carry_out

pytestmark = pytest.mark.django_db
THEN = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
YEAR = dt.timedelta(days=365)
TOO_OLD = "This import is more than a year old. What it changed is no longer kept, so it cannot be taken back."


@pytest.fixture(autouse=True)
def kinds(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.HOME, settings.CLOCK_STARTS_AT = tmp_path, THEN
    known = dict(KINDS)
    register(MUNICIPALITIES)
    yield
    KINDS.clear()
    KINDS.update(known)


@pytest.fixture
def leader() -> Actor:
    return factories.member(factories.organisation(is_operator=True), "leader")


def bring_in(actor: Actor, code: int) -> Batch:
    batch, _report = apply_import(actor=actor, kind=MUNICIPALITIES, stream=csv(f"code;name\n{code};Town {code}\n"), name="towns.csv")
    assert batch is not None
    return batch


def test_rows_go_after_a_year_and_what_they_brought_stays(settings: Any, leader: Actor) -> None:
    bring_in(leader, 851)
    settings.CLOCK_STARTS_AT = THEN + dt.timedelta(days=10)
    young = bring_in(leader, 825)

    settings.CLOCK_STARTS_AT = THEN + YEAR - dt.timedelta(hours=1)
    assert carry_out()["imports.batchrow"] == 0
    settings.CLOCK_STARTS_AT = THEN + YEAR + dt.timedelta(hours=1)
    assert carry_out()["imports.batchrow"] == 1
    assert list(BatchRow.objects.values_list("batch", flat=True)) == [young.pk]
    assert list(Municipality.objects.order_by("code").values_list("code", flat=True)) == ["825", "851"]


def test_its_file_goes_after_a_year_and_the_batch_stays(settings: Any, leader: Actor) -> None:
    batch = bring_in(leader, 851)
    settings.CLOCK_STARTS_AT = THEN + YEAR + dt.timedelta(hours=1)
    carry_out()
    batch.refresh_from_db()
    assert (StoredFile.objects.count(), batch.file, batch.created, batch.user) == (0, None, 1, leader.user)


def test_who_made_it_goes_after_five_years_and_the_counts_stay(settings: Any, leader: Actor) -> None:
    batch = bring_in(leader, 851)
    settings.CLOCK_STARTS_AT = THEN + 5 * YEAR - dt.timedelta(hours=1)
    assert carry_out()["imports.batch"] == 0
    settings.CLOCK_STARTS_AT = THEN + 5 * YEAR + dt.timedelta(hours=1)
    assert carry_out()["imports.batch"] == 1
    batch.refresh_from_db()
    assert (batch.user, batch.organisation, batch.kind, batch.created) == (None, leader.organisation, "municipalities", 1)


def test_an_import_whose_rows_are_due_is_not_taken_back_by_halves(settings: Any, leader: Actor) -> None:
    batch = bring_in(leader, 851)
    settings.CLOCK_STARTS_AT = THEN + YEAR + dt.timedelta(hours=1)
    with pytest.raises(Refused) as refusal:
        undo_batch(actor=leader, batch=batch)
    assert str(refusal.value) == TOO_OLD
    assert (Municipality.objects.count(), batch.undone_at) == (1, None)


@pytest.mark.parametrize(("days", "can"), [(364, True), (366, False)])
def test_the_page_offers_the_way_back_for_a_year_and_then_says_why_not(settings: Any, leader: Actor, days: int, can: bool) -> None:
    batch = bring_in(leader, 851)
    settings.CLOCK_STARTS_AT = THEN + dt.timedelta(days=days)
    assert leader.user is not None
    carry_out()
    set_up_one_time_codes(leader.user)
    said = logged_in(leader.user).get(f"/imports/{batch.pk}/", headers={"accept-language": "en"}).content.decode()
    assert (f"/imports/{batch.pk}/undo/" in said, TOO_OLD in said) == (can, not can)
