"""Where somebody lives: a municipality that is known here, or none of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.places.models import House, Municipality

Choice = tuple[str, str]
Group = tuple[str, list[Choice]]


def municipality_choices(house: House) -> list[Choice | Group]:
    """What staff choose from, by code: none of them or not known, which stands until somebody chooses; then all that are known.

    Those of the house's region come first, its own before the others in the order of the alphabet. Where there are more regions than one,
    each is a group.
    """
    language = get_language() or "en"
    own = set(Municipality.objects.filter(region_id=house.region_id, organisations__desks__house=house).values_list("pk", flat=True))

    def place(row: Municipality) -> tuple[object, ...]:
        region = row.region_id != house.region_id, alphabetical(row.region.title, language)
        return *region, row.pk not in own, alphabetical(row.title, language)

    rows = sorted(Municipality.objects.select_related("region"), key=place)
    groups = [(title, _by_code(of_region)) for title, of_region in groupby(rows, key=lambda row: row.region.title)]
    known = groups[0][1] if len(groups) == 1 else groups
    return [("", gettext("Not known, or elsewhere")), *known]


def _by_code(rows: Iterable[Municipality]) -> list[Choice]:
    return [(row.code, row.title) for row in rows]


class ResidenceForm(forms.Form):
    """Where a party lives."""

    municipality = forms.ChoiceField(label=_("Municipality they live in"), required=False)

    def __init__(self, *args: Any, house: House, code: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].initial = code
        self.fields["municipality"].choices = municipality_choices(house)  # type: ignore[attr-defined]
