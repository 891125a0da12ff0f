"""What staff write about hours, desks, closures and sessions. Each form gives the state it asks for (see opening_changes)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import House
from indgang.operations.reception.languages import language_named
from indgang.operations.reception.models import Desk, Resource, Service
from indgang.operations.reception.models.house import Weekday
from indgang.operations.reception.opening_changes import State
from indgang.operations.reception.opening_words import EVERY, OF_MONTH

MONTHLY = "month-"  # before the number of a weekday of the month


def date_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day, in the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    wrong = {"required": _("Choose a day."), "invalid": _("Write the day as 2026-12-08.")}
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget, error_messages=wrong)


def time_field(label: Any, *, required: bool = False, help_text: Any = "") -> forms.TimeField:
    """A time of day."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    wrong = {"required": _("Write the time as 9:00."), "invalid": _("Write the time as 9:00.")}
    return forms.TimeField(label=label, required=required, widget=widget, help_text=help_text, error_messages=wrong)


def iso_text(value: dt.date | dt.time | None) -> str | None:
    if isinstance(value, dt.time):
        return value.isoformat("minutes")
    return value.isoformat() if value else None


def checked_codes(text: str) -> list[str]:
    """Codes of languages that are written by name or code, each once. Raises ValidationError."""
    codes = [code for part in re.split(r"[,;\n]+", text) for code in _codes_in(part)]
    if not codes:
        raise forms.ValidationError(gettext("Write at least one language."))
    return list(dict.fromkeys(codes))


def _codes_in(part: str) -> list[str]:
    """One language, of which the name may have several words, or codes with spaces between."""
    whole = language_named(part)
    if whole or not part.strip():
        return [whole] if whole else []
    codes = [language_named(word) for word in part.split()]
    if not all(codes):
        raise forms.ValidationError(gettext("We know no language called “%(name)s”. Look at how it is spelled.") % {"name": part.strip()})
    return codes


