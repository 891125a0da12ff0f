"""The questions of "Plan my arrival", one form each. A form's `parameters` are its answer as it travels in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from indgang.foundation.database import clock
from indgang.foundation.identifiers.countries import country_name
from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.places.models import House
from indgang.foundation.ui.words import day_in_words
from indgang.operations.reception.forms.countries import UNKNOWN, CountryField, country_names
from indgang.operations.reception.forms.resources import interpreter_choices
from indgang.operations.reception.languages import own_name
from indgang.operations.reception.models.journey import Purpose
from indgang.operations.reception.queries.resources import spoken_languages
from indgang.operations.reception.resource_words import need_in_words
from indgang.operations.reception.wishes import DAYS_AHEAD_AT_MOST, PEOPLE_AT_MOST

Text = str | Promise

LONG_STAY, MIDDLE_STAY, SHORT_STAY = "24", "6", "2"


class Question(forms.Form):
    """One question: what it asks, why, and the words of the button for those who do not know (none where everybody knows)."""

    key = ""
    number = 0
    title: Text = ""
    why: Text = ""
    unknown: Text = ""

    def __init__(self, data: Mapping[str, Any] | None = None, *, house: House, so_far: Mapping[str, str]) -> None:
        self.house, self.so_far = house, so_far
        super().__init__(data, initial=self.default_answers())
        self.prepare()

    @classmethod
    def names(cls, so_far: Mapping[str, str]) -> tuple[str, ...]:
        """The parameters that hold the answer."""
        return tuple(cls.base_fields)

    def default_answers(self) -> dict[str, Any]:
        """What stands in the fields before anybody has answered."""
        return {}

    def prepare(self) -> None:
        """Fill in what depends on the house and the answers so far."""

    @property
    def parameters(self) -> dict[str, str]:
        """The checked answer, as it travels."""
        return {name: str(value) for name, value in self.cleaned_data.items()}

    @property
    def country_names(self) -> list[str]:
        """What the list of countries offers, where the question has one."""
        has_one = any(isinstance(field, CountryField) for field in self.fields.values())
        return country_names(get_language() or "en") if has_one else []

    def said(self) -> str:
        """The answer in words, for the summary."""
        (name,) = self.fields
        return str(dict(self.fields[name].choices)[self.cleaned_data[name]])  # type: ignore[attr-defined]


class CitizenshipQuestion(Question):
    """Of the person who plans."""

    key, number = "citizenship", 1
    title = gettext_lazy("Which country are you a citizen of?")
    why = gettext_lazy("Your citizenship decides which papers you need to live and work in Denmark.")
    unknown = gettext_lazy("I do not know, or I have none")

    citizenship = CountryField(
        label=gettext_lazy("Country on your passport"),
        help_text=gettext_lazy(
            "Begin to write and choose from the list. With more than one citizenship, choose one from the EU or the Nordic countries."
        ),
        error_messages={"required": gettext_lazy("Write a country, or choose “I do not know”.")},
    )

    def said(self) -> str:
        """The country's name."""
        code = self.cleaned_data["citizenship"]
        return str(_("I do not know")) if code == UNKNOWN else country_name(code, get_language() or "en")


class PurposeQuestion(Question):
    """Why they come."""

    key, number = "purpose", 2
    title = gettext_lazy("Why are you coming?")
    why = gettext_lazy("The reason decides what you must show: a contract, an enrolment or a family tie.")

    purpose = forms.ChoiceField(
        label=gettext_lazy("Choose the main reason"),
        widget=forms.RadioSelect,
        choices=[*Purpose.choices, (UNKNOWN, gettext_lazy("I do not know yet"))],
        error_messages=dict.fromkeys(["required", "invalid_choice"], gettext_lazy("Choose a reason, or “I do not know yet”.")),
    )


class StayQuestion(Question):
    """How long they stay."""

    key, number = "stay", 3
    title = gettext_lazy("How long will you stay?")
    why = gettext_lazy("People who stay less than three months have less to arrange.")

    stay = forms.ChoiceField(
        label=gettext_lazy("Choose what fits best"),
        widget=forms.RadioSelect,
        choices=[
            (SHORT_STAY, gettext_lazy("Less than 3 months")),
            (MIDDLE_STAY, gettext_lazy("3 to 12 months")),
            (LONG_STAY, gettext_lazy("More than a year")),
            (UNKNOWN, gettext_lazy("I do not know yet")),
        ],
        error_messages=dict.fromkeys(["required", "invalid_choice"], gettext_lazy("Choose how long, or “I do not know yet”.")),
    )


