"""The six-digit code of a mail."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DIGITS = 6


class CodeForm(forms.Form):
    """One field; forgives spaces and hyphens."""

    code = forms.CharField(
        label=gettext_lazy("Six-digit code"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "i-code"}),
        error_messages={
            "required": gettext_lazy("Write the six digits from our mail."),
            "max_length": gettext_lazy("Write the six digits from our mail."),
        },
    )

    def clean_code(self) -> str:
        """The digits alone."""
        digits = "".join(character for character in self.cleaned_data["code"] if character in "0123456789")
        if len(digits) != DIGITS:
            raise ValidationError(_("Write the six digits from our mail."))
        return digits
