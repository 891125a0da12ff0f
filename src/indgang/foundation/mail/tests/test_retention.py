"""Letters are kept for ninety days after they were sent, or should have been."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from indgang.foundation.mail.models import Letter, State
from indgang.foundation.mail.tests.factories import letter
from indgang.foundation.privacy.retention import carry_out

pytestmark = pytest.mark.django_db
THEN = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
NINETY = dt.timedelta(days=90)
HOUR = dt.timedelta(hours=1)


def left() -> set[str]:
    return set(Letter.objects.values_list("key", flat=True))


def test_letters_go_ninety_days_after_they_were_sent_and_not_before(settings: Any) -> None:
    settings.CLOCK_STARTS_AT = THEN
    for key, sent in [("first", THEN), ("second", THEN + dt.timedelta(days=2))]:
        letter(key=key)
        Letter.objects.filter(key=key).update(state=State.SENT, sent_at=sent)
    settings.CLOCK_STARTS_AT = THEN + NINETY - HOUR
    assert (carry_out()["mail.letter"], left()) == (0, {"first", "second"})
    settings.CLOCK_STARTS_AT = THEN + NINETY + HOUR
    assert (carry_out()["mail.letter"], left()) == (1, {"second"})


def test_a_letter_that_never_went_out_goes_ninety_days_after_it_should_have(settings: Any) -> None:
    settings.CLOCK_STARTS_AT = THEN
    for state in (State.REFUSED, State.UNCERTAIN, State.WITHDRAWN, State.WAITING, State.HANDING_OVER):
        letter(key=state.value)
        Letter.objects.filter(key=state.value).update(state=state)
    letter(key="for-later")
    Letter.objects.filter(key="for-later").update(not_before=THEN + dt.timedelta(days=60))

    settings.CLOCK_STARTS_AT = THEN + NINETY - HOUR
    assert carry_out()["mail.letter"] == 0
    settings.CLOCK_STARTS_AT = THEN + NINETY + HOUR
    assert carry_out()["mail.letter"] == 4
    assert left() == {"for-later", "handing-over"}  # one has its day still ahead, the other becomes uncertain within minutes
