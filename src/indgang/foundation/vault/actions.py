"""What can be done with the vault: make a person's key, keep text under it, read it back, destroy the key.

Every key is random, wrapped under the house's master key and bound to its subject: a wrapped key or a ciphertext that is moved to another
subject does not open. Nothing unwrapped is kept beyond the call.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from django.db import transaction

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.vault import keys, permissions
from indgang.foundation.vault.models import Subject

KEY_BYTES = 32
BATCH = 2000


class Erased(Exception):
    """The person was erased: nothing new can be kept under a key that is gone."""


class Tampered(Exception):
    """The ciphertext or the wrapped key was changed, or belongs to somebody else."""


def create_subject() -> Subject:
    """A new person's key."""
    return create_subjects(1)[0]


def create_subjects(count: int) -> list[Subject]:
    """As many new keys at once, for imports and demonstrations."""
    return Subject.objects.bulk_create([_new_subject() for _ in range(count)], batch_size=BATCH)


def encrypt_for(subject: Subject, values: Mapping[str, Any]) -> bytes:
    """The values as ciphertext under the person's key.

    Raises Erased when the key is gone.
    """
    key = _key_of(subject)
    if key is None:
        raise Erased(subject.pk)
    return keys.encrypt(key, keys.encode(values), bound_to=_text_of(subject.pk))


def decrypt_for(subject: Subject, ciphertext: bytes) -> dict[str, Any] | None:
    """The values kept under the person's key, or None once the person is erased.

    Raises Tampered when the ciphertext was changed or was written for somebody else.
    """
    key = _key_of(subject)
    if key is None:
        return None
    try:
        values: dict[str, Any] = json.loads(keys.decrypt(key, bytes(ciphertext), bound_to=_text_of(subject.pk)))
    except (InvalidTag, ValueError) as error:
        raise Tampered(subject.pk) from error
    return values


@transaction.atomic
def erase(*, actor: Actor, subject: Subject) -> Subject:
    """Destroy the person's key: whatever was kept under it is gone, in every table and from now on in every backup.

    Erasing again changes nothing. The journal stands above the vault: whoever erases a person writes the entry.
    Raises NotAllowed.
    """
    require(permissions.may_erase, actor)
    now = clock.now()
    Subject.objects.filter(pk=subject.pk, erased_at=None).update(wrapped_key=None, erased_at=now)
    subject.refresh_from_db()
    return subject


def _new_subject() -> Subject:
    identity = uuid.uuid4()
    wrapped = keys.encrypt(keys.master(), os.urandom(KEY_BYTES), bound_to=_key_name(identity))
    return Subject(id=identity, wrapped_key=wrapped)


def _key_of(subject: Subject) -> bytes | None:
    """The person's key, unwrapped for this one use; None once erased."""
    if subject.wrapped_key is None:
        return None
    try:
        return keys.decrypt(keys.master(), bytes(subject.wrapped_key), bound_to=_key_name(subject.pk))
    except (InvalidTag, ValueError) as error:
        raise Tampered(subject.pk) from error


def _key_name(identity: uuid.UUID) -> bytes:
    return b"vault.key:" + identity.bytes


def _text_of(identity: uuid.UUID) -> bytes:
    return b"vault.text:" + identity.bytes
