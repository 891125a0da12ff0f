"""`indgang linkage`: the doubles of a table. Needs no database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from django.utils.module_loading import import_string

from indgang.foundation.database.console import notice, say, say_json
from indgang.foundation.linkage.rules.meanings import Meaning


def add_commands(commands: Any) -> None:
    """`indgang linkage FILE --out FILE [--column HEADER=MEANING] [--source HEADER] [--json]`."""
    linkage = commands.add_parser("linkage", help="find the doubles of a table")
    linkage.add_argument("file", type=Path, metavar="FILE", help="CSV or Excel (.xlsx)")
    linkage.add_argument("--out", type=Path, required=True, metavar="FILE", help="the same table with what was found (.csv or .xlsx)")
    linkage.add_argument(
        "--column",
        type=_stated,
        action="append",
        default=[],
        metavar="HEADER=MEANING",
        help="what a column means, where its header does not tell: " + ", ".join(Meaning),
    )
    linkage.add_argument("--source", metavar="HEADER", help="the column that tells two sources apart: each record has at most one partner")
    linkage.add_argument("--json", action="store_true", help="print one object on standard output")
    linkage.set_defaults(run=run_linkage)


def _stated(text: str) -> tuple[str, Meaning]:
    header, equals, meaning = text.rpartition("=")
    if not equals or not header or meaning not in list(Meaning):
        raise argparse.ArgumentTypeError(f"“{text}” is no HEADER=MEANING; the meanings are {', '.join(Meaning)}")
    return header, Meaning(meaning)


def run_linkage(options: argparse.Namespace) -> None:
    """Link one file into another and tell the counts."""
    stated = dict(options.column)
    if options.source is not None:
        stated[options.source] = Meaning.SOURCE
    link_file = import_string("indgang.foundation.linkage.tables.link_file")  # brings DuckDB and Splink, which no other command waits for
    outcome = link_file(options.file, options.out, stated)
    for text in outcome.notices:
        notice(text)
    linked = outcome.linked
    told = {
        "records": len(linked.clusters),
        "clusters": len(set(linked.clusters)),
        "with_double": linked.doubles,
        "one_to_one": outcome.one_to_one,
        "columns": {column.header: column.meaning for column in outcome.columns},
        "seconds": round(outcome.seconds, 2),
    }
    if options.json:
        say_json(told)
        return
    say(f"{told['records']:,} records, {told['clusters']:,} clusters; {told['with_double']:,} records have a double")
    notice("Compared: " + ", ".join(f"{column.header} ({column.meaning})" for column in outcome.columns))
    notice(f"{options.out} was written in {outcome.seconds:.1f} s.")
