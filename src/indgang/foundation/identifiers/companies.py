"""Numbers that name companies: the CVR number and the P-number of an establishment."""

from __future__ import annotations

import re

from stdnum.dk import cvr

_CVR = re.compile(r"[1-9]\d{7}", re.ASCII)


def normal_cvr(text: str) -> str:
    """A CVR number as eight digits, or "" if it is none: spaces, hyphens and a leading DK are allowed, the check digit must be right."""
    number = text if text.isdigit() else cvr.compact(text)
    return number if _CVR.fullmatch(number) and cvr.checksum(number) == 0 else ""


def normal_p_number(text: str) -> str:
    """A P-number as ten digits, or "" if it is none; it has no check digit."""
    number = re.sub(r"[\s.-]", "", text)
    return number if re.fullmatch(r"[1-9]\d{9}", number, re.ASCII) else ""
