"""Countries by their ISO 3166 codes, with names as people use them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pycountry
from babel import Locale

from indgang.foundation.identifiers.names import alphabetical

# Kosovo has no ISO code yet; XKX is the one passports, the EU and Danish authorities use.
_WITHOUT_ISO_CODE = {"XKX": "XK"}
# Nobody is a citizen of these: no permanent residents.
_UNINHABITED = {"ATA", "ATF", "BVT", "HMD", "IOT", "SGS", "UMI"}
# Where the Unicode names are not the ones people look for.
_NAMES = {
    "da": {
        "HKG": "Hongkong",
        "MAC": "Macao",
        "MMR": "Myanmar",
        "PSE": "Palæstina",
        "COG": "Congo",
        "COD": "Den Demokratiske Republik Congo",
    },
    "en": {
        "HKG": "Hong Kong",
        "MAC": "Macao",
        "MMR": "Myanmar",
        "PSE": "Palestine",
        "COG": "Congo",
        "COD": "Democratic Republic of the Congo",
    },
}


class UnknownCountry(ValueError):
    """The code names no country."""


@dataclass(frozen=True)
class Country:
    """A country by its ISO 3166-1 codes of three and of two letters."""

    alpha3: str
    alpha2: str


@cache
def _all() -> dict[str, Country]:
    listed = {entry.alpha_3: entry.alpha_2 for entry in pycountry.countries if entry.alpha_3 not in _UNINHABITED}
    return {alpha3: Country(alpha3, alpha2) for alpha3, alpha2 in (listed | _WITHOUT_ISO_CODE).items()}


def country(alpha3: str) -> Country:
    """The country with a code of three letters, in any case. Raises UnknownCountry."""
    try:
        return _all()[alpha3.strip().upper()]
    except KeyError:
        raise UnknownCountry(alpha3) from None


def country_name(alpha3: str, language: str) -> str:
    """The country's name in Danish ("da") or, for every other language, in English. Raises UnknownCountry."""
    code = "da" if language.startswith("da") else "en"
    found = country(alpha3)
    return _NAMES[code].get(found.alpha3) or str(Locale.parse(code).territories[found.alpha2])


@cache
def countries(language: str) -> list[tuple[str, str]]:
    """Every country as (alpha-3 code, name), in the alphabetical order of the language."""
    named = [(alpha3, country_name(alpha3, language)) for alpha3 in _all()]
    return sorted(named, key=lambda entry: alphabetical(entry[1], language))
