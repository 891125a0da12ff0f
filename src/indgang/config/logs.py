"""What must not stand in a log: the keys in links."""

from __future__ import annotations

import logging
import re

_KEY = re.compile(r"([?&](?:key|code|offer)=)[^&\s\"']+")


class ScrubKeys(logging.Filter):
    """Replaces the value of `key`, `code` and `offer` in every message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Rewrite the record's text; every record passes."""
        record.msg, record.args = _KEY.sub(r"\1...", record.getMessage()), None
        return True
