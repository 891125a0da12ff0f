"""Rows through COPY are the rows that INSERT would have made."""

from __future__ import annotations

import pytest

from indgang.foundation.database.bulk import copy_in
from indgang.foundation.places.models import Municipality, Region

pytestmark = pytest.mark.django_db


def region(number: int) -> Region:
    facts = {"text": 'æ " \\ \t \n', "list": [1, None, {"a": True}]}
    return Region(key=f"region-{number}", title_da="Østjylland\t\\N", title_en="", facts=facts)


def test_copied_rows_equal_inserted_ones_and_have_keys_of_their_own() -> None:
    copied = [region(number) for number in range(3)]
    copy_in(Region, copied)
    inserted = region(3)
    inserted.save()

    rows = list(Region.objects.order_by("pk").values_list("pk", "key", "title_da", "title_en", "facts", "country"))
    expected = [(r.pk, r.key, r.title_da, r.title_en, r.facts, r.country) for r in (*copied, inserted)]
    assert rows == expected
    assert len({made.pk for made in (*copied, inserted)}) == 4


def test_empty_stays_apart_from_nothing() -> None:
    home = region(1)
    copy_in(Region, [home])
    copy_in(Municipality, [Municipality(region=home, code="851", key="aalborg", title_da="Aalborg", title_en="")])
    copy_in(Municipality, [])

    assert list(Municipality.objects.values_list("region", "code", "title_en")) == [(home.pk, "851", "")]
