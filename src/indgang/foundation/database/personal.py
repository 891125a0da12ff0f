"""What every model must say about the people in it.

A model carries one attribute, `personal`: either `NOTHING_PERSONAL` or a `Personal` declaration. The privacy room reads them all and its
test refuses a model that says nothing. Purpose and retention are in words that go into the record of processing activities (GDPR article
30), and with what is kept into the privacy notice.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Personal:
    """Which fields of a model are personal data, what that is in plain words, why it is kept, and for how long.

    `fields` are for the record of processing; the next three are for the people themselves and stand in the privacy notice, under what
    is kept about colleagues where it is only about them.
    """

    fields: tuple[str, ...]
    purpose: str
    kept: str
    what: str = ""
    of_colleagues: bool = False


NOTHING_PERSONAL = Personal(fields=(), purpose="", kept="")
