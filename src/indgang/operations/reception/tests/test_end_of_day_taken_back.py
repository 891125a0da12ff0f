"""What is taken back around the end of a day: nobody counts twice for it, nobody served is lost, and no page says what did not happen."""

from __future__ import annotations

import datetime as dt

import pytest
from django.conf import LazySettings

from indgang.foundation.places.models import House
from indgang.foundation.privacy.retention import carry_out
from indgang.operations.reception.actions import desk as desk_actions
from indgang.operations.reception.actions.end_of_day import end_days
from indgang.operations.reception.models import KnownAgain
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import at_instant
from indgang.operations.reception.tests.staff_day import clerk as browser_of
from indgang.operations.reception.tests.test_end_of_day import next_morning
from indgang.operations.reception.tests.test_from_journal import clerk as clerk_of
from indgang.operations.reception.tests.test_from_journal import minute, same, step
from indgang.operations.reception.tests.test_persons import books, comes

pytestmark = pytest.mark.django_db
WINTER = dt.timezone(dt.timedelta(hours=1))


@pytest.mark.parametrize("along", [(), ("Ola Nowak",)])
def test_how_it_ended_can_be_told_anew_and_they_are_one_party_still(
    house: House, settings: LazySettings, tmp_path: object, along: tuple[str, ...]
) -> None:
    settings.HOME = tmp_path
    comes(house, settings, 0, along=along)
    visit = step(books(house, settings, 90, along=along), "siri-residence")
    minute(settings, 91)
    desk_actions.call_visit(actor=clerk_of("siri"), desk=factories.desk("siri-1"), visit=visit)
    desk_actions.start_visit(actor=clerk_of("siri"), visit=visit)
    at_instant(settings, dt.datetime(2026, 12, 9, 0, 1, tzinfo=WINTER))
    end_days()
    assert same(house).citizens == {"851": 1 + len(along)}
    at_instant(settings, dt.datetime(2026, 12, 9, 3, 30, tzinfo=WINTER))
    carry_out()
    assert not KnownAgain.objects.exists()

    next_morning(settings)
    browser = browser_of("siri")
    browser.post(f"/desks/aalborg/siri-1/undo-finish/{visit.pk}/?back=desk")
    assert same(house).citizens == {"851": 1 + len(along)}
    browser.post(f"/desks/aalborg/siri-1/finish/{visit.pk}/?back=desk", {"outcome": "documents-missing", "missing": ["passport"]})

    visit.refresh_from_db()
    assert visit.outcome == "documents-missing"
    assert same(house).citizens == {"851": 1 + len(along)}
