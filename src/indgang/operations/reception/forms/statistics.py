"""Which days the statistics are about."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House

LONGEST = dt.timedelta(days=10 * 366)
PERIODS = {"week": _("This week"), "month": _("This month"), "year": _("This year")}


class PeriodForm(forms.Form):
    """The first and the last day, both included."""

    first = forms.DateField(
        label=_("From"), widget=forms.DateInput(attrs={"type": "date"}), error_messages={"required": _("Choose the first day.")}
    )
    last = forms.DateField(
        label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}), error_messages={"required": _("Choose the last day.")}
    )

    def clean(self) -> dict[str, Any]:
        """The days follow one another, and the database is not asked for centuries."""
        days = super().clean() or {}
        first, last = days.get("first"), days.get("last")
        if first and last and first > last:
            self.add_error("last", _("Choose a last day that is not before the first."))
        elif first and last and last - first > LONGEST:
            self.add_error("first", _("Choose ten years at most."))
        elif last and last.year > clock.today().year + 2:
            self.add_error("last", _("Choose a day that is not so far ahead."))
        return days


def days_of(period: str, today: dt.date) -> tuple[dt.date, dt.date]:
    """The first and last day of the week, month or year that a day lies in; the month's for any other word."""
    if period == "week":
        first = today - dt.timedelta(days=today.weekday())
        return first, first + dt.timedelta(days=6)
    if period == "year":
        return today.replace(month=1, day=1), today.replace(month=12, day=31)
    following = (today.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return today.replace(day=1), following - dt.timedelta(days=1)


def scope_of(house: House, asked: dict[str, Any]) -> tuple[Scope, PeriodForm]:
    """What an address asks for, and the form that says so. Days that cannot be used give this month, and the form says why."""
    today = clock.today(house.zone)
    if "first" in asked or "last" in asked:
        form = PeriodForm(asked)
        if form.is_valid():
            return Scope(house, form.cleaned_data["first"], form.cleaned_data["last"]), form
        return Scope(house, *days_of("month", today)), form
    first, last = days_of(asked.get("period", "month"), today)
    return Scope(house, first, last), PeriodForm(initial={"first": first.isoformat(), "last": last.isoformat()})
