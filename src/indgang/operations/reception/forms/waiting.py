"""What is asked of somebody who wants to wait for a time: who comes, how to reach them, and on which days they can come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.places.models import House
from indgang.operations.reception.forms.booking import BookingForm
from indgang.operations.reception.forms.contact import Refusable
from indgang.operations.reception.forms.questions import check_date
from indgang.operations.reception.rules.journeys import Traveller


def _date_field(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "i-date"}),
        error_messages={
            "invalid": gettext_lazy("Write the date like 2026-12-08 or 8.12.2026."),
            "required": gettext_lazy("Write a date."),
        },
    )


class DaysForm(Refusable):
    """The days on which a party can come, both included."""

    earliest = _date_field(gettext_lazy("First day you can come"))
    latest = _date_field(gettext_lazy("Last day you can come"))

    def __init__(self, data: Any = None, *, house: House, initial: dict[str, Any] | None = None) -> None:
        self.house = house
        super().__init__(data, initial=initial)

    def clean_earliest(self) -> dt.date:
        """Today or later, and within a year."""
        date: dt.date = self.cleaned_data["earliest"]
        check_date(self.house, date)
        return date


class WaitingForm(BookingForm):
    """Everything that an entry of the waiting list needs beyond the answers of the plan."""

    earliest = _date_field(gettext_lazy("First day you can come"))
    latest = _date_field(gettext_lazy("Last day you can come"), gettext_lazy("The more days you can come, the sooner a time is found."))

    def __init__(
        self,
        data: Any = None,
        *,
        house: House,
        travellers: Sequence[Traveller],
        language: str,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, travellers=travellers, language=language, initial=initial)
        self.house = house
        self.fields["email"].help_text = _("We send a link there first, to be sure that we reach you. Offers come to this address.")
        self.fields["phone"].help_text = _("You may leave it empty. Offers come by e-mail.")
        self.fields["consent"].label = _("Yes, keep these details while I wait")
        self.fields["consent"].error_messages["required"] = _(
            "Tick that we may keep your details while you wait. We cannot put you on the list without."
        )

    clean_earliest = DaysForm.clean_earliest

    @property
    def companion_names(self) -> list[str]:
        """The names of those who come along, in the order of the wish."""
        return [self.cleaned_data[field.name] for field in self.companions]
