"""Commands that put the house in order: migrate, serve."""

from __future__ import annotations

import argparse
from typing import Any

from django.core.management import call_command


def add_commands(commands: Any) -> None:
    """`indgang migrate`."""
    migrate = commands.add_parser("migrate", help="prepare or upgrade the database")
    migrate.set_defaults(run=run_migrate)


def run_migrate(options: argparse.Namespace) -> None:
    """Bring the database to this version."""
    call_command("migrate", verbosity=1, interactive=False)
