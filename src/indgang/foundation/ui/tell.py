"""After every action the page says what happened and, where it can be undone, how."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

_UNDO = "undo:"


def tell(request: HttpRequest, text: str, *, undo: str = "") -> None:
    """Say on the next page what was done. `undo` is the address that a POST takes it back with."""
    messages.success(request, text, extra_tags=f"{_UNDO}{undo}" if undo else "")


def warn(request: HttpRequest, text: str) -> None:
    """Say on the next page what did not work and what to do."""
    messages.warning(request, text)


def undo_of(message: Message) -> str:
    """The address that takes the message's action back, or nothing."""
    tags = message.extra_tags or ""
    return tags.removeprefix(_UNDO) if tags.startswith(_UNDO) else ""
