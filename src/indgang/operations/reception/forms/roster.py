"""What leaders write about who sits where, and who is away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indgang.foundation.identity.models import User
from indgang.operations.reception.actions.roster import Away, Wanted
from indgang.operations.reception.forms.opening import OpeningForm, date_field, time_field
from indgang.operations.reception.models.house import Weekday


class PartOfDayForm(OpeningForm):
    """A base for two times that are in order."""

    def check_times(self, first: str, last: str) -> None:
        """The end must be later than the beginning."""
        begin, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if begin and end and end <= begin:
            self.add_error(last, gettext("The end must be later than the beginning."))

    def chosen(self) -> User:
        """Who was chosen."""
        return next(user for user in self.officers if str(user.pk) == self.cleaned_data["officer"])

    def offer(self, officers: Sequence[User]) -> None:
        """Those who can be chosen."""
        self.officers = officers
        self.fields["officer"].choices = [(str(user.pk), str(user)) for user in officers]  # type: ignore[attr-defined]


class SittingForm(PartOfDayForm):
    """A colleague at a desk: who, on which days, from when until when."""

    officer = forms.ChoiceField(label=_("Who?"), error_messages={"required": _("Choose who sits here.")})
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On which days?"),
        coerce=int,
        choices=Weekday.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one day.")},
    )
    begins = time_field(_("From what time?"), help_text=_("Empty: whenever the desk is open."))
    ends = time_field(_("Until what time?"))
    valid_from = date_field(_("First day"))
    valid_until = date_field(_("Last day"), _("Empty: until further notice."), required=False)

    def __init__(self, *args: Any, officers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(officers)

    def clean(self) -> dict[str, Any]:
        """Days and times in order; both times or neither."""
        facts = super().clean() or {}
        self.check_days("valid_from", "valid_until", past=True)
        if bool(facts.get("begins")) != bool(facts.get("ends")) and not {"begins", "ends"} & self.errors.keys():
            self.add_error("ends" if facts.get("begins") else "begins", gettext("Write both times, or neither."))
        self.check_times("begins", "ends")
        return facts

    def wanted(self) -> Wanted:
        """The turn."""
        facts = self.cleaned_data
        return Wanted(self.chosen(), facts["weekdays"], facts["begins"], facts["ends"], facts["valid_from"], facts["valid_until"])


class AwayForm(PartOfDayForm):
    """A colleague is away: who and when. Why is nobody's business here."""

    officer = forms.ChoiceField(label=_("Who?"), error_messages={"required": _("Choose who is away.")})
    first_day = date_field(_("First day"))
    last_day = date_field(_("Last day"), _("Empty: the same day."), required=False)
    from_time = time_field(_("Away from"), help_text=_("Empty: all day. With a time it counts on each of the days."))
    until_time = time_field(_("Away until"))

    def __init__(self, *args: Any, officers: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(officers)

    def clean(self) -> dict[str, Any]:
        """Days and times in order."""
        facts = super().clean() or {}
        self.check_days("first_day", "last_day")
        self.check_times("from_time", "until_time")
        return facts

    def away(self) -> Away:
        """The days."""
        facts = self.cleaned_data
        return Away(facts["first_day"], facts["last_day"] or facts["first_day"], facts["from_time"], facts["until_time"])
