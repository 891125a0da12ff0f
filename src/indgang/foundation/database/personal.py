"""What every model must say about the people in it.

A model carries one attribute, `personal`: either `NOTHING_PERSONAL` or a `Personal` declaration. The privacy room reads them all and its
test refuses a model that says nothing. Purpose and retention are in words that go into the record of processing activities (GDPR article
30).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Personal:
    """Which fields of a model are personal data, why they are kept, and for how long."""

    fields: tuple[str, ...]
    purpose: str
    kept: str


NOTHING_PERSONAL = Personal(fields=(), purpose="", kept="")
