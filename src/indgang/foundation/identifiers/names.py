"""Putting names in order, without asking the operating system (its Danish locale may be missing)."""

from __future__ import annotations

import unicodedata

# æ, ø and å come after z in Danish (here as characters that sort after every letter); aa is an older spelling of å.
# Their foreign cousins stand beside them.
_AE, _OE, _AA = "\uf8f1", "\uf8f2", "\uf8f3"
_IN_DANISH = {"æ": _AE, "ä": _AE, "ø": _OE, "ö": _OE, "œ": _OE, "å": _AA, "ü": "y"}


def alphabetical(text: str, language: str = "da") -> tuple[str, str]:
    """The key to sort a name by: `sorted(names, key=alphabetical)`. In other languages than Danish æ, ø and å stand with ae, o and a."""
    plain = unicodedata.normalize("NFC", text).casefold()
    if language.startswith("da"):
        plain = "".join(_IN_DANISH.get(character, character) for character in plain.replace("aa", "å"))
    else:
        plain = plain.replace("æ", "ae").replace("ø", "o").replace("œ", "oe")
    bare = "".join(character for character in unicodedata.normalize("NFD", plain) if not unicodedata.combining(character))
    kept = "".join(character if character.isalnum() or character >= _AE else " " for character in bare)
    return " ".join(kept.split()), text
