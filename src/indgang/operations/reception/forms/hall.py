"""What somebody without an appointment comes for: asked on the kiosk, and by the floorwalker for them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from indgang.foundation.identifiers.keys import new_key
from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.tickets import PEOPLE_AT_MOST, Errands
from indgang.operations.reception.forms.residence import municipality_choices
from indgang.operations.reception.forms.spoken import SpokenForm
from indgang.operations.reception.languages import SIGNED, language_in_words, own_word
from indgang.operations.reception.models import Priority, Service

ONCE_LENGTH = 100


class ErrandsForm(forms.Form):
    """Which services, and for how many. `once` makes a second click the same request."""

    services = forms.MultipleChoiceField(
        label=_("What do you come for?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what you come for."), "invalid_choice": _("Choose what you come for.")},
    )
    people = forms.TypedChoiceField(
        label=_("How many are you?"),
        coerce=int,
        choices=[(number, str(number)) for number in range(1, PEOPLE_AT_MOST + 1)],
        widget=forms.RadioSelect,
        initial=1,
        error_messages={"required": _("Choose how many you are."), "invalid_choice": _("Choose how many you are.")},
    )
    once = forms.CharField(widget=forms.HiddenInput, max_length=ONCE_LENGTH)

    def __init__(self, *args: Any, services: Iterable[Service], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = by_authority(services)
        self.fields["services"].choices = [(row.key, row.title) for _name, rows in self.groups for row in rows]  # type: ignore[attr-defined]
        self.fields["once"].initial = new_key()

    @property
    def chosen(self) -> list[str]:
        """What has been ticked so far."""
        return [str(key) for key in self["services"].value() or []]

    @property
    def how_many(self) -> int:
        """The number that has been chosen so far."""
        value = str(self["people"].value() or "")
        return int(value) if value.isdecimal() else 1

    def errands(self, language: str) -> Errands:
        """As the ticket is taken."""
        return Errands(self.cleaned_data["services"], self.cleaned_data["people"], language)


def by_authority(services: Iterable[Service]) -> list[tuple[str, list[Service]]]:
    """The services under the name of their authority, both in the order of the alphabet."""
    language = get_language() or "en"
    groups: dict[str, list[Service]] = {}
    for row in sorted(services, key=lambda row: alphabetical(row.title, language)):
        groups.setdefault(row.authority.title, []).append(row)
    return sorted(groups.items(), key=lambda group: alphabetical(group[0], language))


class KioskForm(ErrandsForm):
    """The same, asked on the kiosk: with one question more where the house has interpreters, answered already for who needs none."""

    def __init__(self, *args: Any, services: Iterable[Service], interpreted: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, services=services, **kwargs)
        self.spoken = [(code, own_word(code), language_in_words(code)) for code in _by_own_word(interpreted)]
        if interpreted:
            self.fields["interpreter"] = forms.ChoiceField(
                label=_("Do you need an interpreter?"),
                choices=[("", gettext("No, thank you")), *((code, own) for code, own, _name in self.spoken)],
                required=False,
                error_messages={"invalid_choice": _("Choose a language, or “No, thank you”.")},
            )

    @property
    def interpreted(self) -> str:
        """The language that has been chosen so far."""
        return str(self["interpreter"].value() or "") if self.spoken else ""

    def errands(self, language: str) -> Errands:
        """As the ticket is taken."""
        facts = self.cleaned_data
        return Errands(facts["services"], facts["people"], language, interpreter=facts.get("interpreter", ""))


def _by_own_word(codes: Collection[str]) -> list[str]:
    return sorted(codes, key=lambda code: (code == SIGNED, own_word(code).casefold()))


class NewTicketForm(ErrandsForm, SpokenForm):
    """The same, asked by the floorwalker, with the language at the desk and a reason for being called earlier."""

    municipality = forms.ChoiceField(label=_("Municipality they live in"), required=False)
    priority = forms.ChoiceField(label=_("A reason for being called earlier"), required=False)

    def __init__(
        self,
        *args: Any,
        house: House,
        priorities: Sequence[Priority],
        spoken: Collection[str],
        interpreted: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].choices = municipality_choices(house)  # type: ignore[attr-defined]
        self.fields["services"].label = _("What do they come for?")
        self.fields["people"] = forms.TypedChoiceField(
            label=_("How many people?"), coerce=int, choices=[(number, str(number)) for number in range(1, PEOPLE_AT_MOST + 1)], initial=1
        )
        self.fields["services"].choices = [  # type: ignore[attr-defined]
            (row.key, f"{row.title}, {name}") for name, rows in self.groups for row in rows
        ]
        self.fields["priority"].choices = [("", _("None")), *((row.key, row.title) for row in priorities)]  # type: ignore[attr-defined]
        self.offer_languages(spoken, interpreted)
        self.fields["language"].initial = get_language()
        if not priorities:
            self.fields["priority"].widget = forms.HiddenInput()

    def errands(self, language: str = "") -> Errands:
        """As the ticket is taken."""
        facts = self.cleaned_data
        beside = facts.get("interpreter", ""), facts["municipality"]
        return Errands(facts["services"], facts["people"], facts["language"], facts["priority"], *beside)
