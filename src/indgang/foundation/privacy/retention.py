"""Keeping no longer than was promised: each room registers how its promises are carried out, and one nightly job does it.

A model's `personal` declaration says in words how long; a `Retention` says which rows have been kept that long and what becomes of them.
A test refuses a declaration that no registered retention names.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet

from indgang.foundation.privacy.declarations import declarations

AT_ONCE = 500
log = logging.getLogger(__name__)


def _nothing_more() -> None:
    """Most rooms keep everything in the database."""


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How the promise of one model is carried out, and of those that go with it. `models` are names like `reception.note`, the model whose
    rows are counted first.

    `due` gives the rows that have been kept long enough by now. `forget` gets some of them at a time, inside a transaction, and leaves them
    no longer due. `afterwards` tidies up what lies outside the database, and may be called when there is nothing to do.
    """

    models: tuple[str, ...]
    due: Callable[[], QuerySet[Any]]
    forget: Callable[[QuerySet[Any]], object]
    afterwards: Callable[[], object] = _nothing_more


_registered: list[Retention] = []


def register(*retentions: Retention) -> None:
    """Make known how promises are carried out."""
    _registered.extend(retentions)


def registered() -> tuple[Retention, ...]:
    """Everything that is carried out, in the order of registration."""
    return tuple(_registered)


def due_now() -> dict[str, int]:
    """How many rows of each model `carry_out` would forget now. Changes nothing."""
    return {retention.models[0]: retention.due().count() for retention in registered()}


def carry_out() -> dict[str, int]:
    """Forget what has been kept long enough: how many rows of each model.

    Every few hundred rows are a transaction of their own, so it may be stopped at any moment and simply begun again. Where one room fails
    the others still do theirs; the first error is raised at the end.
    """
    done: dict[str, int] = {}
    errors: list[Exception] = []
    for retention in registered():
        try:
            done[retention.models[0]] = _forget_all(retention)
            retention.afterwards()
        except Exception as error:
            log.exception("could not forget %s", retention.models[0])
            errors.append(error)
    log.info("forgotten: %s", ", ".join(f"{model} {count}" for model, count in done.items() if count) or "nothing")
    if errors:
        raise errors[0]
    return done


def _forget_all(retention: Retention) -> int:
    """In ascending order of their keys, so that it ends even where something stays due."""
    count, last = 0, None
    while chosen := _forget_some(retention, last):
        count, last = count + len(chosen), chosen[-1]
    return count


@transaction.atomic
def _forget_some(retention: Retention, after: Any) -> list[Any]:
    with connection.cursor() as cursor:  # the job and a command at once take turns
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('privacy.retain', 0))")
    due = retention.due().order_by("pk")
    chosen = list((due if after is None else due.filter(pk__gt=after)).values_list("pk", flat=True)[:AT_ONCE])
    if chosen:
        retention.forget(due.model._default_manager.filter(pk__in=chosen))
    return chosen


def broken_promises() -> list[str]:
    """What is wrong between the declarations and what is carried out, one sentence each."""
    carried = {name for retention in registered() for name in retention.models}
    existing = {model._meta.label_lower for model in apps.get_models()}
    return [
        *(f"{said.name} says how long it is kept, and nothing carries it out." for said in declarations() if said.name not in carried),
        *(f"{name} is to be forgotten in time, but there is no such model." for name in sorted(carried - existing)),
    ]
