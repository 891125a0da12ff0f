"""Look for times from another day on."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from indgang.foundation.places.models import House
from indgang.operations.reception.forms.questions import check_date


class FirstDay(forms.Form):
    """One date, today or later."""

    look = forms.DateField(
        label=gettext_lazy("Show times from"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "i-date"}),
        error_messages={
            "invalid": gettext_lazy("Write the date like 2026-12-08 or 8.12.2026."),
            "required": gettext_lazy("Write a date."),
        },
    )

    def __init__(self, data: Any, house: House, first: dt.date) -> None:
        self.house = house
        super().__init__(data, initial={"look": first})

    def clean_look(self) -> dt.date:
        """Today or later, and within a year."""
        date: dt.date = self.cleaned_data["look"]
        check_date(self.house, date)
        return date
