"""What guidance answers when it cannot do what was asked. Every message says what to do, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping


class GuidanceError(Exception):
    """Something was asked for that cannot be done. `message` is for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidRequest(GuidanceError):
    """Some fields cannot be used; `fields` maps each to its message."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class NotNow(GuidanceError):
    """It has become another meanwhile: a colleague changed, ended or removed it, or it was done in another window."""
