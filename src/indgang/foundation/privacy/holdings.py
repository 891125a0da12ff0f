"""What is kept about one person, found by how they are reached: for a request to see it (GDPR article 15), or to be forgotten (article 17).

Each room registers what it holds; nobody else knows its tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Model

Facts = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A room's share. `told` gives (model, facts) of everything kept about whoever is reached at an e-mail address or a phone number.

    `forget` leaves nothing of it that names them, and says how many rows it touched. It raises Refused, and nothing is forgotten, where
    they are expected: somebody who has an appointment cancels it first.
    """

    told: Callable[[str], Iterable[tuple[str, Facts]]]
    forget: Callable[[str], int]


_registered: list[Holding] = []


def register(*holdings: Holding) -> None:
    """Make known what a room holds. Those that refuse come first."""
    _registered.extend(holdings)


def everything_about(contact: str) -> list[Facts]:
    """Everything kept about them, row by row, each with the name of its model."""
    wanted = reached_at(contact)
    return [{"model": model, **facts} for holding in _registered for model, facts in holding.told(wanted)]


@transaction.atomic
def forget_everything(contact: str) -> int:
    """Forget them in every room; how many rows were touched."""
    wanted = reached_at(contact)
    return sum(holding.forget(wanted) for holding in _registered)


def reached_at(contact: str) -> str:
    """An e-mail address or a phone number without what people put around it."""
    return contact.strip().lower() if "@" in contact else "".join(contact.split())


HIDDEN = ("digest", "secrets", "_key")


def facts_of(row: Model) -> Facts:
    """The columns of a row that say something: no keys, no checks, nothing that is empty."""
    names = [field for field in row._meta.concrete_fields if not field.is_relation and not field.name.endswith(HIDDEN)]
    facts = {field.name: field.value_from_object(row) for field in names}
    return {name: value for name, value in facts.items() if value not in (None, "", [])}