class OpeningForm(forms.Form):
    """A base for what can be refused: days in order, none in the past."""

    def __init__(self, *args: Any, house: House, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.house, self.today = house, clock.today(house.zone)

    def check_days(self, first: str, last: str, *, past: bool = False) -> None:
        """The last day must not be before the first, and neither in the past."""
        begin, end = self.cleaned_data.get(first), self.cleaned_data.get(last)
        if begin and begin < self.today and not past:
            self.add_error(first, gettext("This day has passed. Choose today or a later day."))
        if begin and end and end < begin:
            self.add_error(last, gettext("The last day must not be before the first."))
        elif end and end < self.today and not past:
            self.add_error(last, gettext("This day has passed. Choose today or a later day."))


class ForATimeForm(OpeningForm):
    """A base for what has a first and a last day, `active_from` and `active_until`. Either may have passed."""

    def clean(self) -> dict[str, Any]:
        """Days in order."""
        facts = super().clean() or {}
        self.check_days("active_from", "active_until", past=True)
        return facts


class HoursForm(OpeningForm):
    """The week's hours in a period; before and after it, what is in force stays."""

    valid_from = date_field(_("From"), _("The first day with these hours."))
    valid_until = date_field(_("Until"), _("The last day with these hours. Empty: until somebody changes them."), required=False)
    as_house = forms.BooleanField(label=_("The same hours as the house"), required=False)

    def __init__(self, *args: Any, of: Desk | Resource | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of is None:
            del self.fields["as_house"]
        for number, day in Weekday.choices:
            for turn in (1, 2):
                names = {"day": day}
                opens = _("%(day)s, opens") if turn == 1 else _("%(day)s, opens again")
                closes = _("%(day)s, closes") if turn == 1 else _("%(day)s, closes again")
                self.fields[f"opens_{number}_{turn}"] = time_field(opens % names)
                self.fields[f"closes_{number}_{turn}"] = time_field(closes % names)

    def days(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields by weekday."""
        return [
            (str(day), [self[f"{edge}_{number}_{turn}"] for turn in (1, 2) for edge in ("opens", "closes")])
            for number, day in Weekday.choices
        ]

    def clean(self) -> dict[str, Any]:
        """Whole pairs, in order; at least one."""
        facts = super().clean() or {}
        self.check_days("valid_from", "valid_until")
        if not facts.get("as_house"):
            for number, _day in Weekday.choices:
                self._check_day(number)
            if not self.errors and not self.week():
                self.add_error("opens_0_1", gettext("Write at least one time. To close for some days, use “Close for a time”."))
        return facts

    def _check_day(self, number: int) -> None:
        before: dt.time | None = None
        for turn in (1, 2):
            opens, closes = (self.cleaned_data.get(f"{edge}_{number}_{turn}") for edge in ("opens", "closes"))
            names = f"opens_{number}_{turn}", f"closes_{number}_{turn}"
            if bool(opens) != bool(closes) and not set(names) & self.errors.keys():
                self.add_error(names[0] if closes else names[1], gettext("Write both times, or neither."))
            elif opens and closes and closes <= opens:
                self.add_error(names[1], gettext("It must close later than it opens."))
            elif opens and before and opens < before:
                self.add_error(names[0], gettext("The second time must begin after the first has ended."))
            before = closes or before

    def week(self) -> list[tuple[int, dt.time, dt.time]]:
        """The times that were written: weekday, opens, closes."""
        facts = self.cleaned_data
        if facts.get("as_house"):
            return []
        pairs = [(n, facts.get(f"opens_{n}_{t}"), facts.get(f"closes_{n}_{t}")) for n, _day in Weekday.choices for t in (1, 2)]
        return [(number, opens, closes) for number, opens, closes in pairs if opens and closes]


class DeskForm(ForATimeForm):
    """Who sits at a desk, for what, and in which languages."""

    title_da = forms.CharField(label=_("Name in Danish"), max_length=200, error_messages={"required": _("Write the name.")})
    title_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    organisation = forms.ChoiceField(label=_("Whose desk is it?"))
    services = forms.MultipleChoiceField(
        label=_("What is done here?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one service.")},
    )
    languages = forms.CharField(
        label=_("Languages"),
        max_length=300,
        help_text=_("With commas between, the desk's own language first: Danish, English, Polish."),
        error_messages={"required": _("Write at least one language.")},
    )
    zone = forms.ChoiceField(label=_("Where in the house?"))
    active_from = date_field(_("From"), _("Only for a desk that is here for a time: its first day."), required=False)
    active_until = date_field(_("Until"), _("Its last day. Empty: for good."), required=False)
    only_in_sessions = forms.BooleanField(
        label=_("Only in sessions"), required=False, help_text=_("It follows no opening hours, only the sessions that it takes part in.")
    )

    def __init__(self, *args: Any, organisations: Sequence[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        services = sorted(Service.objects.filter(region_id=self.house.region_id), key=lambda row: alphabetical(row.title, language))
        zones = sorted(set(Desk.objects.filter(house=self.house).values_list("zone", flat=True)))
        self.fields["organisation"].choices = [(one.key, one.title) for one in organisations]  # type: ignore[attr-defined]
        self.fields["services"].choices = [(row.key, row.title) for row in services]  # type: ignore[attr-defined]
        self.fields["zone"].choices = [(zone, zone.replace("-", " ")) for zone in zones]  # type: ignore[attr-defined]

    def clean_languages(self) -> list[str]:
        """The codes, each once."""
        return checked_codes(self.cleaned_data["languages"])

    def state(self) -> State:
        """What the desk is to be."""
        facts = self.cleaned_data
        plain = {name: facts[name] for name in ("title_da", "title_en", "organisation", "zone", "languages", "only_in_sessions")}
        days = {name: iso_text(facts[name]) for name in ("active_from", "active_until")}
        return {**plain, **days, "services": sorted(facts["services"])}


class ClosureForm(OpeningForm):
    """Closing the house, a desk, an interpreter or a room for some days, or for a part of each."""

    BESIDE = "resource:"  # before the key of an interpreter or a room

    desk = forms.ChoiceField(label=_("What is closed?"), required=False)
    title_da = forms.CharField(label=_("Why, in Danish"), max_length=200, error_messages={"required": _("Write why it is closed.")})
    title_en = forms.CharField(label=_("Why, in English"), max_length=200, required=False)
    first_day = date_field(_("First day"))
    last_day = date_field(_("Last day"), _("Empty: the same day."), required=False)
    from_time = time_field(_("Closed from"), help_text=_("Empty: all day. With a time it counts on each of the days."))
    until_time = time_field(_("Closed until"))

    def __init__(self, *args: Any, desks: Sequence[Desk], whole_house: bool, resources: Sequence[Resource] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whole = [("", gettext("The whole house"))] if whole_house else []
        beside = [(f"{self.BESIDE}{one.key}", one.title) for one in resources]
        self.fields["desk"].choices = [*whole, *((desk.key, desk.title) for desk in desks), *beside]  # type: ignore[attr-defined]
        self.fields["desk"].required = not whole_house

    def clean(self) -> dict[str, Any]:
        """Days and times in order."""
        facts = super().clean() or {}
        self.check_days("first_day", "last_day")
        if facts.get("from_time") and facts.get("until_time") and facts["until_time"] <= facts["from_time"]:
            self.add_error("until_time", gettext("The end must be later than the beginning."))
        return facts

    def state(self) -> State:
        """The closure."""
        facts = self.cleaned_data
        beside = facts["desk"].startswith(self.BESIDE)
        return {
            "title_da": facts["title_da"],
            "title_en": facts["title_en"],
            "desk": "" if beside else facts["desk"],
            **({"resource": facts["desk"].removeprefix(self.BESIDE)} if beside else {}),
            "first_day": iso_text(facts["first_day"]),
            "last_day": iso_text(facts["last_day"] or facts["first_day"]),
            "from_time": iso_text(facts["from_time"]),
            "until_time": iso_text(facts["until_time"]),
        }


class SessionForm(OpeningForm):
    """Hours that several desks hold together, again and again."""

    title_da = forms.CharField(label=_("Name in Danish"), max_length=200, error_messages={"required": _("Write the name.")})
    title_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    weekday = forms.TypedChoiceField(label=_("On which day?"), coerce=int, choices=Weekday.choices)
    often = forms.ChoiceField(label=_("How often?"), choices=[*EVERY, *((f"{MONTHLY}{turn}", words) for turn, words in OF_MONTH)])
    opens = time_field(_("Opens"), required=True)
    closes = time_field(_("Closes"), required=True)
    first_day = date_field(_("First day"), _("Weeks are counted from the week of this day."))
    last_day = date_field(_("Last day"), _("Empty: until somebody ends it."), required=False)
    desks = forms.MultipleChoiceField(
        label=_("Which desks take part?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one desk.")},
    )

    def __init__(self, *args: Any, desks: Sequence[Desk], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["desks"].choices = [(desk.key, f"{desk.title}, {desk.organisation.title}") for desk in desks]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Days and times in order."""
        facts = super().clean() or {}
        self.check_days("first_day", "last_day", past=True)
        if facts.get("opens") and facts.get("closes") and facts["closes"] <= facts["opens"]:
            self.add_error("closes", gettext("It must close later than it opens."))
        return facts

    def state(self) -> State:
        """The session."""
        facts = self.cleaned_data
        plain = {name: facts[name] for name in ("title_da", "title_en", "weekday")}
        monthly = facts["often"].startswith(MONTHLY)
        often = (
            {"every_weeks": 1, "of_month": int(facts["often"].removeprefix(MONTHLY))} if monthly else {"every_weeks": int(facts["often"])}
        )
        times = {name: iso_text(facts[name]) for name in ("opens", "closes", "first_day", "last_day")}
        return {**plain, **often, **times, "desks": sorted(facts["desks"])}


def often_of(state: State) -> str:
    """How often a session is held, as the form's choice."""
    return f"{MONTHLY}{state['of_month']}" if state.get("of_month") else str(state["every_weeks"])


class HouseTimeForm(ForATimeForm):
    """The first and the last day of a house that is there for a time."""

    active_from = date_field(_("First day"), _("Empty: it is open already."), required=False)
    active_until = date_field(_("Last day"), _("Empty: for good."), required=False)

    def state(self) -> State:
        """The days."""
        return {name: iso_text(self.cleaned_data[name]) for name in ("active_from", "active_until")}
