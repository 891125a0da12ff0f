"""Work by the calendar for rooms that stand below jobs, and for libraries, which cannot register it themselves."""

from __future__ import annotations

from indgang.foundation.jobs.work import periodic
from indgang.foundation.journal.actions import seal_all
from indgang.foundation.privacy.retention import carry_out


@periodic("* * * * *")
def seal_journal() -> None:
    """Every minute, what was written in the journal is put under a seal."""
    seal_all()


@periodic("30 3 * * *")
def forget_in_time() -> None:
    """Every night, everything that has been kept as long as was promised."""
    carry_out()
