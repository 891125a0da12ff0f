"""What guidance does by the clock."""

from __future__ import annotations

from indgang.foundation.jobs.work import periodic
from indgang.operations.guidance.actions.meeting_reminders import remind_of_meetings
from indgang.operations.guidance.actions.notices import ask_to_confirm, tell_offices


@periodic("30 5 * * *")
def tell_offices_of_meetings() -> None:
    """Every morning, what the hub did with companies of an office's municipality since the morning before."""
    tell_offices()


@periodic("40 5 * * *")
def ask_whether_entries_are_right() -> None:
    """Every morning, those whose entry of who is who has become old by then."""
    ask_to_confirm()


@periodic("50 5 * * *")
def remind_of_meetings_of_agreements() -> None:
    """Every morning, the contact persons of both parties of the meetings that are close by then."""
    remind_of_meetings()