class MunicipalityQuestion(Question):
    """Where they will live."""

    key, number = "municipality", 4
    title = gettext_lazy("Where will you live?")
    why = gettext_lazy("Some municipalities register your address themselves, others do it in our house.")

    municipality = forms.ChoiceField(
        label=gettext_lazy("Municipality"),
        help_text=gettext_lazy(
            "The municipality is often named after its largest town. Ask your landlord or employer if you are not sure."
        ),
        error_messages={
            "required": gettext_lazy("Choose a municipality, or “I do not know yet”."),
            "invalid_choice": gettext_lazy("We do not know municipality “%(value)s”. Choose one from the list, or “I do not know yet”."),
        },
    )

    def prepare(self) -> None:
        """The region's municipalities."""
        rows = self.house.region.municipalities.all()
        named = sorted(((row.code, row.title) for row in rows), key=lambda row: alphabetical(row[1], get_language() or "en"))
        choices = [("", _("Choose a municipality")), (UNKNOWN, _("I do not know yet")), *named]
        self.fields["municipality"].choices = choices  # type: ignore[attr-defined]


class FamilyQuestion(Question):
    """Who comes along."""

    key, number = "family", 5
    title = gettext_lazy("Who comes to the house together?")
    why = gettext_lazy("We give a family time enough at each desk, and each person the right steps.")

    adults = forms.IntegerField(label=gettext_lazy("Adults, you included"), min_value=1)
    children = forms.IntegerField(label=gettext_lazy("Children under 18"), min_value=0)
    differ = forms.BooleanField(
        label=gettext_lazy("Somebody is a citizen of another country than me, or comes to work or study"),
        help_text=gettext_lazy("Then we ask about each person on the next page."),
        required=False,
    )

    def default_answers(self) -> dict[str, Any]:
        """Most come alone."""
        return {"adults": 1, "children": 0}

    def prepare(self) -> None:
        """Numbers are typed with the telephone's number keys, and have no arrows that change them by mistake."""
        for name in ("adults", "children"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "numeric", "size": 2, "maxlength": 3, "class": "i-short"})
            self.fields[name].error_messages = {
                "required": _("Write a number. 0 is fine.")
                if name == "children"
                else _("Write how many adults come. You are one of them."),
                "invalid": _("Write a number with digits, like 2."),
                "min_value": _("Write 0 or more.") if name == "children" else _("At least one adult must come."),
            }

    def clean(self) -> dict[str, Any]:
        """At most so many in one booking."""
        cleaned = super().clean() or {}
        if (cleaned.get("adults") or 0) + (cleaned.get("children") or 0) > PEOPLE_AT_MOST:
            self.add_error("adults", _too_many(self.house))
        return cleaned

    @property
    def parameters(self) -> dict[str, str]:
        """Somebody who comes alone differs from nobody."""
        adults, children = self.cleaned_data["adults"], self.cleaned_data["children"]
        differ = {"differ": "on"} if self.cleaned_data["differ"] and adults + children > 1 else {}
        return {"adults": str(adults), "children": str(children), **differ}

    def said(self) -> str:
        """How many."""
        return _("Adults: %(adults)s, children: %(children)s") % self.cleaned_data


def _too_many(house: House) -> str:
    words = {"most": PEOPLE_AT_MOST, "phone": house.phone, "email": house.email}
    if house.phone:
        return _("We can plan for at most %(most)s people at once. Call us on %(phone)s, and we will plan the visit with you.") % words
    return _("We can plan for at most %(most)s people at once. Write to us at %(email)s, and we will plan the visit with you.") % words


def head_count(so_far: Mapping[str, str]) -> tuple[int, int]:
    """How many adults and children were answered; one adult where that cannot be read."""

    def number(name: str, least: int) -> int:
        text = so_far.get(name, "")
        return min(max(int(text), least), PEOPLE_AT_MOST) if text.isascii() and text.isdigit() and len(text) < 4 else least

    return number("adults", 1), number("children", 0)


class PeopleQuestion(Question):
    """Each of those who come along, where they differ."""

    key, number = "people", 5
    title = gettext_lazy("Tell us about the others")
    why = gettext_lazy("Each person needs their own steps, by citizenship and reason.")

    @classmethod
    def names(cls, so_far: Mapping[str, str]) -> tuple[str, ...]:
        """Two for each further adult, one for each child."""
        adults, children = head_count(so_far)
        further = [name for number in range(2, adults + 1) for name in (f"adult{number}", f"adult{number}_purpose")]
        return (*further, *(f"child{number}" for number in range(1, children + 1)))

    def prepare(self) -> None:
        """A field for each of them."""
        adults, children = head_count(self.so_far)
        for number in range(2, adults + 1):
            self.fields[f"adult{number}"] = self._country(_("Adult %(number)s: citizen of") % {"number": number})
            self.fields[f"adult{number}_purpose"] = forms.ChoiceField(
                label=_("Adult %(number)s: reason to come") % {"number": number},
                choices=[("", _("Comes as my family")), *(choice for choice in Purpose.choices if choice[0] != Purpose.FAMILY)],
                required=False,
                error_messages={"invalid_choice": _("Choose a reason from the list.")},
            )
        for number in range(1, children + 1):
            self.fields[f"child{number}"] = self._country(_("Child %(number)s: citizen of") % {"number": number})

    def _country(self, label: str) -> CountryField:
        own = self.so_far.get("citizenship", UNKNOWN)
        known = own and own != UNKNOWN
        name = country_name(own, get_language() or "en") if known else ""
        hint = (
            _("Leave empty if it is %(country)s, like you.") % {"country": name} if known else _("Leave empty if it is the same as yours.")
        )
        return CountryField(label=label, help_text=hint, required=False)

    def said(self) -> str:
        """The citizenships of those who differ."""
        return ", ".join(self._words(name) for name in self.fields if not name.endswith("_purpose"))

    def _words(self, name: str) -> str:
        code = self.cleaned_data[name] or self.so_far.get("citizenship", UNKNOWN)
        country = _("I do not know") if code == UNKNOWN else country_name(code, get_language() or "en")
        purpose = self.cleaned_data.get(f"{name}_purpose")
        return f"{country} ({Purpose(purpose).label})" if purpose else country


