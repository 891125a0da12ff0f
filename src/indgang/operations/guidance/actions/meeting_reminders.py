"""The contact persons of both parties are reminded by mail of a meeting of their agreement, some days before it."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import override

from indgang.foundation.database import clock
from indgang.foundation.mail.actions import withdraw_letters, write_letter
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.places.models import Region
from indgang.operations.guidance.approach_letters import letter_about_a_meeting
from indgang.operations.guidance.models import Meeting
from indgang.operations.guidance.queries.division import division_in_force
from indgang.operations.guidance.queries.outreach_contacts import Reached, contact_persons
from indgang.operations.guidance.rules.outreach import is_to_be_reminded


def remind_of_meetings() -> int:
    """One letter to each contact person for each day that a meeting is planned for, once; returns how many."""
    today = clock.today()
    written = 0
    for region in Region.objects.order_by("pk"):
        division = division_in_force(region, today)
        if division is None:
            continue
        until = today + dt.timedelta(days=division.remind_before_days)
        meetings = Meeting.objects.filter(outreach__office__region=region, on__range=(today, until))
        for meeting in meetings.select_related("outreach__office", "outreach__hub").order_by("on", "pk"):
            if is_to_be_reminded(meeting.on, today, division.remind_before_days):
                written += sum(_remind(meeting, person) for person in contact_persons(meeting.outreach))
    return written


@transaction.atomic
def _remind(meeting: Meeting, person: Reached) -> bool:
    """Whether that was still to be done."""
    key = f"{letters_of(meeting)}{meeting.on}:{person.email}"[:120]
    if Letter.objects.filter(key=key).exclude(state=State.WITHDRAWN).exists():
        return False
    outreach = meeting.outreach
    with override(person.language):
        address = f"{settings.BASE_URL}{reverse('guidance:outreach', args=[outreach.year, outreach.office.key])}"
        subject, text = letter_about_a_meeting(person, meeting, address)
    write_letter(key=key, to=person.email, language=person.language, subject=subject, text=text, organisation=outreach.hub)
    return True


def letters_of(meeting: Meeting) -> str:
    """How the keys of a meeting's letters begin."""
    return f"outreach-meeting:{meeting.pk}:"


def forget_reminders_of(meeting: Meeting) -> None:
    """It is on another day, or on none: what has not left yet must not call people together."""
    withdraw_letters(keys_beginning=letters_of(meeting))
