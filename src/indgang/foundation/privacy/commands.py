"""`indgang privacy record`, `retain`, `export` and `erase`."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from indgang.foundation.database.console import Refused, notice, say, say_json
from indgang.foundation.privacy.declarations import table_of_processing
from indgang.foundation.privacy.documents import with_table
from indgang.foundation.privacy.holdings import everything_about, forget_everything
from indgang.foundation.privacy.retention import carry_out, due_now


def add_commands(commands: Any) -> None:
    """`indgang privacy record [--into FILE]`, `retain [--dry-run] [--json]`, `export CONTACT`, `erase CONTACT --yes`."""
    privacy = commands.add_parser("privacy", help="personal data: what is kept, why, and for how long")
    actions = privacy.add_subparsers(metavar="ACTION", required=True)
    table = actions.add_parser("record", help="print the record of processing activities (GDPR article 30)")
    table.add_argument("--into", type=Path, metavar="FILE", help="write it into the document, between its markers")
    table.set_defaults(run=run_record)
    retain = actions.add_parser("retain", help="forget now what has been kept as long as was promised, as every night")
    retain.add_argument("--dry-run", action="store_true", help="only count what would be forgotten")
    retain.add_argument("--json", action="store_true", help="print one object on standard output")
    retain.set_defaults(run=run_retain)
    export = actions.add_parser("export", help="everything kept about somebody, for their request to see it")
    export.add_argument("contact", metavar="CONTACT", help="their e-mail address or phone number")
    export.set_defaults(run=run_export)
    erase = actions.add_parser("erase", help="forget somebody who asks for it; it cannot be taken back")
    erase.add_argument("contact", metavar="CONTACT", help="their e-mail address or phone number")
    erase.add_argument("--yes", action="store_true", help="you have seen the export, and know who asks")
    erase.set_defaults(run=run_erase)


def run_export(options: argparse.Namespace) -> None:
    """Print one object: the contact and every row."""
    rows = everything_about(options.contact)
    if not rows:
        raise Refused(f"Nothing is kept about {options.contact}.")
    say_json({"contact": options.contact, "kept": rows})


def run_erase(options: argparse.Namespace) -> None:
    """Forget, once it is sure."""
    rows = len(everything_about(options.contact))
    if not rows:
        raise Refused(f"Nothing is kept about {options.contact}.")
    if not options.yes:
        raise Refused(f"{rows} rows would be forgotten for good. Read them with `indgang privacy export`, then say --yes.")
    notice(f"{forget_everything(options.contact)} rows were deleted or made anonymous. The counts of the house stay as they are.")


def run_record(options: argparse.Namespace) -> None:
    """Print the table, or bring a document up to date."""
    if options.into is None:
        say(table_of_processing().rstrip("\n"))
        return
    try:
        text = options.into.read_text(encoding="utf-8")
        options.into.write_text(with_table(text), encoding="utf-8")
    except OSError as error:
        raise Refused(f"{options.into} was not changed: {error.strerror}.") from error
    except ValueError as error:
        raise Refused(f"{options.into} was not changed: {error}") from error
    notice(f"{options.into} is up to date.")


def run_retain(options: argparse.Namespace) -> None:
    """Forget, or count what is due: rows per model."""
    counts = due_now() if options.dry_run else carry_out()
    if options.json:
        say_json({"dry_run": options.dry_run, "rows": counts})
        return
    for model, count in counts.items():
        say(f"{count:>8,}  {model}")
    notice("Nothing was changed: this was a dry run." if options.dry_run else "Nothing is kept longer than was promised.")