class ArrivalQuestion(Question):
    """When they come, the language they speak at the desk, and whether they need an interpreter, where the house has any."""

    key, number = "arrival", 6
    title = gettext_lazy("When can you come?")
    why = gettext_lazy("We look for times from that day on, at desks where they speak your language.")

    date = forms.DateField(
        label=gettext_lazy("The first day you can come"),
        help_text=gettext_lazy("Leave it empty if you are in Denmark already, or do not know yet."),
        required=False,
        error_messages={"invalid": gettext_lazy("Write the date like 2026-12-08 or 8.12.2026.")},
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language at the desk"),
        help_text=gettext_lazy("Where nobody speaks it we use English or Danish."),
        error_messages=dict.fromkeys(["required", "invalid_choice"], gettext_lazy("Choose a language from the list.")),
    )
    interpreter = forms.ChoiceField(
        label=gettext_lazy("Do you need an interpreter?"),
        help_text=gettext_lazy("The interpreter sits beside you at every desk where nobody speaks your language."),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose a language from the list, or that you need none.")},
    )

    def default_answers(self) -> dict[str, Any]:
        """The language of the page."""
        return {"language": (get_language() or "en")[:2]}

    def prepare(self) -> None:
        """The languages of the house's desks."""
        self.fields["date"].widget = forms.DateInput(
            format="%Y-%m-%d", attrs={"type": "date", "class": "i-date", "min": clock.today(self.house.zone).isoformat()}
        )
        spoken, with_interpreter = spoken_languages(self.house)
        self.fields["language"].choices = desk_languages(spoken)  # type: ignore[attr-defined]
        interpreted = interpreter_choices(with_interpreter)
        if interpreted:
            self.fields["interpreter"].choices = interpreted  # type: ignore[attr-defined]
        else:
            del self.fields["interpreter"]

    def clean_date(self) -> dt.date | None:
        """Today or later, and within a year."""
        date: dt.date | None = self.cleaned_data["date"]
        if date:
            check_date(self.house, date)
        return date

    @property
    def parameters(self) -> dict[str, str]:
        """An empty date stays empty: not known."""
        date, spoken = self.cleaned_data["date"], self.cleaned_data.get("interpreter", "")
        chosen = {"interpreter": spoken} if "interpreter" in self.fields else {}
        return {"date": date.isoformat() if date else "", "language": self.cleaned_data["language"], **chosen}

    def said(self) -> str:
        """Both, in words."""
        date, language = self.cleaned_data["date"], dict(self.fields["language"].choices)[self.cleaned_data["language"]]  # type: ignore[attr-defined]
        when = day_in_words(date) if date else ""
        said = _("From %(date)s, in %(language)s") if when else _("As soon as possible, in %(language)s")
        words = [said % {"date": when, "language": language}]
        if self.cleaned_data.get("interpreter"):
            words.append(need_in_words(self.cleaned_data["interpreter"]))
        return ". ".join(words)


def check_date(house: House, date: dt.date) -> None:
    """Raise ValidationError unless the house can be asked about that day."""
    today = clock.today(house.zone)
    if date < today:
        raise ValidationError(_("This date has passed. Choose today or a later day."))
    if date > today + dt.timedelta(days=DAYS_AHEAD_AT_MOST):
        raise ValidationError(_("This is more than a year ahead. Choose an earlier day."))


def desk_languages(spoken: Collection[str]) -> list[tuple[str, str]]:
    """The languages spoken at the desks, by name, English and Danish first."""
    others = sorted((own_name(code), code) for code in {*spoken} - {"en", "da"})
    return [("en", own_name("en")), ("da", own_name("da")), *((code, name) for name, code in others)]


QUESTIONS: Sequence[type[Question]] = (
    CitizenshipQuestion,
    PurposeQuestion,
    StayQuestion,
    MunicipalityQuestion,
    FamilyQuestion,
    PeopleQuestion,
    ArrivalQuestion,
)
HOW_MANY = ArrivalQuestion.number
