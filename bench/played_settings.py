"""The settings of a house that is played: everything as it is run, but its one clock stands until the player moves it.

They live with the player, which is no part of the installed program, and refuse every database but an embedded one.
"""

from __future__ import annotations

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from bench.moved_clock import MovedClock
from indgang.config.settings import *  # noqa: F403
from indgang.config.settings import EMBEDDED
from indgang.foundation.database import clock

if not EMBEDDED:
    raise ImproperlyConfigured("A played clock is refused on a DATABASE_URL server")

clock.now = MovedClock(Path(os.environ["INDGANG_PLAYED_CLOCK"])).now
