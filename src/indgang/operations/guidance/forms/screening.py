"""What is asked about a screening visit: by whom it is wanted, when it is, what was agreed and what it leads to."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from indgang.foundation.identity.models import Organisation, User
from indgang.foundation.places.models import Municipality, Region
from indgang.operations.guidance.errors import InvalidRequest
from indgang.operations.guidance.forms.courses import offer_units, units_of
from indgang.operations.guidance.models import ParticipantKind, Screening, ScreeningState
from indgang.operations.guidance.queries.consultants import consultants_of
from indgang.operations.guidance.queries.screenings import environment_of, hub_of
from indgang.operations.guidance.rules.playbooks import Book
from indgang.operations.guidance.screening_facts import WISH_LENGTH, VisitFacts, VisitRequest
from indgang.registers.parties.models import Company, Field

DATE_ERRORS = {"invalid": _("Write the date like 2026-12-08 or 8.12.2026."), "required": _("Write a date.")}
TIME_ERRORS = {"invalid": _("Write the time like 09:30.")}
HUB_KINDS = ("business-hub", "business-office", "municipality", "environment-department", "region", "cooperation")


class Refusable(forms.Form):
    """A form that can be told what an action refused."""

    def refuse(self, refusal: InvalidRequest) -> None:
        """Put each message beside its field."""
        for name, message in refusal.fields.items():
            self.add_error(name if name in self.fields else None, message)


class RequestForm(Refusable):
    """A company asks for a visit."""

    company_name = forms.CharField(
        label=_("Company"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"required": _("Write the name of the company.")},
    )
    cvr = forms.CharField(
        label=_("CVR number"),
        help_text=_("Eight digits. You may leave it empty."),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Municipality.objects.none(),
        to_field_name="code",
        empty_label=_("Choose"),
        error_messages={"required": _("Choose the municipality that the company is in.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    phone = forms.CharField(
        label=_("Phone"),
        help_text=_("So that the business office can call you to find a day."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("We send a link there. Your request counts when you have opened it."),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        error_messages={"required": _("Write an e-mail address like name@example.com. We send the confirmation there.")},
    )
    wish = forms.CharField(
        label=_("What would you most like to look at?"),
        help_text=_("A bill that is too high, waste that could be used, a customer who asks for figures. You may leave it empty."),
        max_length=WISH_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    consent = forms.BooleanField(
        label=_("Yes, keep these details for this visit"),
        error_messages={"required": _("Tick that we may keep your details for this visit. We cannot arrange it without.")},
    )

    def __init__(self, region: Region, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Municipality.objects.filter(region=region).order_by("title_da")

    def asked(self) -> VisitRequest:
        """What was written."""
        said = {key: value for key, value in self.cleaned_data.items() if key != "consent"}
        return VisitRequest(**said, language=(get_language() or "da")[:2])


class VisitForm(Refusable):
    """When and where a visit is, and who takes part."""

    date = forms.DateField(
        label=_("Day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "i-date"}), error_messages=DATE_ERRORS
    )
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time", "class": "i-date"}),
        input_formats=["%H:%M", "%H.%M", "%H"],
        error_messages=TIME_ERRORS,
    )
    establishment = forms.ChoiceField(label=_("Which establishment?"), required=False)
    place = forms.CharField(label=_("Place"), help_text=_("Empty is the company's address."), max_length=200, required=False)
    consultant = forms.ModelChoiceField(label=_("Consultant"), queryset=User.objects.none(), required=False, empty_label=_("Me"))
    with_environment = forms.BooleanField(label=_("The environment department takes part"), required=False)
    environment = forms.CharField(label=_("Who from the environment department?"), max_length=150, required=False)
    with_hub = forms.BooleanField(label=_("The business hub takes part"), required=False)
    hub = forms.CharField(label=_("Who from the business hub?"), max_length=150, required=False)
    contact_name = forms.CharField(label=_("Contact at the company"), max_length=150, required=False)
    contact_phone = forms.CharField(label=_("Their phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    contact_email = forms.CharField(
        label=_("Their e-mail"), help_text=_("We write there when the visit is."), max_length=254, required=False, widget=forms.EmailInput()
    )

    def __init__(self, organisation: Organisation, company: Company, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = offer_units(self, units_of(company))
        field = self.fields["consultant"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = consultants_of(organisation)
        if environment_of(organisation) is None:
            del self.fields["with_environment"], self.fields["environment"]
        if hub_of(organisation.region) is None:
            del self.fields["with_hub"], self.fields["hub"]

    @staticmethod
    def initial_of(screening: Screening) -> dict[str, Any]:
        """What a visit says by now."""
        part = {one.kind: one.name for one in screening.participants.all()}
        environment, hub = part.get(ParticipantKind.ENVIRONMENT), part.get(ParticipantKind.HUB)
        names = ("date", "time", "place", "consultant", "contact_name", "contact_phone", "contact_email")
        return {
            **{name: getattr(screening, name) for name in names},
            "establishment": str(screening.establishment_id or ""),
            "with_environment": environment is not None,
            "environment": environment or "",
            "with_hub": hub is not None,
            "hub": hub or "",
        }

    def facts(self) -> VisitFacts:
        """What was written."""
        said = dict(self.cleaned_data)
        environment = said.pop("environment", "") if said.pop("with_environment", False) else None
        hub = said.pop("hub", "") if said.pop("with_hub", False) else None
        said.pop("environment", None)
        said.pop("hub", None)
        establishment = self.units.get(said.pop("establishment", ""))
        return VisitFacts(**said, establishment=establishment, environment=environment, hub=hub)


class ListForm(forms.Form):
    """Which visits are listed."""

    state = forms.ChoiceField(
        label=_("State"), choices=[("", _("Asked for or planned")), ("all", _("All")), *ScreeningState.choices], required=False
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"), queryset=Municipality.objects.none(), to_field_name="code", required=False, empty_label=_("All")
    )
    year = forms.IntegerField(
        label=_("Year"),
        required=False,
        min_value=1990,
        max_value=2200,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "i-short"}),
    )
    q = forms.CharField(label=_("Company"), max_length=100, required=False)

    def __init__(self, region: Region | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["municipality"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Municipality.objects.filter(region=region).order_by("title_da")


class SummaryForm(forms.Form):
    """What the company is told, in the consultant's words."""

    summary = forms.CharField(
        label=_("To the company, in your own words"),
        help_text=_("What you saw, what you agreed on, and what comes first. It stands on the first page of the result."),
        max_length=10_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput())


