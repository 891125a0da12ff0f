"""The jobs' own housekeeping."""

from __future__ import annotations

import datetime as dt

from asgiref.sync import async_to_sync
from django.utils import timezone
from procrastinate.contrib.django import app

from indgang.foundation.jobs.work import periodic

KEPT_DAYS = 30
AT_ONCE = dt.timedelta(minutes=1)  # due for a minute already


@periodic("17 3 * * *")
def remove_old_jobs() -> None:
    """Finished jobs are kept for thirty days, so that somebody can look up what happened."""
    async_to_sync(app.job_manager.delete_old_jobs)(
        nb_hours=KEPT_DAYS * 24, include_failed=True, include_cancelled=True, include_aborted=True
    )


@periodic("* * * * *")
def rescue_stalled_jobs() -> None:
    """A job whose worker was killed is done again by the next one."""
    for stalled in async_to_sync(app.job_manager.get_stalled_jobs)():
        async_to_sync(app.job_manager.retry_job)(stalled, retry_at=timezone.now() - AT_ONCE)
