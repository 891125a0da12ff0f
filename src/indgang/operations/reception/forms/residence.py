"""Where somebody lives: a municipality of the region, or none of them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.places.models import House, Municipality


def municipalities_of(house: House) -> list[tuple[str, str]]:
    """Those of the house's region, by code: the house's own first, then the others in the order of the alphabet."""
    language = get_language() or "en"
    own = set(Municipality.objects.filter(region_id=house.region_id, organisations__desks__house=house).values_list("pk", flat=True))
    rows = sorted(
        Municipality.objects.filter(region_id=house.region_id), key=lambda row: (row.pk not in own, alphabetical(row.title, language))
    )
    return [(row.code, row.title) for row in rows]


def municipality_choices(house: House) -> list[tuple[str, str]]:
    """What staff choose from: that it is none of them or not known, which stands until somebody chooses; then those of the region."""
    return [("", gettext("Not known, or elsewhere")), *municipalities_of(house)]


class ResidenceForm(forms.Form):
    """Where a party lives."""

    municipality = forms.ChoiceField(label=_("Municipality they live in"), required=False)

    def __init__(self, *args: Any, house: House, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].initial = code
        self.fields["municipality"].choices = municipality_choices(house)  # type: ignore[attr-defined]
