"""The columns of the visits table."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.identifiers.countries import UnknownCountry, country
from indgang.foundation.imports.codes import MunicipalityCode
from indgang.foundation.imports.columns import Cell, Choice, Code, Column, Moment, Text, Unreadable, Whole, as_text
from indgang.operations.reception.rules.imported import OUTCOMES

# What people write -> the table's word.
WORDS = {word: word for word in OUTCOMES} | {
    "documents missing": "documents-missing",
    "no show": "no-show",
    "canceled": "cancelled",
    "færdig": "done",
    "gennemført": "done",
    "mangler dokumenter": "documents-missing",
    "dokumenter mangler": "documents-missing",
    "manglende dokumenter": "documents-missing",
    "afvist": "refused",
    "afslag": "refused",
    "kom ikke": "no-show",
    "udeblevet": "no-show",
    "udeblev": "no-show",
    "aflyst": "cancelled",
    "afbestilt": "cancelled",
}


@dataclass(frozen=True, kw_only=True)
class Reference(Text):
    """A journey's reference as its own system gives it."""

    def read(self, cell: Cell) -> str:
        """The text; not one that a spreadsheet would take for a formula."""
        text = super().read(cell)
        if text[0] in "=+-@":
            raise Unreadable(_("A reference begins with a letter or a digit."))
        return text


@dataclass(frozen=True, kw_only=True)
class Citizenship(Column):
    """A country by its ISO 3166 code of three letters."""

    def read(self, cell: Cell) -> str:
        """The code in capitals."""
        text = as_text(cell)
        try:
            if len(text) == 3:
                return country(text).alpha3
        except UnknownCountry:
            pass
        raise Unreadable(_("Write the country's code of three letters (ISO 3166), such as DEU."))


COLUMNS: tuple[Column, ...] = (
    Reference(
        name="reference", title=gettext_lazy("Reference"), also=("reference_of_the_journey", "referencenummer"), key=True, max_length=60
    ),
    Code(name="house", title=gettext_lazy("House"), also=("hus",), shared=True),
    Code(name="service", title=gettext_lazy("Service"), also=("ydelse",), key=True),
    MunicipalityCode(name="municipality", title=gettext_lazy("Municipality"), also=("kommune", "kommunekode"), shared=True),
    Citizenship(name="citizenship", title=gettext_lazy("Citizenship"), also=("statsborgerskab",), shared=True),
    Whole(name="people", title=gettext_lazy("People"), also=("personer", "antal", "antal_personer"), minimum=1, maximum=1000),
    Moment(name="arrived", title=gettext_lazy("Arrived"), also=("ankommet", "ankomst")),
    Moment(name="started", title=gettext_lazy("Started"), also=("begyndt", "startet", "påbegyndt", "start")),
    Moment(name="ended", title=gettext_lazy("Ended"), also=("afsluttet", "sluttet", "slut")),
    Choice(name="outcome", title=gettext_lazy("Outcome"), also=("udfald", "resultat"), words=WORDS),
)
