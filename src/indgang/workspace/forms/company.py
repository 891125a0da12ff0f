"""Forms of the company page: a note, a contact, a consent, the facts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.places.models import Municipality
from indgang.registers.parties.actions.contacts import ContactFacts
from indgang.registers.parties.actions.notes import LENGTH
from indgang.registers.parties.facts import FACTS, as_told
from indgang.registers.parties.models import Company, ConsentKind, Contact, Sharing
from indgang.registers.parties.permissions import sharings_for

EMAIL = {"invalid": _("Write an e-mail address like name@example.com, or leave it empty.")}
YES_NO = [("", _("Not known")), ("yes", _("Yes")), ("no", _("No"))]


def _day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label, help_text=help_text, required=required, widget=widget, error_messages={"invalid": _("Choose a day.")}
    )


class SharedForm(forms.Form):
    """Something that an organisation keeps, and whom it shares it with."""

    sharing = forms.ChoiceField(label=_("Who may see it?"))

    def offer_sharing(self, actor: Actor, initial: str = "") -> None:
        """Only what the actor may choose; with one choice there is no question."""
        offered = sharings_for(actor)
        self.fields["sharing"].choices = [(one.value, one.label) for one in offered]  # type: ignore[attr-defined]
        self.fields["sharing"].initial = initial if initial in offered else offered[0] if offered else ""
        if len(offered) == 1:
            self.fields["sharing"].widget = forms.HiddenInput()


class NoteForm(SharedForm):
    """A note about a company."""

    text = forms.CharField(
        label=_("Note"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=LENGTH,
        error_messages={"required": _("Write the note first.")},
    )
    on = _day(_("Day"), required=True)
    field_order = ("text", "on", "sharing")

    def __init__(self, *args: Any, actor: Actor, sharing: str = Sharing.ORGANISATION, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_sharing(actor, sharing)
        self.fields["on"].widget.attrs["max"] = clock.today().isoformat()
        if not self.initial.get("on"):
            self.fields["on"].initial = clock.today()


class ContactForm(SharedForm):
    """Somebody at a company."""

    name = forms.CharField(label=_("Name"), max_length=150, error_messages={"required": _("Write the name.")})
    role = forms.CharField(label=_("Role"), max_length=100, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, error_messages=EMAIL)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    started = _day(_("Since"))
    field_order = ("name", "role", "email", "phone", "started", "sharing")

    def __init__(
        self, *args: Any, actor: Actor, contact: Contact | None = None, sharing: str = Sharing.ORGANISATION, **kwargs: Any
    ) -> None:
        if contact:
            named = ("name", "role", "email", "phone", "started")
            kwargs["initial"] = {name: getattr(contact, name) for name in named}
        super().__init__(*args, **kwargs)
        self.offer_sharing(actor, contact.sharing if contact else sharing)

    def facts(self) -> ContactFacts:
        """As the action takes them."""
        return ContactFacts(**self.cleaned_data)


class ConsentForm(forms.Form):
    """What a company agreed to."""

    kind = forms.ChoiceField(label=_("To what?"), choices=ConsentKind.choices)
    how = forms.CharField(
        label=_("Who said so, and where?"),
        max_length=200,
        help_text=_("Such as: by telephone on 3 March. A consent must be shown when somebody asks."),
        error_messages={"required": _("Write who said so, and where: a consent must be shown.")},
    )
    contact = forms.TypedChoiceField(label=_("Whom does it hold for?"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, contacts: Sequence[Contact], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(contact.pk, contact.name) for contact in contacts if contact.sharing != Sharing.TEAM]
        self.fields["contact"].choices = [("", _("The company")), *people]  # type: ignore[attr-defined]
        if not people:
            self.fields["contact"].widget = forms.HiddenInput()


class FactsForm(forms.Form):
    """The facts of a company that all share."""

    name = forms.CharField(label=_("Name"), max_length=200, error_messages={"required": _("Write the company's name.")})
    cvr = forms.CharField(
        label=_("CVR number"), max_length=20, required=False, help_text=_("Eight digits. None yet: leave it empty, until there is one.")
    )
    municipality = forms.ChoiceField(label=_("Municipality"), required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=10, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False, error_messages=EMAIL)
    phone = forms.CharField(label=_("Telephone"), max_length=30, required=False)
    employees = forms.IntegerField(label=_("Employees"), min_value=0, max_value=1_000_000, required=False)
    founded = _day(_("Founded"))
    industry_code = forms.CharField(label=_("Industry code"), max_length=10, required=False, help_text=_("Six digits, such as 620100."))
    industry_version = forms.ChoiceField(label=_("Version"), required=False, choices=[("", "-"), ("DB07", "DB07"), ("DB25", "DB25")])
    foreign_employees = forms.ChoiceField(label=_("Employees from abroad?"), required=False, choices=YES_NO)
    advertising_protected = forms.ChoiceField(label=_("Protected against advertising?"), required=False, choices=YES_NO)

    def __init__(self, *args: Any, company: Company | None = None, **kwargs: Any) -> None:
        if company:
            kwargs["initial"] = {name: as_told(company, name) for name in FACTS}
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        municipalities = sorted(Municipality.objects.all(), key=lambda row: alphabetical(row.title, language))
        self.fields["municipality"].choices = [("", "-"), *((row.code, row.title) for row in municipalities)]  # type: ignore[attr-defined]
        if company and company.cvr:
            self.fields["cvr"].disabled = True

    def facts(self) -> dict[str, Any]:
        """As the actions take them."""
        return {name: value for name, value in self.cleaned_data.items() if not self.fields[name].disabled}
