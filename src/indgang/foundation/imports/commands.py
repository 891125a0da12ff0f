"""`indgang import` and `indgang export`."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any, BinaryIO

from indgang.foundation.access.actors import Actor, system
from indgang.foundation.database.console import Refused, notice, say, say_json
from indgang.foundation.files.actions import MAX_BYTES, too_large
from indgang.foundation.identity.models import Organisation
from indgang.foundation.imports.actions import apply_import, preview_import
from indgang.foundation.imports.exports import FORMS, export_table
from indgang.foundation.imports.kinds import KINDS, Kind
from indgang.foundation.imports.queries import operator
from indgang.foundation.imports.reports import Problem, Report

SHOWN_PROBLEMS = 20


def add_commands(commands: Any) -> None:
    """`indgang import KIND FILE [--as ORGANISATION] [--dry-run] [--json]`, `indgang export KIND [--format F] [--out FILE]`."""
    kinds = sorted(KINDS)
    bring = commands.add_parser("import", help="bring a table in, all of it or nothing")
    bring.add_argument("kind", choices=kinds, metavar="KIND", help=", ".join(kinds))
    bring.add_argument("file", type=Path, metavar="FILE", help="CSV or Excel (.xlsx)")
    bring.add_argument("--as", dest="organisation", metavar="ORGANISATION", help="who acts; the region's operator by default")
    bring.add_argument("--dry-run", action="store_true", help="only say what would happen")
    bring.add_argument("--json", action="store_true", help="print one object on standard output")
    bring.set_defaults(run=run_import)
    take = commands.add_parser("export", help="take a table out, in the import's columns")
    take.add_argument("kind", choices=kinds, metavar="KIND", help=", ".join(kinds))
    take.add_argument("--format", choices=sorted(FORMS), default="csv")
    take.add_argument("--out", type=Path, metavar="FILE", help="standard output by default")
    take.set_defaults(run=run_export)


def run_import(options: argparse.Namespace) -> None:
    """Import or try out one file; refused rows are named, and then nothing was written."""
    actor, kind, path = _acting(options.organisation), KINDS[options.kind], options.file
    try:
        with path.open("rb") as stream:
            _tell(_run(actor, kind, stream, options), options)
    except OSError as error:
        _tell(Report(refused=[Problem(0, "", "", f"{path} cannot be read: {error.strerror}.")]), options)


def _run(actor: Actor, kind: Kind, stream: BinaryIO, options: argparse.Namespace) -> Report:
    if os.fstat(stream.fileno()).st_size > MAX_BYTES:
        return Report(refused=[Problem(0, "", "", too_large(options.file.name))])
    if options.dry_run:
        return preview_import(actor=actor, kind=kind, stream=stream)
    return apply_import(actor=actor, kind=kind, stream=stream, name=options.file.name)[1]


def run_export(options: argparse.Namespace) -> None:
    """Export to standard output, or to a file that is complete or not there."""
    actor, kind = _acting(None), KINDS[options.kind]
    if kind.left_out:
        notice(str(kind.left_out))
    if options.out is None:
        try:
            export_table(actor=actor, kind=kind, form=options.format, stream=sys.stdout.buffer)
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # the reader has seen enough; what Python still holds for it goes nowhere
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return
    draft = options.out.with_name(f".{options.out.name}.{os.getpid()}")
    try:
        with draft.open("wb") as stream:
            count = export_table(actor=actor, kind=kind, form=options.format, stream=stream)
        draft.replace(options.out)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise Refused(f"{options.out} was not written: {error.strerror}.") from error
    notice(f"{count} records written to {options.out}.")


def _acting(key: str | None) -> Actor:
    """The organisation named by --as, else the region's operator, who may write for every organisation, or Refused."""
    organisations = {one.key: one for one in Organisation.objects.select_related("region").order_by("key")}
    if not organisations:
        raise Refused("No region is loaded; begin with: indgang region load north-denmark")
    if key is None:
        return system(operator())
    if key not in organisations:
        raise Refused(f"--as: there is no organisation “{key}”. There are {', '.join(organisations)}")
    return system(organisations[key])


def _tell(report: Report, options: argparse.Namespace) -> None:
    for text in report.notices:
        notice(text)
    if not report.refused:
        for problem in report.kept[:SHOWN_PROBLEMS]:
            notice(str(problem))
        if len(report.kept) > SHOWN_PROBLEMS:
            notice(f"... and {len(report.kept) - SHOWN_PROBLEMS} more that people have noted otherwise and that stay.")
        for problem in report.replaced[:SHOWN_PROBLEMS]:
            notice(str(problem))
        if len(report.replaced) > SHOWN_PROBLEMS:
            notice(f"... and {len(report.replaced) - SHOWN_PROBLEMS} more that people had written and that give way.")
    if options.json:
        say_json(report.as_json())
    elif not report.refused:
        words = "would be " if options.dry_run else ""
        say(f"{report.created} {words}created, {report.updated} {words}updated, {report.unchanged} unchanged")
    if not report.refused:
        return
    for problem in report.refused[:SHOWN_PROBLEMS]:
        notice(str(problem))
    if len(report.refused) > SHOWN_PROBLEMS:
        notice(f"... and {len(report.refused) - SHOWN_PROBLEMS} more.")
    rows, name = report.refused_rows, options.file.name
    if report.refused[0].row == 0:
        raise Refused(f"{name} was refused. Nothing was written.")
    raise Refused(f"{name} was refused: {rows} {'row' if rows == 1 else 'rows'}. Nothing was written.")
