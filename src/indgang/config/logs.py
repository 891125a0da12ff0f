"""What must not stand in a log: the keys in links."""

from __future__ import annotations

import logging
import re

from gunicorn.config import Config
from gunicorn.glogging import Logger

_KEY = re.compile(r"([?&](?:key|code|offer)=|/reset/key/|\bindgang_(?=[\w-]{43}))[^&/\s\"']+")


class Scrubbed(logging.Formatter):
    """Leaves out the value of `key`, `code` and `offer`, password reset keys and API tokens, wherever in the record they stand."""

    def format(self, record: logging.LogRecord) -> str:
        """The line or lines to write, with any traceback."""
        return _KEY.sub(r"\1...", super().format(record))


class WebLogger(Logger):
    """Gunicorn's own log, scrubbed like every other."""

    def setup(self, cfg: Config) -> None:
        """Give the handlers that gunicorn made our formatter."""
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Scrubbed("{asctime} {levelname} {name} {message}", style="{"))
