"""A file of holidays, and which of its days are to close the house."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indgang.operations.reception.opening_changes import State

FILE_BYTES = 1_000_000


class HolidayFileForm(forms.Form):
    """A calendar file."""

    file = forms.FileField(
        label=_("The calendar file"),
        help_text=_("Its name ends in .ics. Nothing is closed yet: first you see its days."),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".ics,text/calendar"}),
    )

    def clean_file(self) -> UploadedFile:
        """The file, if it is no larger than a calendar of holidays can be."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > FILE_BYTES:
            raise forms.ValidationError(gettext("The file is too large. A calendar of holidays is small."))
        return file


class HolidayDaysForm(forms.Form):
    """Which of the days that were found are to close the house."""

    days = forms.MultipleChoiceField(error_messages={"required": _("Choose at least one day.")})

    def __init__(self, *args: Any, found: State, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        self.fields["days"].choices = [(str(number), "") for number in range(len(found["days"]))]  # type: ignore[attr-defined]

    def state(self) -> State:
        """The days that were chosen."""
        return {"days": [self.found["days"][int(number)] for number in self.cleaned_data["days"]]}
