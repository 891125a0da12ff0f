"""What is asked of a course, of a contact and a next step in it, of its end, and of a delivery."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation, User
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions.courses import stamp_of
from indgang.operations.guidance.actions.steps import LONGEST
from indgang.operations.guidance.errors import InvalidRequest
from indgang.operations.guidance.facts import ContactFacts, CourseFacts, DeliveryFacts
from indgang.operations.guidance.models import Category, Course, Delivery, DeliveryKind, How, LogEntry
from indgang.operations.guidance.queries.consultants import colleagues_to_choose
from indgang.registers.parties.models import Company, Establishment, Field
from indgang.registers.parties.permissions import in_team

Units = dict[str, Establishment]
CHOOSE = ("", gettext_lazy("Choose"))


def day_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day, in the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date", "class": "i-date"}, format="%Y-%m-%d")
    wrong = {"required": gettext_lazy("Choose a day."), "invalid": gettext_lazy("Write the day as 2026-12-08.")}
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget, error_messages=wrong)


def hours_field(help_text: Any = "") -> forms.DecimalField:
    """Hours, which may be left open."""
    widget = forms.TextInput(attrs={"inputmode": "decimal", "class": "i-short"})
    wrong = {"invalid": gettext_lazy("Write the hours as a number, such as 1.5.")}
    return forms.DecimalField(
        label=gettext_lazy("Hours spent"),
        help_text=help_text,
        required=False,
        localize=True,
        max_digits=9,
        decimal_places=2,
        widget=widget,
        error_messages=wrong,
    )


def words_field(label: Any, help_text: Any = "", *, rows: int = 3) -> forms.CharField:
    """Some lines, which may be left empty."""
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=8000, widget=forms.Textarea(attrs={"rows": rows}))


class OnceForm(forms.Form):
    """A form that makes one record, however often it is sent, and can be told what an action refused."""

    form_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_key", secrets.token_urlsafe(24))

    def refuse(self, refusal: InvalidRequest) -> None:
        """Put each message beside its field."""
        for name, message in refusal.fields.items():
            name = {"fields": "fields_chosen"}.get(name, name)  # a form has another thing of that name
            self.add_error(name if name in self.fields else None, message)


class CourseForm(OnceForm):
    """A course of a company: a new one, or one that is corrected."""

    category = forms.ChoiceField(
        label=gettext_lazy("Category"), widget=forms.RadioSelect, error_messages={"required": gettext_lazy("Choose a category.")}
    )
    fields_chosen = forms.MultipleChoiceField(
        label=gettext_lazy("Fields"), required=False, choices=Field.choices, widget=forms.CheckboxSelectMultiple
    )
    purpose = words_field(gettext_lazy("Purpose"), gettext_lazy("What the company wants to get out of it."))
    started = day_field(gettext_lazy("First day"))
    ended = day_field(gettext_lazy("Last day"), gettext_lazy("Empty: it still runs."), required=False)
    hours = hours_field()
    consultant = forms.ChoiceField(label=gettext_lazy("Consultant"), required=False)
    establishment = forms.ChoiceField(label=gettext_lazy("Establishment"), required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)

    def __init__(self, data: Any = None, *, actor: Actor, company: Company, course: Course | None = None, **kwargs: Any) -> None:
        self.company, self.course = company, course
        organisation = course.organisation if course else actor.organisation
        super().__init__(data, initial=_said(course) if course else _first(actor), **kwargs)
        mine = [choice for choice in Category.choices if organisation and permissions.begin(organisation, choice[0])(actor)]
        self.fields["category"].choices = mine  # type: ignore[attr-defined]
        team = Category.EARLY_WARNING in dict(mine)
        self.colleagues = _colleagues(organisation, team)
        as_it_is = course is not None and course.user_id not in self.colleagues
        first = ("", course.consultant or _("Nobody is named")) if course and as_it_is else None
        people = [(str(user.pk), str(user)) for user in self.colleagues.values()]
        self.fields["consultant"].choices = [*([first] if first else []), *people]  # type: ignore[attr-defined]
        self.units = offer_units(self, units_of(company))
        if course is None:  # what is not known on the first day is asked at the end
            del self.fields["ended"], self.fields["hours"], self.fields["seen"]

    def facts(self) -> CourseFacts:
        """The course as the action takes it."""
        said = self.cleaned_data
        consultant = said["consultant"]
        return CourseFacts(
            category=said["category"],
            fields=tuple(said["fields_chosen"]),
            purpose=said["purpose"],
            started=said["started"],
            ended=said.get("ended"),
            hours=said.get("hours"),
            consultant=self.colleagues.get(int(consultant)) if consultant else None,
            establishment=self.units.get(said.get("establishment") or ""),
        )


def _first(actor: Actor) -> dict[str, Any]:
    category = Category.EARLY_WARNING if in_team(actor) and len(actor.roles) == 1 else ""
    return {"started": clock.today(), "consultant": str(actor.user.pk) if actor.user else "", "category": category}


def _said(course: Course) -> dict[str, Any]:
    return {
        "category": course.category,
        "fields_chosen": course.fields,
        "purpose": course.purpose,
        "started": course.started,
        "ended": course.ended,
        "hours": course.hours.normalize() if course.hours else course.hours,
        "consultant": str(course.user_id or ""),
        "establishment": str(course.establishment_id or ""),
        "seen": stamp_of(course),
    }


def _colleagues(organisation: Organisation | None, team: bool) -> dict[int, User]:
    return {user.pk: user for user in colleagues_to_choose(organisation, by_team=team)} if organisation else {}


def units_of(company: Company) -> Units:
    """The company's establishments, by what a form calls them."""
    return {str(unit.pk): unit for unit in company.establishments.select_related("municipality").order_by("p_number")}


