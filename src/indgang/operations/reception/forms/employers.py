"""What an employer is asked: who they are, who comes, and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.places.models import House
from indgang.operations.reception.employers import EMPLOYEES_AT_MOST, Wanted, Wishes, checked_person
from indgang.operations.reception.forms.contact import ContactForm, Refusable
from indgang.operations.reception.forms.countries import UNKNOWN, CountryField, country_names
from indgang.operations.reception.forms.questions import LONG_STAY, MIDDLE_STAY, SHORT_STAY, desk_languages
from indgang.operations.reception.forms.resources import interpreter_choices
from indgang.operations.reception.models import Employee, EmployerBooking
from indgang.operations.reception.models.employers import BookWhen
from indgang.operations.reception.models.journey import Purpose
from indgang.operations.reception.queries.employers import FirstDays
from indgang.operations.reception.queries.group_plans import DAYS_AT_MOST
from indgang.operations.reception.queries.resources import spoken_languages
from indgang.operations.reception.rules.groups import Identity

NO_INTERPRETER = "none"
FILE_BYTES = 2_000_000
DATE_ERRORS = {"invalid": gettext_lazy("Write the date like 2026-12-08 or 8.12.2026."), "required": gettext_lazy("Write a date.")}
STAYS = [
    (SHORT_STAY, gettext_lazy("Less than 3 months")),
    (MIDDLE_STAY, gettext_lazy("3 to 12 months")),
    (LONG_STAY, gettext_lazy("More than a year")),
    (UNKNOWN, gettext_lazy("I do not know yet")),
]


def _date_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "i-date"})
    return forms.DateField(label=label, help_text=help_text, widget=widget, error_messages=DATE_ERRORS, required=required)


def _time_field(label: Any, help_text: Any = "") -> forms.TimeField:
    widget = forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "i-date"})
    errors = {"invalid": gettext_lazy("Write the time like 09:30.")}
    return forms.TimeField(
        label=label, help_text=help_text, required=False, widget=widget, error_messages=errors, input_formats=["%H:%M", "%H.%M", "%H"]
    )


def _number_field(label: Any, help_text: Any = "", *, least: int, most: int, required: bool = True) -> forms.IntegerField:
    message = format_lazy(gettext_lazy("Write a whole number from {least} to {most}."), least=least, most=most)
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        min_value=least,
        max_value=most,
        required=required,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 3, "maxlength": 3, "class": "i-short"}),
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value", "required"], message),
    )


class StartForm(ContactForm):
    """The company, and whom to write to."""

    field_order = ("company", "cvr", "name", "email", "phone", "consent")

    company = forms.CharField(
        label=gettext_lazy("Company"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": gettext_lazy("Write the name of the company.")},
    )
    cvr = forms.CharField(
        label=gettext_lazy("CVR number"), help_text=gettext_lazy("Eight digits. You may leave it empty."), max_length=20, required=False
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["email"].label = _("Your e-mail at work")
        self.fields["email"].help_text = _("We send a link there. With it you come back to your group whenever you like.")
        self.fields["consent"].label = _("Yes, keep these details for this booking")
        self.fields["consent"].error_messages["required"] = _(
            "Tick that we may keep your details for this booking. We cannot book without."
        )


@dataclass(frozen=True)
class Offered:
    """What can be chosen in a house, read once for all the rows of a form. `interpreters` is empty where the house has none."""

    municipalities: list[tuple[str, str]]
    languages: list[tuple[str, str]]
    interpreters: list[tuple[str, str]]


def offered_in(house: House) -> Offered:
    """The municipalities of its region, and the languages of its desks and its interpreters."""
    rows = [(row.code, row.title) for row in house.region.municipalities.all()]
    spoken, interpreted = spoken_languages(house)
    alphabet = sorted(rows, key=lambda row: alphabetical(row[1], get_language() or "en"))
    return Offered(alphabet, desk_languages(spoken), interpreter_choices(interpreted)[1:])


class AnswersForm(forms.Form):
    """The answers that decide on the steps. For everybody they are complete; for one person what is empty is as for everybody."""

    purpose = forms.ChoiceField(label=gettext_lazy("Why do they come?"), required=False)
    stay = forms.ChoiceField(label=gettext_lazy("How long do they stay?"), required=False)
    municipality = forms.ChoiceField(label=gettext_lazy("Where will they live?"), required=False)
    language = forms.ChoiceField(label=gettext_lazy("Language at the desk and in e-mails"), required=False)
    interpreter = forms.ChoiceField(label=gettext_lazy("Interpreter"), required=False)

    def __init__(self, data: Any = None, *, offered: Offered, for_all: bool = True, **options: Any) -> None:
        super().__init__(data, **options)
        as_all = [] if for_all else [("", _("As for everybody"))]
        unknown = (UNKNOWN, _("I do not know yet"))
        choices = {
            "purpose": [*as_all, *Purpose.choices, unknown],
            "stay": [*as_all, *STAYS],
            "municipality": [*as_all, *([unknown] if for_all else []), *offered.municipalities, *([] if for_all else [unknown])],
            "language": [*as_all, *offered.languages],
        }
        if offered.interpreters:
            choices["interpreter"] = [*as_all, (NO_INTERPRETER, _("None needed")), *offered.interpreters]
        else:
            del self.fields["interpreter"]
        for name, chosen in choices.items():
            self.fields[name].choices = chosen  # type: ignore[attr-defined]
            self.fields[name].required = for_all and name != "interpreter"
            self.fields[name].error_messages["required"] = _("Choose one from the list.")
            self.fields[name].error_messages["invalid_choice"] = _("Choose one from the list.")

    def answers(self) -> dict[str, Any]:
        """What was answered, as a person's fields."""
        cleaned, found = self.cleaned_data, {}
        if cleaned.get("purpose"):
            found["purpose"] = "" if cleaned["purpose"] == UNKNOWN else cleaned["purpose"]
        if cleaned.get("stay"):
            found["stay_months"] = None if cleaned["stay"] == UNKNOWN else int(cleaned["stay"])
        if cleaned.get("municipality"):
            found["municipality"] = "" if cleaned["municipality"] == UNKNOWN else cleaned["municipality"]
        if cleaned.get("language"):
            found["language"] = cleaned["language"]
        if cleaned.get("interpreter"):
            found["interpreter"] = "" if cleaned["interpreter"] == NO_INTERPRETER else cleaned["interpreter"]
        return found


