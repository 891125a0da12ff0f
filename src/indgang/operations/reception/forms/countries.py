"""A country, typed by name: found whatever the language, the accents and the case."""

from __future__ import annotations

from difflib import get_close_matches
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indgang.foundation.identifiers.countries import UnknownCountry, countries, country, country_name
from indgang.foundation.identifiers.names import alphabetical

UNKNOWN = "unknown"
# Where most newcomers come from, so that they need not scroll.
COMMON = ("DEU", "POL", "ROU", "UKR", "IND", "LTU", "LVA", "SWE", "NOR", "ESP", "ITA", "GBR", "USA", "CHN", "SYR", "PHL")
# What people write that is in no list of names.
ALIASES = {
    "GBR": ("uk", "great britain", "england", "scotland", "wales", "northern ireland", "skotland"),
    "USA": ("us", "america", "united states of america", "amerika"),
    "NLD": ("holland", "the netherlands"),
    "CZE": ("czech republic",),
    "CIV": ("ivory coast",),
    "TUR": ("turkey",),
    "ARE": ("uae", "emirates"),
    "KOR": ("korea",),
    "MKD": ("macedonia",),
    "SWZ": ("swaziland",),
    "MMR": ("burma",),
}


def _folded(text: str) -> str:
    return alphabetical(text, "en")[0]


@cache
def _by_word() -> dict[str, str]:
    """Every way to write a country -> its alpha-3 code."""
    words = {_folded(name): code for language in ("en", "da") for code, name in countries(language)}
    words |= {_folded(alias): code for code, aliases in ALIASES.items() for alias in aliases}
    return words | {code.casefold(): code for code, _name in countries("en")}


def country_code(text: str) -> str:
    """The alpha-3 code of a country by its code or its name in English or Danish. Raises UnknownCountry."""
    word = _folded(text)
    if word not in _by_word():
        raise UnknownCountry(text)
    return _by_word()[word]


def country_names(language: str) -> list[str]:
    """Names to choose from: the common ones first, then all by the alphabet."""
    return [country_name(code, language) for code in COMMON] + [name for code, name in countries(language) if code not in COMMON]


def _nearest(text: str) -> str:
    """The name somebody may have meant, or nothing."""
    near = get_close_matches(_folded(text), list(_by_word()), n=1, cutoff=0.7)
    return country_name(_by_word()[near[0]], get_language() or "en") if near else ""


class CountryField(forms.CharField):
    """Takes a name or a code, gives the alpha-3 code; `unknown` stays what it is. Shows the name, and offers all of them in a list."""

    def __init__(self, **options: Any) -> None:
        attributes = {"list": "countries", "autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}
        super().__init__(**{"max_length": 60, "widget": forms.TextInput(attrs=attributes), **options})

    def to_python(self, value: Any) -> str:
        """The code, or a message that says what to write."""
        text = super().to_python(value) or ""
        if not text or text == UNKNOWN:
            return text
        try:
            return country_code(text)
        except UnknownCountry:
            raise ValidationError(_unknown(text)) from None

    def prepare_value(self, value: Any) -> Any:
        """The name in the language of the page."""
        if value == UNKNOWN:
            return ""
        try:
            return country_name(country(str(value)).alpha3, get_language() or "en") if value else value
        except UnknownCountry:
            return value


def _unknown(text: str) -> str:
    near = _nearest(text)
    if near:
        return _("We do not know the country “%(text)s”. Did you mean %(near)s?") % {"text": text[:40], "near": near}
    return _("We do not know the country “%(text)s”. Choose one from the list, or write its name in English or Danish.") % {
        "text": text[:40]
    }
