"""What may be shown of an encrypted field without asking."""

from __future__ import annotations

from django.db.models import Model

from indgang.foundation.identifiers.people import mask_cpr
from indgang.foundation.privacy.fields import EncryptedTextField


def masked(record: Model, field: str) -> str:
    """The field as pages show it: a CPR number's date of birth and bullets, nothing of any other text; empty stays empty."""
    return mask_cpr(field_of(record, field))


def field_of(record: Model, field: str) -> str:
    """The text of an encrypted field. Raises TypeError for any other kind of field."""
    if not isinstance(record._meta.get_field(field), EncryptedTextField):
        raise TypeError(f"{record._meta.label}.{field} is not an EncryptedTextField")
    return str(getattr(record, field))