def defaults_form(data: Any, offered: Offered) -> AnswersForm:
    """The answers for everybody. Most come to work and stay for long."""
    initial = {"purpose": "work", "stay": LONG_STAY, "municipality": UNKNOWN, "language": "en", "interpreter": NO_INTERPRETER}
    return AnswersForm(data, offered=offered, prefix="all", initial=initial)


class PersonForm(AnswersForm):
    """One employee. A row in which nothing was written is nobody."""

    use_required_attribute = False  # a row may stay empty

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=150, error_messages={"required": gettext_lazy("Write the employee's name.")}
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        help_text=gettext_lazy("Leave it empty, and the e-mail comes to you to hand on."),
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    citizenship = CountryField(
        label=gettext_lazy("Citizen of"), help_text=gettext_lazy("Leave it empty if you do not know."), required=False
    )
    arrival = _date_field(gettext_lazy("First day this person can come"), required=False)
    adults = _number_field(gettext_lazy("Adults who come, the employee included"), least=1, most=12, required=False)
    children = _number_field(gettext_lazy("Children under 18 who come along"), least=0, most=11, required=False)
    reference = forms.CharField(label=gettext_lazy("Your own number for this person"), max_length=60, required=False)

    def __init__(self, data: Any = None, *, booking: EmployerBooking, offered: Offered, **options: Any) -> None:
        super().__init__(data, offered=offered, for_all=False, **options)
        self.booking = booking
        self.fields["name"].widget.attrs["autocomplete"] = "off"
        self.wanted: Wanted | None = None
        self.stood: Callable[[Identity], dt.date | None] = FirstDays(booking)
        for name, asked in {"purpose": _("Why this person comes"), "stay": _("How long"), "municipality": _("Where to live")}.items():
            self.fields[name].label = asked

    @property
    def empty(self) -> bool:
        """Whether nothing was written that is about a person."""
        return not any(str(self.data.get(self.add_prefix(name)) or "").strip() for name in ("name", "email", "citizenship", "reference"))

    @property
    def differs(self) -> bool:
        """Whether something of the less common fields is filled in or wrong, so that they stand open."""
        less_common = ("purpose", "stay", "municipality", "language", "interpreter", "arrival", "adults", "children", "reference")
        return any(self[name].value() not in (None, "") or self[name].errors for name in less_common if name in self.fields)

    def check(self, defaults: Mapping[str, Any]) -> bool:
        """Whether it is a person who can be booked for; `wanted` is that person then."""
        if not self.is_valid():
            return False
        cleaned = self.cleaned_data
        citizenship = "" if cleaned["citizenship"] == UNKNOWN else cleaned["citizenship"]
        asked = Wanted(
            **{**defaults, **self.answers()},
            name=cleaned["name"],
            email=cleaned["email"],
            citizenship=citizenship,
            arrival=cleaned["arrival"],
            adults=cleaned["adults"] or 1,
            children=cleaned["children"] or 0,
            reference=" ".join(cleaned["reference"].split()),
        )
        fields: dict[str, str] = {}
        self.wanted = checked_person(asked, fields, house=self.booking.house, contact_email=self.booking.email, stood=self.stood)
        for name, message in fields.items():
            self.add_error(name, message)
        return not fields


