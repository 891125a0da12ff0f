"""Tables in which new, changed and unchanged rows stand in any order, over the borders of the chunks in which they are read."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from indgang.foundation.imports import actions, planning
from indgang.foundation.imports.actions import undo_batch
from indgang.foundation.imports.kinds import Kind
from indgang.operations.guidance.models import Course
from indgang.operations.guidance.tests import factories
from indgang.operations.guidance.tests.factories import HUB
from indgang.operations.guidance.tests.tables import COLUMNS, COURSES, DELIVERIES, DELIVERY_COLUMNS, ONE, done, everything, hand_in, server
from indgang.registers.parties.import_companies import COMPANIES
from indgang.registers.parties.import_establishments import ESTABLISHMENTS
from indgang.registers.parties.models import Company, Establishment, Move

pytestmark = pytest.mark.django_db
FIRMS = "10000009", "10000017", "10000025", "10000033", "10000041", "10000068"
PLACES = [f"100000000{digit}" for digit in range(1, 7)]
FILES: tuple[tuple[Kind, str, str], ...] = (
    (COMPANIES, "cvr,name,municipality\n", "{cvr},{name} {cvr},{code}\n"),
    (ESTABLISHMENTS, "p_number,cvr,name,municipality\n", "{place},{cvr},{name},{code}\n"),
    (COURSES, COLUMNS, "C-{place},{cvr},{place},{hub},growth,,2024-03-05,,,{name}\n"),
    (DELIVERIES, DELIVERY_COLUMNS, "D-{place},{cvr},{place},{hub},service,{name},2024-03-05\n"),
)
FATES = st.lists(st.sampled_from(["new", "changed", "unchanged", "absent"]), min_size=len(FIRMS), max_size=len(FIRMS))


def row(template: str, place: int, *, name: str = "Before", code: str = "851") -> str:
    """The row of one of the companies."""
    return template.format(cvr=FIRMS[place], place=PLACES[place], name=name, code=code, hub=HUB)


def standing() -> list[object]:
    """All that the four kinds of tables write."""
    companies = list(Company.objects.order_by("pk").values("pk", "cvr", "name", "municipality"))
    units = list(Establishment.objects.order_by("pk").values("pk", "p_number", "company", "name", "municipality"))
    return [companies, units, *everything(), list(Move.objects.order_by("pk").values())]


class Mixed(TestCase):
    """Each example has a register of its own."""

    @pytest.fixture(autouse=True)
    def home(self, settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.HOME = tmp_path
        for module in planning, actions:
            monkeypatch.setattr(module, "CHUNK", 2)

    @examples(max_examples=12, deadline=None)
    @given(FATES, st.permutations(range(len(FIRMS))), st.booleans())
    def test_rows_in_any_order_are_written_each_as_it_says_and_taken_back(self, fates: list[str], order: list[int], moved: bool) -> None:
        factories.region()
        for number, (kind, header, template) in enumerate(FILES):
            for needed, first, line in FILES[: min(number, 2)]:  # what it names is known by now
                hand_in(first + "".join(row(line, place) for place in range(len(FIRMS))), kind=needed)
            known = [place for place, fate in enumerate(fates) if fate in {"changed", "unchanged"}]
            hand_in(header + "".join(row(template, place) for place in known), kind=kind)
            before = standing()
            after = {"name": "After", "code": "860" if moved else "851"}
            said = [row(template, place, **(after if fates[place] == "changed" else {})) for place in order if fates[place] != "absent"]
            batch, report = hand_in(header + "".join(said), kind=kind)
            expected = [fates.count(fate) for fate in ("new", "changed", "unchanged")]
            assert ([report.created, report.updated, report.unchanged], report.refused) == (expected, [])
            again = hand_in(header + "".join(said), kind=kind)[1]
            assert (again.created, again.updated, again.refused) == (0, 0, [])
            if batch:
                assert undo_batch(actor=server(), batch=batch).kept == []
                assert standing()[:-1] == before[:-1]


def test_what_is_stored_is_unchanged_whomever_its_establishment_belongs_to_by_now(region: object, company: Company) -> None:
    other, unit = factories.company("10000017"), factories.establishment(company)
    table = COLUMNS + ONE.replace("10000009,,", f"10000009,{unit.p_number},")
    done(table)
    done(f"p_number,cvr\n{unit.p_number},{other.cvr}\n", kind=ESTABLISHMENTS)
    before = everything()
    batch, report = hand_in(table)
    assert (batch, report.created, report.updated, report.unchanged, report.refused) == (None, 0, 0, 1, [])
    assert everything() == before

    done(table.replace("2024-05-06", "2024-05-07"))
    assert Course.objects.values_list("company", "establishment", "ended").get() == (company.pk, unit.pk, dt.date(2024, 5, 7))

    _batch, report = hand_in(table.replace("C-1", "C-2"))
    assert [problem.column for problem in report.refused] == ["p_number"]
