"""Commands that put the house in order: migrate, serve."""

from __future__ import annotations

import argparse
import os
import signal
import time
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.checks import ERROR, WARNING, run_checks
from django.core.management import call_command
from django.db import connection
from django.utils.module_loading import import_string

from indgang.config.own_address import address_at, write_down
from indgang.config.region_commands import is_behind
from indgang.config.serve import open_port, supervise
from indgang.config.translations import compile_what_is_missing
from indgang.foundation.database.arguments import whole_number_between
from indgang.foundation.database.console import Refused, notice, say
from indgang.foundation.identity.models import User


def add_commands(commands: Any) -> None:
    """`indgang migrate`, `indgang serve`."""
    migrate = commands.add_parser("migrate", help="prepare or upgrade the database")
    migrate.set_defaults(run=run_migrate)

    serve = commands.add_parser("serve", help="web and worker on this machine")
    serve.add_argument(
        "--port",
        type=whole_number_between(1, 65535),
        metavar="PORT",
        default=os.environ.get("PORT") or None,
        help="8000, or the next free one",
    )
    serve.add_argument("--host", default="127.0.0.1", help="the address to listen on (default: this machine only)")
    serve.add_argument("--demo", action="store_true", help="prepare everything first: database, region, a year of made-up activity")
    serve.set_defaults(run=run_serve)


def run_migrate(options: argparse.Namespace) -> None:
    """Bring the database to this version."""
    call_command("migrate", verbosity=1, interactive=False)


def run_serve(options: argparse.Namespace) -> None:
    """Serve until stopped."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # until the supervisor takes over, SIGTERM is Ctrl-C: a clean end
    if not options.demo and is_behind():
        raise Refused("The database is not prepared for this version: run `indgang migrate` first.")
    compile_what_is_missing()
    say_what_is_amiss()
    with open_port(options.host, options.port) as listener:  # before the demonstration, whose letters name the address
        address = address_at(options.host, listener.getsockname()[1])
        write_down(settings.HOME, address)
        settings.BASE_URL = address
        if options.demo:
            prepare_demo()
        collect_static_files()
        say(f"Indgang is at {address} (stop with Ctrl-C)")
        if _demo_exists():
            say(f"Demo logins: {address}/demo/")
        connection.close()
        one_clock = {"INDGANG_CLOCK_SINCE": str(time.time())} if settings.CLOCK_STARTS_AT else {}
        supervise(listener, {**one_clock, **os.environ, "INDGANG_URL": address, "PYTHONUNBUFFERED": "1"})


def say_what_is_amiss() -> None:
    """What the rooms' checks of the settings have to say. Raises Refused when one says that nothing can work."""
    found = [message for message in run_checks() if message.level >= WARNING]
    for message in found:
        notice(f"{message.msg}{f' {message.hint}' if message.hint else ''}")
    if any(message.level >= ERROR for message in found):
        raise Refused("Mend this and start again.")


def prepare_demo() -> None:
    """The database, the region North Denmark and, where there is none yet, a demonstration."""
    command = import_string("indgang.config.program.run_or_refuse")
    command(["region", "load", "north-denmark"])
    if settings.EMBEDDED and not _demo_exists():
        notice("Filling the house with made-up activity ...")
        command(["demo"])
        import_string("indgang.config.demo_commands.bring_groups")()


def _demo_exists() -> bool:
    return User.objects.filter(is_demo=True).exists()


def collect_static_files() -> None:
    """Collect them into INDGANG_HOME/static when one is newer than the last collection."""
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    collected = manifest.stat().st_mtime if manifest.exists() else 0.0
    newest = max(
        (storage.get_modified_time(path).timestamp() for finder in get_finders() for path, storage in finder.list([])),
        default=0.0,
    )
    if newest > collected:
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
