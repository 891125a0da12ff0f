"""A text field that is ciphertext in the database: for CPR numbers, which nobody should read from a backup or a query."""

from __future__ import annotations

from typing import Any

from django.db import models

from indgang.foundation.vault import keys


class EncryptedTextField(models.Field):
    """Text, encrypted under the house's master key and bound to its column. Empty text is stored as an empty value.

    It cannot be searched or sorted by; that is the point.
    """

    def get_internal_type(self) -> str:
        """Stored as bytes."""
        return "BinaryField"

    @property
    def _bound_to(self) -> bytes:
        return f"{self.model._meta.label_lower}.{self.name}".encode()

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Encrypt on the way in."""
        if value:
            value = keys.encrypt(keys.master(), str(value).encode(), bound_to=self._bound_to)
        else:
            value = b""
        return super().get_db_prep_value(value, connection, prepared)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        """Decrypt on the way out."""
        return keys.decrypt(keys.master(), bytes(value), bound_to=self._bound_to).decode() if value else ""

    def get_lookup(self, lookup_name: str) -> Any:
        """No comparison: a query for a number would find nothing, and silence would be taken for an answer."""
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def to_python(self, value: Any) -> str:
        """Text stays text."""
        return str(value) if value else ""

    def value_to_string(self, obj: Any) -> str:
        """Serialisers get nothing: an encrypted value never leaves by a dump."""
        return ""
