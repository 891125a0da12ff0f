"""How commands speak: results on standard output, notices and progress on standard error, refusals as one clear message."""

from __future__ import annotations

import json
import sys
from typing import Any


class Refused(Exception):
    """The input was refused and nothing was written. The message says what, where and what to do; the command exits with 1."""


def say(text: str) -> None:
    """A result, on standard output, at once: a pipe or a file would keep it until the program ends, and `serve` goes on for months."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def say_json(value: Any) -> None:
    """The one object that a command prints with --json."""
    say(json.dumps(value, ensure_ascii=False, default=str))


def notice(text: str) -> None:
    """Something to know that is not the result, on standard error."""
    sys.stderr.write(f"{text}\n")


def progress(done: int, total: int, what: str) -> None:
    """A progress bar on standard error; on a terminal it redraws itself, elsewhere it prints every tenth."""
    width = 30
    filled = width * done // max(total, 1)
    bar = f"{what:<28} [{'#' * filled}{'.' * (width - filled)}] {done:,}/{total:,}"
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{bar}" + ("\n" if done >= total else ""))
    elif done >= total or done % max(total // 10, 1) == 0:
        sys.stderr.write(f"{bar}\n")
    sys.stderr.flush()
