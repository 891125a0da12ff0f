"""Handing in a table."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from indgang.foundation.files.actions import MAX_BYTES, too_large
from indgang.foundation.imports.kinds import KINDS


class HandInForm(forms.Form):
    """Which table, and the file."""

    kind = forms.ChoiceField(label=_("What is in the table?"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV or Excel (.xlsx). The next page shows what would happen; nothing is written before you say so."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.key, kind.title) for kind in KINDS.values()]  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile:
        """The file, if it is not too large."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(too_large(file.name or ""))
        return file