def offer_units(form: forms.Form, units: Units) -> Units:
    """Let one be chosen; where there is none, nothing is asked."""
    if units:
        named = [(key, _unit_in_words(unit)) for key, unit in units.items()]
        form.fields["establishment"].choices = [("", _("The company as a whole")), *named]  # type: ignore[attr-defined]
    else:
        del form.fields["establishment"]
    return units


def _unit_in_words(unit: Establishment) -> str:
    place = unit.municipality.title if unit.municipality else ""
    return ", ".join(filter(None, (unit.name, place, unit.p_number)))


class ContactForm(OnceForm):
    """A contact of the log."""

    on = day_field(gettext_lazy("When?"))
    how = forms.ChoiceField(
        label=gettext_lazy("How?"),
        choices=[CHOOSE, *How.choices],
        error_messages={"required": gettext_lazy("Choose how you were in contact.")},
    )
    text = words_field(gettext_lazy("What was said?"))
    hours = hours_field()

    def __init__(self, data: Any = None, *, entry: LogEntry | None = None, **kwargs: Any) -> None:
        names = ("on", "how", "text", "hours")
        first = {name: getattr(entry, name) for name in names} if entry else {"on": clock.today()}
        super().__init__(data, initial=first, **kwargs)

    def facts(self) -> ContactFacts:
        """The contact as the action takes it."""
        said = self.cleaned_data
        return ContactFacts(on=said["on"], how=said["how"], text=said["text"], hours=said["hours"])


class StepForm(OnceForm):
    """What is to be done next."""

    text = forms.CharField(
        label=gettext_lazy("What is to be done?"),
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Write what is to be done.")},
    )
    due = day_field(gettext_lazy("Until when?"), required=False)
    by_company = forms.BooleanField(label=gettext_lazy("The company does it"), required=False)


class EndForm(OnceForm):
    """How a course ended."""

    ended = day_field(gettext_lazy("Last day"))
    result = words_field(gettext_lazy("Result"), gettext_lazy("What came of it: what the company has now that it did not have before."))
    hours = hours_field(gettext_lazy("All hours of the course."))


class DeliveryForm(OnceForm):
    """Information or service that was given."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What was given?"),
        choices=DeliveryKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose what was given.")},
    )
    topic = forms.CharField(label=gettext_lazy("About what?"), required=False, max_length=200)
    date = day_field(gettext_lazy("When?"))
    establishment = forms.ChoiceField(label=gettext_lazy("Establishment"), required=False)

    def __init__(
        self, data: Any = None, *, company: Company, delivery: Delivery | None = None, units: Units | None = None, **kwargs: Any
    ) -> None:
        names = ("kind", "topic", "date")
        first: dict[str, Any] = {name: getattr(delivery, name) for name in names} if delivery else {"date": clock.today()}
        first["establishment"] = str(delivery.establishment_id or "") if delivery else ""
        super().__init__(data, initial=first, **kwargs)
        self.units = offer_units(self, units_of(company) if units is None else units)

    def facts(self) -> DeliveryFacts:
        """The delivery as the action takes it."""
        said = self.cleaned_data
        unit = self.units.get(said.get("establishment") or "")
        return DeliveryFacts(kind=said["kind"], date=said["date"], topic=said["topic"], establishment=unit)
