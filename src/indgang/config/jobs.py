"""Work by the calendar for rooms that stand below jobs, and for libraries, which cannot register it themselves."""

from __future__ import annotations

from django.core.management import call_command

from indgang.foundation.jobs.work import periodic
from indgang.foundation.journal.actions import seal_all


@periodic("* * * * *")
def seal_journal() -> None:
    """Every minute, what was written in the journal is put under a seal."""
    seal_all()


@periodic("41 2 * * *")
def clear_sessions() -> None:
    """Every night, sessions that ran out are removed."""
    call_command("clearsessions")
