"""The one clock. Everything that asks for the time asks here, so that a demonstration or a test can play another day.

`INDGANG_CLOCK` (ISO 8601 with offset) starts the clock at that instant and lets it run; it is refused on a `DATABASE_URL` server.
"""

from __future__ import annotations

import datetime as dt
import time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

_started = time.monotonic()


def now() -> dt.datetime:
    """The present instant, aware, in UTC."""
    if settings.CLOCK_STARTS_AT is None:
        return timezone.now()
    return settings.CLOCK_STARTS_AT + dt.timedelta(seconds=time.monotonic() - _started)


def today(zone: ZoneInfo | None = None) -> dt.date:
    """The local date, in the region's zone unless another is given."""
    return timezone.localtime(now(), zone).date()


def now_zone() -> ZoneInfo:
    """The installation's time zone."""
    return ZoneInfo(settings.TIME_ZONE)
