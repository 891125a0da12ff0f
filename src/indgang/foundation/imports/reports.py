"""What there is to say about an import: row by row, and as one sentence per trouble."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

SHOWN_ROWS = 200
OUTCOMES = ("create", "update", "unchanged")


@dataclass(frozen=True)
class Problem:
    """Why a row is refused. Row 0 is the file as a whole; `column` is the English header."""

    row: int
    column: str
    value: str
    message: str

    def __str__(self) -> str:
        where = {"row": self.row, "column": self.column, "value": self.value, "message": self.message}
        if self.row == 0:
            return self.message
        if not self.column:
            return _("Row %(row)s: %(message)s") % where
        if not self.value:
            return _("Row %(row)s, %(column)s: %(message)s") % where
        return _("Row %(row)s, %(column)s “%(value)s”: %(message)s") % where


class Unusable(Exception):
    """The file as a whole cannot be used."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


@dataclass(frozen=True)
class ShownRow:
    """A row as the preview shows it: `outcome` is create, update, unchanged or refused; `changes` are {column: (before, after)}."""

    row: int
    outcome: str
    key: str
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass
class Report:
    """What an import does or did. `rows` are the first rows only; the counts, `refused` and `kept` are of all.

    `kept` is what the file says otherwise than people have noted since the last one: that stays as people left it. `confidential`: how many
    of those created, updated and unchanged a team alone may know of, by the id of its organisation.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Problem] = field(default_factory=list)
    kept: list[Problem] = field(default_factory=list)
    replaced: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    rows: list[ShownRow] = field(default_factory=list)
    confidential: dict[int, list[int]] = field(default_factory=dict, compare=False)

    @property
    def refused_rows(self) -> int:
        """How many rows are refused, each for one reason or several."""
        return len({problem.row for problem in self.refused})

    def count(self, shown: ShownRow, team: int | None = None) -> None:
        """Take one row into account; `team`: whose confidential team alone may know of it."""
        if team is not None and shown.outcome in OUTCOMES:
            self.confidential.setdefault(team, [0, 0, 0])[OUTCOMES.index(shown.outcome)] += 1
        if shown.outcome == "create":
            self.created += 1
        elif shown.outcome == "update":
            self.updated += 1
        elif shown.outcome == "unchanged":
            self.unchanged += 1
        if len(self.rows) < SHOWN_ROWS:
            self.rows.append(shown)

    def as_json(self) -> dict[str, Any]:
        """The object that `indgang import --json` prints."""
        refused = [{"row": p.row, "column": p.column, "value": p.value, "message": p.message} for p in self.refused]
        return {"created": self.created, "updated": self.updated, "unchanged": self.unchanged, "refused": refused}
