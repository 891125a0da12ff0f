"""The command line: every room's `commands.py` adds its own commands to one parser.

Exit status: 0 done; 1 refused, because of what this house holds or of what was handed in (one message, nothing written); 2 wrong usage,
whatever the house holds (foundation/database/arguments.py).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence

from django.db import OperationalError, ProgrammingError

from indgang.config import demo_commands, identity_commands, region_commands, setup_commands
from indgang.config.region_commands import is_behind
from indgang.foundation.database.console import Refused, notice
from indgang.foundation.imports import commands as imports
from indgang.foundation.journal import commands as journal
from indgang.foundation.linkage import commands as linkage
from indgang.foundation.privacy import commands as privacy
from indgang.operations.reception import commands as reception

ROOMS = [imports, demo_commands, identity_commands, journal, linkage, privacy, reception, region_commands, setup_commands]


def parser() -> argparse.ArgumentParser:
    """The whole command line. A room's `add_commands(subparsers)` sets `run=function(options)` on each of its commands."""
    top = argparse.ArgumentParser(prog="indgang", description="A region's one-point entry.")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for room in ROOMS:
        room.add_commands(commands)
    return top


def run_or_refuse(arguments: Sequence[str]) -> None:
    """Run one command. Raises Refused, or SystemExit with 2 for wrong usage."""
    options = parser().parse_args(arguments)
    options.run(options)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status."""
    try:
        run_or_refuse(arguments)
    except Refused as refusal:
        notice(str(refusal))
        return 1
    except ProgrammingError:
        if not is_behind():
            raise
        notice("The database is not prepared for this version: run `indgang migrate` first.")
        return 1
    except OperationalError as error:
        notice(f"The database does not answer: {error}")
        return 1
    except KeyboardInterrupt:
        notice("Stopped.")
        return 130
    return 0
