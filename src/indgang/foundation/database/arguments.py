"""What people write after an option, as values. What cannot be one is wrong usage, said in words.

Two kinds of "no" on the command line: what is wrong whatever this house holds (an option, a date, a number) ends with 2, from the parser;
what this house does not know or cannot take (a key, an address, a file, a row) is `console.Refused` and ends with 1.
"""

from __future__ import annotations

import datetime as dt
import math
from argparse import ArgumentTypeError
from collections.abc import Callable


def whole_number(text: str) -> int:
    """Such as 7 or -7."""
    try:
        return int(text)
    except ValueError:
        raise ArgumentTypeError(f"“{text}” is no whole number") from None


def whole_number_between(least: int, most: int) -> Callable[[str], int]:
    """Both included."""

    def read(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            raise ArgumentTypeError(f"“{text}” is no whole number from {least} to {most}")
        return number

    return read


def number_up_to(most: float) -> Callable[[str], float]:
    """Above nothing, and at most that."""

    def read(text: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not 0 < number <= most:
            raise ArgumentTypeError(f"“{text}” is no number above 0 and up to {most:g}")
        return number

    return read


def date_between(earliest: dt.date, latest: dt.date) -> Callable[[str], dt.date]:
    """A day as 2026-11-22; both ends included."""

    def read(text: str) -> dt.date:
        try:
            date = dt.date.fromisoformat(text)
        except ValueError:
            raise ArgumentTypeError(f"“{text}” is no date; write it as {dt.date(2026, 11, 22)}") from None
        if not earliest <= date <= latest:
            raise ArgumentTypeError(f"“{text}” is not between {earliest} and {latest}")
        return date

    return read
