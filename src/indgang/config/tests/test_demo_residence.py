"""Where the demonstration's people with a ticket live."""

from __future__ import annotations

import pytest
from django.conf import LazySettings

from indgang.config import program
from indgang.config.tests.test_demo import SMALL
from indgang.foundation.journal.models import Entry
from indgang.operations.reception.models import Journey

pytestmark = pytest.mark.django_db


def test_of_most_people_with_a_ticket_it_is_known_where_they_live_and_the_journal_tells_the_same(settings: LazySettings) -> None:
    settings.EMBEDDED = True
    program.run_or_refuse(SMALL)
    lives = dict(Journey.objects.filter(source="ticket").values_list("pk", "municipality__code"))
    told = {entry.subject_id: entry.after.get("municipality") for entry in Entry.objects.filter(verb="ticket.taken")}

    assert told == {str(key): code for key, code in lives.items()}
    assert len([code for code in lives.values() if code]) > len(lives) / 2 > 0
