"""What this room answers when something cannot be done with a company. Every message says what to do, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping

from indgang.registers.parties.models import Company


class InvalidFacts(ValueError):
    """Some facts cannot be; `fields` maps each column to its message."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class AlreadyKnown(ValueError):
    """The company is in the register already: this is it."""

    def __init__(self, company: Company) -> None:
        super().__init__(str(company))
        self.company = company


class NotNow(ValueError):
    """What was asked for cannot be done with the record as it is by now; nothing was changed. `message` is for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotTogether(ValueError):
    """Two records cannot be judged so beside what was judged already. The message says why, and what to do."""
