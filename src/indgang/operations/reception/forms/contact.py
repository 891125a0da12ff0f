"""Whom the house writes to, asked alike of newcomers, of people who wait and of employers."""

from __future__ import annotations

from django import forms
from django.utils.translation import get_language, gettext_lazy

from indgang.operations.reception.contacts import NAME_LENGTH, Contact
from indgang.operations.reception.errors import InvalidRequest


class Refusable(forms.Form):
    """A form that can be told what an action refused."""

    def refuse(self, refusal: InvalidRequest) -> None:
        """Put each message beside its field."""
        for name, message in refusal.fields.items():
            name = self.field_of(name)
            self.add_error(name if name in self.fields else None, message)

    def field_of(self, name: str) -> str:
        """The form's own name for what an action calls a field."""
        return name


class ContactForm(Refusable):
    """A name, how to reach them, and consent. Each form says in its own words what the letters are for."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Write your name.")},
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail"),
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
    consent = forms.BooleanField()

    @property
    def writes_in(self) -> str:
        """The language of the letters: that of the page."""
        return (get_language() or "en")[:2]

    @property
    def contact(self) -> Contact:
        """Whom the house writes to."""
        cleaned = self.cleaned_data
        return Contact(cleaned["name"], cleaned["email"], cleaned["phone"], self.writes_in)
