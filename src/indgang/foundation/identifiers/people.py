"""Numbers that name people: the Danish CPR number and telephone numbers."""

from __future__ import annotations

import phonenumbers
from stdnum.dk import cpr

_REPLACEMENT = 60  # a replacement number (erstatnings-CPR) adds this to the day of birth


def is_cpr(text: str) -> bool:
    """Whether a text is a CPR number or a replacement number: ten digits, hyphen or spaces allowed, that begin with a date of birth.

    No modulus-11 check: since 2007 numbers are given out without it.
    """
    number = cpr.compact(text)
    if len(number) != 10 or not number.isascii() or not number.isdigit():
        return False
    day = int(number[:2])
    if day > _REPLACEMENT:
        number = f"{day - _REPLACEMENT:02d}{number[2:]}"
    return bool(cpr.is_valid(number))


def mask_cpr(text: str) -> str:
    """A CPR number as it is shown: the date, and four bullets for the rest. A text that is no CPR number is hidden altogether."""
    number = cpr.compact(text)
    return f"{number[:6]}-••••" if is_cpr(number) else "•" * len(number)


def normal_phone(text: str, country: str = "DK") -> str:
    """A telephone number as +4512345678 (E.164), or "" if it is none. Without a country code it is taken to be of `country` (alpha-2)."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    if number.extension or not phonenumbers.is_valid_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
