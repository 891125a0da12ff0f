"""Work by the calendar for rooms that stand below jobs and so cannot register it themselves."""

from __future__ import annotations

from indgang.foundation.jobs.work import periodic
from indgang.foundation.journal.actions import seal_all


@periodic("* * * * *")
def seal_journal() -> None:
    """Every minute, what was written in the journal is put under a seal."""
    seal_all()
