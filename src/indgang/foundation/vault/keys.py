"""Keys and ciphers of the vault: AES-256-GCM, a key per person, wrapped under the house's master key.

Format of a ciphertext: one version byte (1), a 12-byte nonce, then the ciphertext with its tag.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

VERSION = b"\x01"


def encrypt(key: bytes, text: bytes, *, bound_to: bytes) -> bytes:
    """Encrypt; the ciphertext can be opened only with the same `bound_to` (so it cannot be moved to another record)."""
    nonce = os.urandom(12)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, text, bound_to)


def decrypt(key: bytes, ciphertext: bytes, *, bound_to: bytes) -> bytes:
    """Decrypt. Raises cryptography's InvalidTag if the text was tampered with or belongs elsewhere."""
    if ciphertext[:1] != VERSION:
        raise InvalidTag
    return AESGCM(key).decrypt(ciphertext[1:13], ciphertext[13:], bound_to)


def master() -> bytes:
    """The house's master key."""
    return bytes.fromhex(settings.VAULT_KEY)


def encode(values: Mapping[str, Any]) -> bytes:
    """Values as canonical JSON."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str).encode()
