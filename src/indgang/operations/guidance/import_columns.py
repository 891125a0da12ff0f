"""The columns of the tables of courses and deliveries."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from indgang.foundation.imports.codes import CvrNumber, PNumber
from indgang.foundation.imports.columns import Cell, Choice, Code, Column, Day, Number, Text, Unreadable, as_text
from indgang.operations.guidance.faults import in_words
from indgang.operations.guidance.models import Category, DeliveryKind
from indgang.operations.guidance.rules.courses import fault_of_hours, in_order, unknown
from indgang.registers.parties.models import Field

KNOWN = tuple(Field.values)
CENT = Decimal("0.01")
# What people write -> the table's word.
CATEGORIES = {category: category for category in Category.values} | {
    "early warning": "early-warning",
    "vækst": "growth",
    "vækstforløb": "growth",
    "drift": "operations",
    "driftsforløb": "operations",
    "kort": "short",
    "kort forløb": "short",
    "korte forløb": "short",
}
KINDS = {kind: kind for kind in DeliveryKind.values} | {"service": "service", "ydelse": "service", "informeret": "information"}


@dataclass(frozen=True, kw_only=True)
class Reference(Text):
    """A record's reference as its own system gives it."""

    def read(self, cell: Cell) -> str:
        """The text; not one that a spreadsheet would take for a formula."""
        text = super().read(cell)
        if text[0] in "=+-@":
            raise Unreadable(_("A reference begins with a letter or a digit."))
        return text


@dataclass(frozen=True, kw_only=True)
class Fields(Column):
    """Fields of guidance, their keys joined by a bar."""

    def read(self, cell: Cell) -> list[str]:
        """The keys, each once, in the order that all courses have them in."""
        keys = [key for key in (part.strip().casefold() for part in as_text(cell).split("|")) if key]
        if strange := unknown(keys, KNOWN):
            words = {"fields": ", ".join(strange)[:100], "known": ", ".join(KNOWN)}
            raise Unreadable(_("Not a field: %(fields)s. The fields are: %(known)s. Put a bar (|) between two.") % words)
        return in_order(keys, KNOWN)

    def write(self, value: Any, zone: ZoneInfo | None = None) -> str | int:
        """The keys joined by a bar."""
        return "|".join(value or ())


@dataclass(frozen=True, kw_only=True)
class Hours(Number):
    """Hours, to the hundredth."""

    def read(self, cell: Cell) -> Decimal:
        """The hours; a spreadsheet's further digits are rounded."""
        hours = super().read(cell)
        if fault := fault_of_hours(hours):
            raise Unreadable(in_words(fault))
        return hours.quantize(CENT, ROUND_HALF_UP)

    def write(self, value: Any, zone: ZoneInfo | None = None) -> str | int:
        """Without zeros at the end."""
        return "" if value is None else f"{value.normalize():f}"


REFERENCE = Reference(name="reference", also=("referencenummer", "reference_nr", "forløbsnummer"), key=True, max_length=60)
CVR = CvrNumber(name="cvr", also=("cvr-nr", "cvr_nummer", "cvrnummer", "cvrnr"))
P_NUMBER = PNumber(name="p_number", also=("p-nr", "p_nummer", "pnummer", "pnr", "produktionsenhed"))
ORGANISATION = Code(name="organisation", also=("organisation_nøgle", "organisationsnøgle"))

COURSE_COLUMNS: tuple[Column, ...] = (
    REFERENCE,
    CVR,
    P_NUMBER,
    ORGANISATION,
    Choice(name="category", also=("kategori", "forløbstype"), words=CATEGORIES),
    Fields(name="fields", also=("fagområder", "fagområde", "field")),
    Day(name="started", also=("start", "startet", "begyndt", "startdato")),
    Day(name="ended", clears=True, also=("slut", "sluttet", "afsluttet", "slutdato")),
    Hours(name="hours", also=("timer", "timeforbrug")),
    Text(name="consultant", also=("konsulent", "vejleder"), max_length=150),
)
DELIVERY_COLUMNS: tuple[Column, ...] = (
    REFERENCE,
    CVR,
    P_NUMBER,
    ORGANISATION,
    Choice(name="kind", also=("type", "art"), words=KINDS),
    Text(name="topic", also=("emne",)),
    Day(name="date", also=("dato",)),
)
