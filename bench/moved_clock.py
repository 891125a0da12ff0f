"""A clock that stands until the player moves it: eight bytes in a file that every process of the played house looks at."""

from __future__ import annotations

import datetime as dt
import mmap
import struct
from pathlib import Path

SECONDS = struct.Struct("<d")


class MovedClock:
    """What the file says. The player gives the first moment; the house's processes only read."""

    def __init__(self, path: Path, starts: dt.datetime | None = None) -> None:
        if starts:
            path.write_bytes(SECONDS.pack(starts.timestamp()))
        with path.open("r+b") as file:
            self._bytes = mmap.mmap(file.fileno(), SECONDS.size)

    def now(self) -> dt.datetime:
        """The played instant, in UTC."""
        return dt.datetime.fromtimestamp(SECONDS.unpack(self._bytes[:])[0], dt.UTC)

    def move(self, moment: dt.datetime) -> None:
        """From now on it is that moment, in every process."""
        assert moment >= self.now(), "time does not go back"
        self._bytes[:] = SECONDS.pack(moment.timestamp())
