"""Entries of the waiting list: locked for a change, and what the journal is told of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from indgang.foundation.access.actors import Actor
from indgang.foundation.journal import actions as journal
from indgang.operations.reception.actions.entries import host_of
from indgang.operations.reception.models import WaitingEntry


def locked_entry(entry: WaitingEntry) -> WaitingEntry:
    """The entry as it is now, locked until the end of the transaction: whoever changes it or its offers locks it first."""
    return WaitingEntry.objects.select_for_update(of=("self",)).select_related("house__region").get(pk=entry.pk)


def write_waiting_entry(
    actor: Actor, verb: str, entry: WaitingEntry, *, at: dt.datetime | None = None, after: Mapping[str, Any] | None = None
) -> None:
    """Note what was done with an entry. Facts only: the journal keeps no name of anybody who only waited."""
    journal.record(actor=actor, verb=verb, subject=entry, at=at, organisation=host_of(entry.house), house=entry.house, after=after)
