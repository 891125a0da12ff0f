"""Who comes and how to reach them: what is asked when a time has been chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from indgang.foundation.identifiers.countries import country_name
from indgang.operations.reception.contacts import Contact, Guest
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.rules.journeys import Traveller

NAME_LENGTH = 150


class BookingForm(forms.Form):
    """The contact's name and address, the names of those who come along, and consent.

    `travellers` are those that the chosen offer was made for, the contact first.
    """

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        help_text=gettext_lazy("As it stands in your passport."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Write your name.")},
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("We send the confirmation there, with a code and a link to move or cancel."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("Write an e-mail address like name@example.com. We send the confirmation there.")},
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        help_text=gettext_lazy("With the country code, like +45 20 12 34 56. We call only if something changes on the day."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    consent = forms.BooleanField(
        label=gettext_lazy("Yes, keep these details for this visit"),
        error_messages={"required": gettext_lazy("Tick that we may keep your details for this visit. We cannot book without.")},
    )

    def __init__(self, data: Any = None, *, travellers: Sequence[Traveller], language: str, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.travellers, self.language = travellers, language
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
    def contact(self) -> Contact:
        """Whom the house writes to."""
        cleaned = self.cleaned_data
        return Contact(cleaned["name"], cleaned["email"], cleaned["phone"], self.language)

    @property
    def people(self) -> list[Guest]:
        """Who comes, in the order of the offer."""
        names = [self.cleaned_data["name"], *(self.cleaned_data[f"person{position}"] for position in range(1, len(self.travellers)))]
        return [Guest(name, one.citizenship, one.child) for name, one in zip(names, self.travellers, strict=True)]

    def refuse(self, refusal: InvalidRequest) -> None:
        """Put each message beside its field."""
        for name, message in refusal.fields.items():
            _people, _dot, place = name.removesuffix(".name").partition("people.")
            name = f"person{place}" if place not in ("", "0") else "name" if place else name
            self.add_error(name if name in self.fields else None, message)


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
