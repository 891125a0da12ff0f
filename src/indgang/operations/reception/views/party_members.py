"""The people of a mixed party, one by one: those of different countries, or who come for different reasons, need different things."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from indgang.operations.reception.models import Journey, Traveller
from indgang.operations.reception.models.journey import Purpose
from indgang.operations.reception.views.staff_rows import country_in_words, names_of


@dataclass(frozen=True)
class Member:
    """One of a mixed party."""

    traveller: Traveller
    name: str
    country: str
    purpose: str

    @property
    def facts(self) -> str:
        """Country, why this person comes, and whether it is a child: "India · Join family · child"."""
        return " · ".join(filter(None, [self.country, self.purpose, _("child") if self.traveller.child else ""]))


def members_of(journey: Journey) -> list[Member]:
    """Everybody in a mixed party, by position; nobody where all have one citizenship and nobody has a reason of their own to come."""
    rows = list(journey.travellers.all())
    countries = [row.person.citizenship or journey.citizenship for row in rows]
    own = [row.purpose for row in rows[1:] if row.purpose not in ("", Purpose.FAMILY)]
    if len(set(countries)) < 2 and not own:
        return []
    names = names_of(journey)
    return [
        Member(row, name, country_in_words(country) or _("citizenship unknown"), _purpose(journey, row))
        for row, name, country in zip(rows, names, countries, strict=True)
    ]


def _purpose(journey: Journey, row: Traveller) -> str:
    """Why this person comes. Those who did not say so come along as family, which is what the rules take them for."""
    stated = (row.purpose or Purpose.FAMILY) if row.position else journey.purpose
    return str(Purpose(stated).label) if stated in Purpose.values else ""
