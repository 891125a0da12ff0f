"""`indgang journal verify`."""

from __future__ import annotations

import argparse
from typing import Any

from indgang.foundation.database.console import Refused, say
from indgang.foundation.journal.seals import verify


def add_commands(commands: Any) -> None:
    """`indgang journal verify [--head DIGEST]`."""
    journal = commands.add_parser("journal", help="the record of who did what").add_subparsers(metavar="ACTION", required=True)
    check = journal.add_parser("verify", help="recompute every seal; exit 0 if untouched, 1 and the place if not")
    check.add_argument("--head", default="", metavar="DIGEST", help="a head digest noted earlier, which the chain must still contain")
    check.set_defaults(run=run_verify)


def run_verify(options: argparse.Namespace) -> None:
    """Say whether the journal is untouched, how much of it is sealed, and the digest to note down elsewhere."""
    verdict = verify(noted_head=options.head.strip().lower())
    if not verdict.ok:
        raise Refused(f"The journal is not as it was written. {verdict.message}")
    say(verdict.message)
    say(f"Head: {verdict.head}")
