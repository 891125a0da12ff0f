"""Languages that are spoken or signed in the house, and their names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from babel import Locale
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

SIGNED = "dsl"  # Danish sign language; ISO 639-1 has no code for any sign language, this one is of ISO 639-3


def is_language(code: str) -> bool:
    """Whether it is a code that can be written for a desk or an interpreter."""
    return code == SIGNED or re.fullmatch(r"[a-z]{2}", code) is not None


def language_in_words(code: str, language: str = "") -> str:
    """The name of the language in the language of the page, or in that given; an unknown code as it stands."""
    spoken = (language or get_language() or "en")[:2]
    if code == SIGNED:
        with override(spoken):
            return _("Danish sign language")
    return str(Locale.parse(spoken).languages.get(code, code))


def languages_in_words(codes: Iterable[str]) -> str:
    """Their names in the language of the page, as they stand in a field and can be written there."""
    return ", ".join(language_in_words(code) for code in codes)


def language_named(text: str) -> str:
    """The code of a language that is written by its code or by its name, in a language of the pages; "" for anything else."""
    wanted = " ".join(text.lower().split())
    return wanted if is_language(wanted) else _codes_by_name().get(wanted, "")


@cache
def _codes_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for spoken, _name in settings.LANGUAGES:
        found |= {name.lower(): code for code, name in Locale.parse(spoken).languages.items() if len(code) == 2}
        found[language_in_words(SIGNED, spoken).lower()] = SIGNED
    return found


def own_word(code: str) -> str:
    """What the language calls itself; sign language by its Danish name."""
    return language_in_words(code, "da") if code == SIGNED else str(Locale.parse(code).display_name or code)


def own_name(code: str) -> str:
    """The language by name, and by its own name for itself where that is another."""
    name, own = capfirst(language_in_words(code)), capfirst(own_word(code))
    return name if name == own else f"{name} ({own})"
