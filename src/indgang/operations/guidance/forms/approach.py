"""What is written about who approaches whom: contacts that are planned, and decisions about grey zones."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.operations.guidance.actions.approach import Decision
from indgang.operations.guidance.models import Size
from indgang.operations.guidance.rules.approach import industry_codes
from indgang.registers.parties.models import Company, Field


def date_field(label: Any, help_text: Any = "", *, required: bool = True) -> forms.DateField:
    """A day, in the browser's own calendar."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    wrong = {"required": _("Choose a day."), "invalid": _("Write the day as 2026-12-08.")}
    return forms.DateField(label=label, help_text=help_text, required=required, widget=widget, error_messages=wrong)


def long_text(label: Any, help_text: Any = "", *, rows: int = 3) -> forms.CharField:
    """Some lines, which may be left empty."""
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}))


class AnnounceForm(forms.Form):
    """When somebody is going to contact a company, and about what."""

    on = date_field(_("When?"))
    field = forms.ChoiceField(label=_("What about?"), required=False, choices=[("", _("General guidance")), *Field.choices])


class GreyZoneForm(forms.Form):
    """What was decided, once and for all that are like it."""

    question = forms.CharField(
        label=_("What was the question?"),
        max_length=300,
        help_text=_("So that others know it again: “Who calls a company that is moving to another municipality?”"),
        error_messages={"required": _("Write the question.")},
    )
    decision = forms.CharField(label=_("What was decided?"), max_length=500, error_messages={"required": _("Write what was decided.")})
    reason = long_text(_("Why?"), _("What somebody has to know who asks the same next year."))
    decided_on = date_field(_("When was it decided?"))
    parties = forms.ModelMultipleChoiceField(
        label=_("Between whom?"),
        queryset=Organisation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose who decided it.")},
    )
    cvr = forms.CharField(
        label=_("One company: its CVR number"), required=False, max_length=20, help_text=_("Empty where it is about a kind of companies.")
    )
    field = forms.ChoiceField(label=_("Field"), required=False, choices=[("", _("Any field")), *Field.choices])
    size = forms.ChoiceField(label=_("Size"), required=False, choices=[("", _("Any size")), *Size.choices])
    industries = forms.CharField(
        label=_("Industries"), required=False, max_length=200, help_text=_("Codes, such as 41 or 62.01. Empty: any industry.")
    )
    form_key = forms.CharField(widget=forms.HiddenInput, max_length=40)

    def __init__(self, *args: Any, parties: Sequence[Organisation], company: Company | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.company = company
        choice: forms.ModelMultipleChoiceField = self.fields["parties"]  # type: ignore[assignment]
        choice.queryset = Organisation.objects.filter(pk__in=[one.pk for one in parties])
        choice.choices = [(one.pk, one.title) for one in parties]
        self.initial.setdefault("form_key", secrets.token_urlsafe(24))
        self.initial.setdefault("decided_on", clock.today())
        if company:
            del self.fields["cvr"]

    def clean_cvr(self) -> str:
        """The company of that number."""
        digits = "".join(sign for sign in self.cleaned_data["cvr"] if sign.isdigit())
        if self.cleaned_data["cvr"].strip():
            self.company = Company.objects.filter(cvr=digits).first() if digits else None
            if self.company is None:
                raise forms.ValidationError(gettext("There is no company with that CVR number here. Check the eight digits."))
        return digits

    def clean_industries(self) -> list[str]:
        """The codes in it."""
        codes = list(industry_codes(self.cleaned_data["industries"]))
        if self.cleaned_data["industries"].strip() and not codes:
            raise forms.ValidationError(gettext("Write codes of two, four or six digits, such as 41 or 62.01."))
        return codes

    def decided(self) -> Decision:
        """The decision as the action takes it."""
        facts = self.cleaned_data
        return Decision(
            question=facts["question"],
            decision=facts["decision"],
            decided_on=facts["decided_on"],
            reason=facts["reason"],
            parties=list(facts["parties"]),
            field=facts["field"],
            size=facts["size"],
            industries=facts["industries"],
            company=self.company,
        )
