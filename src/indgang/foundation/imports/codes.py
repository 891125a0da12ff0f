"""Columns that hold an official number: a municipality's code, a CVR number, a P-number."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indgang.foundation.identifiers.companies import normal_cvr, normal_p_number
from indgang.foundation.imports.columns import Cell, Column, Unreadable, as_text, without_zeros


@dataclass(frozen=True, kw_only=True)
class MunicipalityCode(Column):
    """A municipality's official code, with or without leading zero."""

    def read(self, cell: Cell) -> str:
        """The code without leading zero."""
        text = without_zeros(as_text(cell))
        if not re.fullmatch(r"0?[1-9]\d{2,3}", text, re.ASCII):
            raise Unreadable(_("Write the municipality's code, such as 851 or 0851."))
        return text.lstrip("0")


@dataclass(frozen=True, kw_only=True)
class CvrNumber(Column):
    """A company's CVR number."""

    def read(self, cell: Cell) -> str:
        """Eight digits."""
        number = normal_cvr(without_zeros(as_text(cell)))
        if not number:
            raise Unreadable(_("This is not a CVR number: eight digits, of which the last checks the others."))
        return number


@dataclass(frozen=True, kw_only=True)
class PNumber(Column):
    """An establishment's P-number."""

    def read(self, cell: Cell) -> str:
        """Ten digits."""
        number = normal_p_number(without_zeros(as_text(cell)))
        if not number:
            raise Unreadable(_("This is not a P-number: ten digits."))
        return number