def _how() -> forms.CharField:
    return forms.CharField(
        label=_("Who at the company agreed, and where?"),
        help_text=_("Such as: Mette Holm, owner, at the visit."),
        max_length=200,
        required=False,
    )


class ShareForm(Refusable):
    """Which organisations the company lets see the result."""

    organisations = forms.ModelMultipleChoiceField(
        label=_("The company lets these see the result"),
        queryset=Organisation.objects.none(),
        to_field_name="key",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    how = _how()

    def __init__(self, screening: Screening, *args: Any, agreed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["organisations"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = others_of(screening)
        if agreed:
            del self.fields["how"]


class LeadForm(Refusable):
    """What the company can be helped with, and by whom."""

    text = forms.CharField(
        label=_("What can the company be helped with?"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=4_000
    )
    field = forms.ChoiceField(label=_("Field"), choices=Field.choices, initial=Field.GREEN_CIRCULAR)
    topic = forms.ChoiceField(label=_("Topic"), required=False)
    to_organisation = forms.ModelChoiceField(
        label=_("To"), queryset=Organisation.objects.none(), to_field_name="key", required=False, empty_label=_("A named adviser")
    )
    to_adviser = forms.CharField(label=_("Name of the adviser"), max_length=200, required=False)
    how = _how()

    def __init__(self, screening: Screening, *args: Any, book: Book, agreed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = (get_language() or "en")[:2]
        topic, to = self.fields["topic"], self.fields["to_organisation"]
        assert isinstance(topic, forms.ChoiceField)
        topic.choices = [("", _("No topic in particular")), *((one.key, one.title[language]) for one in book.topics)]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = others_of(screening)
        hub = hub_of(screening.organisation.region)
        to.initial = hub.key if hub else None
        if agreed:
            del self.fields["how"]


def others_of(screening: Screening) -> Any:
    """The organisations that serve companies beside the one that holds the visit: the hub first, then its neighbours."""
    here = Organisation.objects.filter(region=screening.organisation.region, kind__in=HUB_KINDS).exclude(pk=screening.organisation_id)
    near = here.filter(municipality=None) | here.filter(municipality=screening.organisation.municipality)
    return near.order_by("municipality", "pk").distinct()


def year_of(day: dt.date) -> tuple[dt.date, dt.date]:
    """The first and the last day of a day's year."""
    return day.replace(month=1, day=1), day.replace(month=12, day=31)
