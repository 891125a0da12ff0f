"""The one clock. Everything that asks for the time asks here, so that a demonstration or a test can play another day.

`INDGANG_CLOCK` (ISO 8601 with offset) starts the clock at that instant and lets it run; it is refused on a `DATABASE_URL` server. It runs
from the start of the process, or from `INDGANG_CLOCK_SINCE` (seconds since 1970) so that several processes agree.
"""

from __future__ import annotations

import datetime as dt
import time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

_started = time.time()


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    if settings.CLOCK_STARTS_AT is None:
        return timezone.now()
    return settings.CLOCK_STARTS_AT + dt.timedelta(seconds=time.time() - (settings.CLOCK_SINCE or _started))


def today(zone: ZoneInfo | None = None) -> dt.date:
    """The local date, in the region's zone unless another is given."""
    return timezone.localtime(now(), zone).date()


def now_zone() -> ZoneInfo:
    """The installation's time zone."""
    return ZoneInfo(settings.TIME_ZONE)