def person_form(data: Any, booking: EmployerBooking, number: int, offered: Offered) -> PersonForm:
    """The row of that number."""
    return PersonForm(data, booking=booking, offered=offered, prefix=f"p{number}")


def form_of_employee(data: Any, booking: EmployerBooking, employee: Employee) -> PersonForm:
    """Somebody who is in the group already, to be corrected."""
    stay = UNKNOWN if employee.stay_months is None else str(employee.stay_months)
    initial = {
        "name": employee.name,
        "email": employee.email,
        "citizenship": employee.citizenship,
        "purpose": employee.purpose or UNKNOWN,
        "stay": stay,
        "municipality": employee.municipality or UNKNOWN,
        "language": employee.language,
        "interpreter": employee.interpreter or NO_INTERPRETER,
        "arrival": employee.arrival,
        "adults": employee.adults,
        "children": employee.children,
        "reference": employee.reference,
    }
    form = PersonForm(data, booking=booking, offered=offered_in(booking.house), prefix="p1", initial=initial)
    form.stood = lambda _identity: employee.arrival
    for name in {"purpose", "stay", "municipality", "language", "interpreter"} & form.fields.keys():  # nobody is "as everybody" here
        form.fields[name].choices = [choice for choice in form.fields[name].choices if choice[0]]  # type: ignore[attr-defined]
    stays = form.fields["stay"].choices  # type: ignore[attr-defined]
    if stay not in dict(stays):
        form.fields["stay"].choices = [*stays, (stay, _("%(months)s months") % {"months": stay})]  # type: ignore[attr-defined]
    return form


