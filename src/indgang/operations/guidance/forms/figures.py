"""Which figures somebody asks for: days, whose, and of what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.identity.models import Organisation
from indgang.foundation.measures.declared import RegionScope
from indgang.foundation.places.models import Municipality, Region
from indgang.operations.guidance.figures_asked import Asked
from indgang.operations.guidance.models import Category
from indgang.operations.guidance.rules.figures import Level
from indgang.registers.parties.models import Field
from indgang.registers.parties.queries.ties import serving_organisations

LONGEST = dt.timedelta(days=10 * 366)
LEVELS = {Level.COMPANY: _("Companies (CVR)"), Level.ESTABLISHMENT: _("Establishments (P-number)")}


class FiguresForm(forms.Form):
    """The first and the last day, both included, and what is counted."""

    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}), error_messages={"required": _("Choose the first day.")}
    )
    last = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}), error_messages={"required": _("Choose the last day.")}
    )
    organisation = forms.ModelChoiceField(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        to_field_name="key",
        required=False,
        empty_label=_("All"),
    )
    level = forms.ChoiceField(label=_("Count"), choices=list(LEVELS.items()), required=False)
    category = forms.ChoiceField(label=_("Category"), choices=[("", _("All categories")), *Category.choices], required=False)
    field = forms.ChoiceField(label=_("Field"), choices=[("", _("All fields")), *Field.choices], required=False)
    municipality = forms.ModelChoiceField(
        label=_("Municipality"), queryset=Municipality.objects.none(), to_field_name="code", required=False, empty_label=_("All")
    )

    def __init__(self, region: Region, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        organisation, municipality = self.fields["organisation"], self.fields["municipality"]
        assert isinstance(organisation, forms.ModelChoiceField)
        assert isinstance(municipality, forms.ModelChoiceField)
        organisation.queryset = Organisation.objects.filter(region=region)
        organisation.choices = [("", _("All")), *self._organisations(region)]  # those to choose among; any of the region may be asked for
        municipality.queryset = Municipality.objects.filter(region=region).order_by("key")

    def _organisations(self, region: Region) -> list[tuple[str, str]]:
        """Those that serve companies, by name, and the one that is asked for."""
        asked = Organisation.objects.filter(region=region, key=self.data.get("organisation") or "")
        found = {one.key: one.title for one in [*serving_organisations(region), *asked]}
        return sorted(found.items(), key=lambda one: alphabetical(one[1]))

    def clean(self) -> dict[str, Any]:
        """The days follow one another, and the database is not asked for centuries."""
        said = super().clean() or {}
        first, last = said.get("first"), said.get("last")
        if first and last and first > last:
            self.add_error("last", _("Choose a last day that is not before the first."))
        elif first and last and last - first > LONGEST:
            self.add_error("first", _("Choose ten years at most."))
        elif last and last.year > clock.today().year + 2:
            self.add_error("last", _("Choose a day that is not so far ahead."))
        return said


def asked_for(region: Region, address: dict[str, Any]) -> tuple[Asked, FiguresForm]:
    """What an address asks for, and the form that says so. What cannot be used gives this year, and the form says why."""
    today = clock.today(region.zone)
    year = {"first": today.replace(month=1, day=1).isoformat(), "last": today.replace(month=12, day=31).isoformat()}
    form = FiguresForm(region, {**year, **address})
    if not form.is_valid():
        return Asked(RegionScope(region, today.replace(month=1, day=1), today.replace(month=12, day=31))), form
    said = form.cleaned_data
    municipality = said["municipality"]
    scope = RegionScope(region, said["first"], said["last"], said["organisation"])
    level = Level(said["level"] or Level.COMPANY)
    return Asked(scope, level, said["category"], said["field"], municipality.code if municipality else ""), form
