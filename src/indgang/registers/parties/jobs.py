"""What the register of companies does by the clock, and after a table."""

from __future__ import annotations

from indgang.foundation.jobs.work import job, periodic
from indgang.registers.parties.actions.finding_doubles import find_doubles


@periodic("15 2 * * *")
def look_for_doubles() -> None:
    """Every night, records that may be the same company are found and proposed."""
    find_doubles()


@job(lock="parties.doubles", queueing_lock="parties.doubles", attempts=3)
def look_for_doubles_soon() -> None:
    """The same, after a table of companies."""
    find_doubles()
