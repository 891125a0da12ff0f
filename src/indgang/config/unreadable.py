"""What is wrong with input that cannot be read, in plain words of our own: where it stands in the request, and how it is to be written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _


def field_of(place: tuple[str | int, ...]) -> str:
    """The path in the request as it was sent, like `people.1.citizenship`: without the words for body and parameter in front."""
    inside = place[2:] if place[:1] == ("body",) else place[1:]
    return ".".join(map(str, inside)) or "body"


def message_of(fault: Mapping[str, Any]) -> str:
    """One fault of the validation as a sentence."""
    kind, facts = fault["type"], fault.get("ctx", {})
    limits = {"string_too_long": "max_length", "too_long": "max_length", "greater_than_equal": "ge", "less_than_equal": "le"}
    limit = {"limit": facts.get(limits.get(kind, ""))}
    if kind == "string_too_long":
        return _("This is longer than %(limit)s characters.") % limit
    if kind == "too_long":
        return _("This list is longer than %(limit)s.") % limit
    if kind == "greater_than_equal":
        return _("Write a number that is %(limit)s or more.") % limit
    if kind == "less_than_equal":
        return _("Write a number that is %(limit)s or less.") % limit
    return _sentence(kind)


def _sentence(kind: str) -> str:
    if kind == "missing":
        return _("This must be sent.")
    if kind == "extra_forbidden":
        return _("There is no such field here.")
    if kind.startswith("int_"):
        return _("Write a whole number.")
    if kind.startswith("bool_"):
        return _("Write true or false.")
    if kind.startswith(("date_", "datetime_")):
        return _("Write the date as 2026-12-08.")
    if kind.startswith("string_"):
        return _("Write a text.")
    if kind == "list_type":
        return _("Send a list.")
    if kind in ("model_attributes_type", "model_type", "dict_type"):
        return _("Send an object with its fields.")
    return _("This cannot be read.")
