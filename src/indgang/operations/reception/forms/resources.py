"""What staff write about interpreters and rooms, and whether a party needs an interpreter."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from indgang.foundation.identifiers.names import alphabetical
from indgang.operations.reception.forms.opening import ForATimeForm, checked_codes, date_field, iso_text
from indgang.operations.reception.languages import own_name
from indgang.operations.reception.models import Desk, Service
from indgang.operations.reception.models.resources import Kind
from indgang.operations.reception.opening_changes import State


class ResourceForm(ForATimeForm):
    """What interpreters and rooms have in common."""

    kind = Kind.INTERPRETER
    title_da = forms.CharField(label=_("Name in Danish"), max_length=200, error_messages={"required": _("Write the name.")})
    title_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    active_from = date_field(_("From"), _("Its first day. Empty: already here."), required=False)
    active_until = date_field(_("Until"), _("Its last day. Empty: for good."), required=False)
    field_order = ("title_da", "title_en", "languages", "zone", "services", "active_from", "active_until")

    def state(self) -> State:
        """What it is to be."""
        facts = self.cleaned_data
        return {
            "kind": str(self.kind),
            "title_da": facts["title_da"],
            "title_en": facts["title_en"],
            "languages": facts.get("languages", []),
            "zone": facts.get("zone", ""),
            "services": sorted(facts.get("services", [])),
            "active_from": iso_text(facts["active_from"]),
            "active_until": iso_text(facts["active_until"]),
        }


class InterpreterForm(ResourceForm):
    """Who interprets which languages."""

    languages = forms.CharField(
        label=_("Languages"),
        max_length=300,
        help_text=_("With commas between: Arabic, Ukrainian, Danish sign language."),
        error_messages={"required": _("Write at least one language.")},
    )

    def clean_languages(self) -> list[str]:
        """The codes, each once."""
        return checked_codes(self.cleaned_data["languages"])


class RoomForm(ResourceForm):
    """Where a room is, and what is only done in it."""

    kind = Kind.ROOM
    zone = forms.ChoiceField(label=_("Where in the house?"))
    services = forms.MultipleChoiceField(
        label=_("Which services need it?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("While a room is here for a service, nobody can book the service when none of its rooms is free."),
        error_messages={"required": _("Choose at least one service.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        services = sorted(Service.objects.filter(region_id=self.house.region_id), key=lambda row: alphabetical(row.title, language))
        zones = sorted(set(Desk.objects.filter(house=self.house).values_list("zone", flat=True)))
        self.fields["services"].choices = [(row.key, row.title) for row in services]  # type: ignore[attr-defined]
        self.fields["zone"].choices = [(zone, zone.replace("-", " ")) for zone in zones]  # type: ignore[attr-defined]


def form_for(kind: str) -> type[ResourceForm]:
    """The form for that kind."""
    return RoomForm if kind == Kind.ROOM else InterpreterForm


def interpreter_choices(codes: Collection[str]) -> list[tuple[str, str]]:
    """The languages by name, each with its own name for itself; first that none is needed. Nothing where there are no languages."""
    named = sorted((own_name(code), code) for code in codes)
    return [("", gettext("No, thank you")), *((code, name) for name, code in named)] if named else []


class NeedForm(forms.Form):
    """Whether a party needs an interpreter, and in which language."""

    interpreter = forms.ChoiceField(label=_("Interpreter"), required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        none = [("", gettext("None needed"))]
        self.fields["interpreter"].choices = [*none, *(choice for choice in choices if choice[0])]  # type: ignore[attr-defined]
