"""The columns of the tables of companies and establishments."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from indgang.foundation.identifiers.people import normal_phone
from indgang.foundation.imports.codes import CvrNumber, MunicipalityCode, PNumber
from indgang.foundation.imports.columns import Cell, Choice, Column, Day, Text, Unreadable, Whole, YesNo, as_text, without_zeros

VERSIONS = {"db07": "DB07", "07": "DB07", "2007": "DB07", "7": "DB07", "db25": "DB25", "25": "DB25", "2025": "DB25"}

DANISH_PHONE = re.compile(
    r"[2-9]\d{7}", re.ASCII
)  # the Danish numbering plan: eight digits, no area codes; the library takes 50 times as long


@dataclass(frozen=True, kw_only=True)
class IndustryCode(Column):
    """A code of the Danish industry classification: six digits, as a rule written 62.01.00."""

    def read(self, cell: Cell) -> str:
        """Six digits. A spreadsheet takes the zero off the front of a number, so five are six."""
        digits = re.sub(r"[.\s]", "", without_zeros(as_text(cell)))
        if not re.fullmatch(r"\d{5,6}", digits, re.ASCII):
            raise Unreadable(_("Write the industry code with six digits, such as 620100 or 62.01.00."))
        return digits.zfill(6)


@dataclass(frozen=True, kw_only=True)
class Email(Text):
    """An e-mail address."""

    max_length: int = 254

    def read(self, cell: Cell) -> str:
        """The address."""
        text = super().read(cell)
        try:
            validate_email(text)
        except ValidationError:
            raise Unreadable(_("This is not an e-mail address.")) from None
        return text


@dataclass(frozen=True, kw_only=True)
class Phone(Text):
    """A telephone number."""

    max_length: int = 30

    def read(self, cell: Cell) -> str:
        """As +4512345678 where it is a Danish number, or has its country's code; else as it was written."""
        text = super().read(cell)
        return f"+45{text}" if DANISH_PHONE.fullmatch(text) else normal_phone(text) or text


COMPANY_COLUMNS: tuple[Column, ...] = (
    CvrNumber(name="cvr", also=("cvr-nr", "cvr_nummer", "cvrnummer", "cvrnr"), key=True),
    Text(name="name", also=("navn", "virksomhed", "virksomhedsnavn")),
    MunicipalityCode(name="municipality", also=("kommune", "kommunekode")),
    IndustryCode(name="industry_code", also=("branchekode", "branche")),
    Choice(name="industry_version", also=("brancheversion", "branchekode_version"), words=VERSIONS),
    Whole(name="employees", also=("ansatte", "antal_ansatte"), maximum=1_000_000),
    Day(name="founded", also=("stiftet", "startdato", "etableret")),
    YesNo(name="advertising_protected", also=("reklamebeskyttet", "reklamebeskyttelse")),
    Email(name="email", also=("e-mail", "mail")),
    Phone(name="phone", also=("telefon", "tlf")),
    Text(name="address", also=("adresse", "vej")),
    Text(name="postcode", also=("postnummer", "postnr"), max_length=10),
    Text(name="city", also=("by", "postdistrikt"), max_length=100),
)

ESTABLISHMENT_COLUMNS: tuple[Column, ...] = (
    PNumber(name="p_number", also=("p-nr", "p_nummer", "pnummer", "pnr", "produktionsenhed"), key=True),
    CvrNumber(name="cvr", also=("cvr-nr", "cvr_nummer", "cvrnummer", "cvrnr")),
    Text(name="name", also=("navn",)),
    MunicipalityCode(name="municipality", also=("kommune", "kommunekode")),
)