class FileForm(forms.Form):
    """A spreadsheet."""

    file = forms.FileField(
        label=gettext_lazy("Your spreadsheet"),
        help_text=gettext_lazy("CSV or Excel (.xlsx). If something is wrong, we tell you everything at once and keep nothing of it."),
        error_messages={"required": gettext_lazy("Choose a file."), "empty": gettext_lazy("The file is empty.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.xlsx"}),
    )

    def clean_file(self) -> UploadedFile:
        """The file, if it is no larger than fifty people need."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > FILE_BYTES:
            raise forms.ValidationError(_("The file is too large. A table of %(most)s people is small.") % {"most": EMPLOYEES_AT_MOST})
        return file


class WishesForm(Refusable):
    """When the group can come, and what must have a time."""

    first_day = _date_field(gettext_lazy("First day"))
    last_day = _date_field(gettext_lazy("Last day"))
    earliest_time = _time_field(gettext_lazy("Not before"), gettext_lazy("A time like 09:00. Empty means from when the house opens."))
    latest_time = _time_field(gettext_lazy("Done by"), gettext_lazy("Empty means until the house closes."))
    same_day = forms.ChoiceField(
        label=gettext_lazy("Which days?"),
        widget=forms.RadioSelect,
        choices=[("any", gettext_lazy("Any of these days, as early as possible")), ("same", gettext_lazy("Everybody on the same day"))],
        error_messages=dict.fromkeys(["required", "invalid_choice"], gettext_lazy("Choose one from the list.")),
    )
    minutes_apart = _number_field(
        gettext_lazy("Minutes between two employees"),
        gettext_lazy("So that not everybody is away at once. 0 means that they may come at the same time."),
        least=0,
        most=240,
    )
    book_when = forms.ChoiceField(
        label=gettext_lazy("When may we book?"),
        widget=forms.RadioSelect,
        choices=BookWhen.choices,
        error_messages=dict.fromkeys(["required", "invalid_choice"], gettext_lazy("Choose what must have a time.")),
    )
    at_least = _number_field(
        gettext_lazy("How many at least"),
        gettext_lazy("Only if you chose “At least so many”."),
        least=1,
        most=EMPLOYEES_AT_MOST,
        required=False,
    )
    needed = forms.MultipleChoiceField(
        label=gettext_lazy("Those I mark"),
        help_text=gettext_lazy("Only if you chose “At least those I mark”."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, data: Any = None, *, people: Sequence[Employee], initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        self.fields["needed"].choices = [(str(one.pk), one.name) for one in people]  # type: ignore[attr-defined]

    @property
    def wishes(self) -> Wishes:
        """As the action takes them."""
        cleaned = self.cleaned_data
        return Wishes(
            first_day=cleaned["first_day"],
            last_day=cleaned["last_day"],
            earliest_time=cleaned["earliest_time"],
            latest_time=cleaned["latest_time"],
            same_day=cleaned["same_day"] == "same",
            minutes_apart=cleaned["minutes_apart"],
            book_when=cleaned["book_when"],
            at_least=cleaned["at_least"] or (0 if cleaned["book_when"] == BookWhen.AT_LEAST else 1),
            needed=frozenset(int(number) for number in cleaned["needed"]),
        )


def wishes_of(booking: EmployerBooking, people: Sequence[Employee], today: dt.date) -> dict[str, Any]:
    """What stands in the form: what was said before, else from the first of their first days until two weeks after the last of them."""
    tomorrow = today + dt.timedelta(days=1)
    begin = [max(one.arrival or tomorrow, tomorrow) for one in people] or [tomorrow]
    first = booking.first_day if booking.first_day and booking.first_day >= today else min(begin)
    until = min(max(*begin, first) + dt.timedelta(days=13), first + dt.timedelta(days=DAYS_AT_MOST - 1))
    last = booking.last_day if booking.last_day and booking.last_day >= first else until
    return {
        "first_day": first,
        "last_day": last,
        "earliest_time": booking.earliest_time,
        "latest_time": booking.latest_time,
        "same_day": "same" if booking.same_day else "any",
        "minutes_apart": booking.minutes_apart,
        "book_when": booking.book_when,
        "at_least": booking.at_least,
        "needed": [str(one.pk) for one in people if one.needed],
    }


def names_of_countries() -> list[str]:
    """For the list that the country fields offer."""
    return country_names(get_language() or "en")
