"""Secret keys for links, their hashes, codes for e-mails, and the references that people read out loud.

A reference is eight characters of Crockford's base32 (no I, L, O or U), written `XXXX-XXXX`. The last one is a check: the weighted sum of
all eight over the field of 32 elements is zero, which notices any one wrong character and any two that changed places.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

from django.conf import settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKES = str.maketrans("OIL", "011")
_NOT_A_CHARACTER = re.compile(r"[^0-9A-Za-z]")
_LENGTH = 8
_LONGEST_TYPED = 12  # more than this is an address (or what a scanner made of one), and the reference stands at its end


def new_key() -> str:
    """A secret for a link: 256 random bits as 43 url-safe characters."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> str:
    """The SHA-256 of a text in hexadecimal: what is stored of a key."""
    return hashlib.sha256(text.encode()).hexdigest()


def derived_key(*parts: object) -> str:
    """A key that can be worked out again from what it is for: 43 url-safe characters, unguessable without the house's link key."""
    text = "".join(f"{len(str(part))}:{part}," for part in parts)
    mac = hmac.new(bytes.fromhex(settings.LINK_KEY), text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def new_code() -> str:
    """Six random digits, to be typed from an e-mail."""
    return f"{secrets.randbelow(10**6):06d}"


def new_reference() -> str:
    """A random reference, `XXXX-XXXX`. 35 random bits: whoever stores it draws again in the rare case that it is taken."""
    return _shown(_with_check("".join(secrets.choice(ALPHABET) for _ in range(_LENGTH - 1))))


def reference_from(number: int) -> str:
    """The reference with a given number (0 to 2**35 - 1): for made-up data that must come out the same every time."""
    values = [number >> 5 * place & 31 for place in reversed(range(_LENGTH - 1))]
    return _shown(_with_check("".join(ALPHABET[value] for value in values)))


def normal_reference(text: str) -> str:
    """The reference that somebody typed, scanned or pasted as `XXXX-XXXX`, or "" if it is none.

    Forgives lower case, spaces, hyphens, O for 0, I and L for 1, and takes a whole address that ends with it.
    """
    end = re.split(r"[?#]", text, maxsplit=1)[0].rstrip("/ ").rpartition("/")[2]
    characters = _NOT_A_CHARACTER.sub("", end).upper().translate(_LOOK_ALIKES)
    if len(characters) > _LONGEST_TYPED:
        characters = characters[-_LENGTH:]
    if len(characters) != _LENGTH or set(characters) - set(ALPHABET):
        return ""
    return _shown(characters) if _sum(characters) == 0 else ""


def _shown(characters: str) -> str:
    return f"{characters[:4]}-{characters[4:]}"


def _times_x(value: int) -> int:
    """Multiply by the generator of the field of 32 elements (modulo x^5 + x^2 + 1)."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _sum(characters: str) -> int:
    """The weighted sum of the characters: each weighs x to the power of its distance from the end."""
    total = 0
    for character in characters:
        total = _times_x(total) ^ ALPHABET.index(character)
    return total


def _with_check(characters: str) -> str:
    return characters + ALPHABET[_sum(characters + "0")]
