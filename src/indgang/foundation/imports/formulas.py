"""Texts in tables that a spreadsheet opens: what somebody wrote is never a formula there, and comes back as it was written."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_NUMBER = re.compile(r"[+-]?[\d .,]*\d", re.ASCII)


def harmless(text: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before it. Numbers are none, telephone numbers among them."""
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


def as_written(cell: str) -> str:
    """What `harmless` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell
