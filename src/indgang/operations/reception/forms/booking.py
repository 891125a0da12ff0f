"""Who comes and how to reach them: what is asked when a time has been chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from indgang.foundation.identifiers.countries import country_name
from indgang.operations.reception.contacts import NAME_LENGTH, Guest
from indgang.operations.reception.forms.contact import ContactForm
from indgang.operations.reception.rules.journeys import Traveller


class BookingForm(ContactForm):
    """The contact's name and address, the names of those who come along, and consent.

    `travellers` are those that the chosen offer was made for, the contact first.
    """

    def __init__(self, data: Any = None, *, travellers: Sequence[Traveller], language: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.travellers, self.language = travellers, language
        self.fields["name"].help_text = _("As it stands in your passport.")
        self.fields["email"].help_text = _("We send the confirmation there, with a code and a link to move or cancel.")
        self.fields["consent"].label = _("Yes, keep these details for this visit")
        self.fields["consent"].error_messages["required"] = _("Tick that we may keep your details for this visit. We cannot book without.")
        for position, label in enumerate(_labels(travellers), start=1):
            self.fields[f"person{position}"] = forms.CharField(label=label, max_length=NAME_LENGTH, required=False)
        names = [f"person{position}" for position in range(1, len(travellers))]
        self.order_fields(["name", *names, "email", "phone", "consent"])
        for name in names:
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def companions(self) -> list[forms.BoundField]:
        """The fields for the names of those who come along."""
        return [self[f"person{position}"] for position in range(1, len(self.travellers))]

    @property
    def writes_in(self) -> str:
        """The language that was chosen for the visit."""
        return self.language

    @property
    def people(self) -> list[Guest]:
        """Who comes, in the order of the offer."""
        names = [self.cleaned_data["name"], *(self.cleaned_data[f"person{position}"] for position in range(1, len(self.travellers)))]
        return [Guest(name, one.citizenship, one.child) for name, one in zip(names, self.travellers, strict=True)]

    def field_of(self, name: str) -> str:
        """Those who come along have a field each."""
        _people, _dot, place = name.removesuffix(".name").partition("people.")
        return f"person{place}" if place not in ("", "0") else "name" if place else name


def _labels(travellers: Sequence[Traveller]) -> list[str]:
    """What to call those who come along, before they have names."""
    labels, adults, children = [], 1, 0
    for one in travellers[1:]:
        if one.child:
            children += 1
            label = _("Name of child %(number)s") % {"number": children}
        else:
            adults += 1
            label = _("Name of adult %(number)s") % {"number": adults}
        differs = one.citizenship and one.citizenship != travellers[0].citizenship
        labels.append(f"{label} ({country_name(one.citizenship, get_language() or 'en')})" if differs else label)
    return labels
