"""`indgang privacy record`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from indgang.foundation.database.console import Refused, notice, say
from indgang.foundation.privacy.declarations import table_of_processing
from indgang.foundation.privacy.documents import with_table


def add_commands(commands: Any) -> None:
    """`indgang privacy record [--into FILE]`."""
    privacy = commands.add_parser("privacy", help="personal data: what is kept, why, and for how long")
    actions = privacy.add_subparsers(metavar="ACTION", required=True)
    table = actions.add_parser("record", help="print the record of processing activities (GDPR article 30)")
    table.add_argument("--into", type=Path, metavar="FILE", help="write it into the document, between its markers")
    table.set_defaults(run=run_record)


def run_record(options: argparse.Namespace) -> None:
    """Print the table, or bring a document up to date."""
    if options.into is None:
        say(table_of_processing().rstrip("\n"))
        return
    try:
        text = options.into.read_text(encoding="utf-8")
        options.into.write_text(with_table(text), encoding="utf-8")
    except (OSError, ValueError) as error:
        raise Refused(f"{options.into} was not changed: {error}") from error
    notice(f"{options.into} is up to date.")
