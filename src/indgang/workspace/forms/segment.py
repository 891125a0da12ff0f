"""Which companies somebody looks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from indgang.foundation.places.models import Municipality, Region
from indgang.registers.parties.models import Field
from indgang.registers.parties.rules.segments import Criteria
from indgang.registers.parties.rules.sizes import size_classes

SERVED = (
    ("", _("It does not matter")),
    ("never", _("Never served")),
    ("last-year", _("Served in the last year")),
    ("not-last-year", _("Not served in the last year")),
)
BY = (("anybody", _("By anybody")), ("us", _("By my organisation")))
YES_NO = (("", _("It does not matter")), ("yes", _("Yes")), ("no", _("No")))


class SegmentForm(forms.Form):
    """What the companies have in common; whatever is left empty says nothing."""

    municipalities = forms.MultipleChoiceField(label=_("Municipalities"), required=False, widget=forms.CheckboxSelectMultiple)
    sizes = forms.MultipleChoiceField(
        label=_("Employees"), required=False, widget=forms.CheckboxSelectMultiple, choices=[(size, size) for size in size_classes()]
    )
    industry = forms.RegexField(
        label=_("Industry"),
        required=False,
        regex=r"^[\d.\s]{1,9}$",
        help_text=_("The first digits of the industry code, such as 62 or 62.01."),
        error_messages={"invalid": _("Write digits, such as 62 or 62.01.")},
    )
    served = forms.ChoiceField(label=_("Served"), required=False, choices=SERVED)
    by = forms.ChoiceField(label=_("By whom"), required=False, choices=BY)
    field = forms.ChoiceField(label=_("Guided in"), required=False, choices=[("", _("It does not matter")), *Field.choices])
    foreign = forms.ChoiceField(label=_("Employees from abroad"), required=False, choices=YES_NO)
    protected = forms.ChoiceField(label=_("Protected against advertising"), required=False, choices=YES_NO)

    def __init__(self, region: Region, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        municipalities = self.fields["municipalities"]
        assert isinstance(municipalities, forms.MultipleChoiceField)
        for field in self.fields.values():
            field.always_needed = True  # type: ignore[attr-defined]  # of a filter it goes without saying that all of it is optional
        municipalities.choices = [(row.code, row.title) for row in Municipality.objects.filter(region=region).order_by("key")]

    def clean_industry(self) -> str:
        """The digits alone."""
        return "".join(sign for sign in self.cleaned_data["industry"] if sign.isdigit())[:6]

    def criteria(self) -> Criteria:
        """What was asked for; every company where something cannot be read."""
        if not self.is_valid():
            return Criteria()
        said = self.cleaned_data
        return Criteria(
            municipalities=tuple(said["municipalities"]),
            sizes=tuple(said["sizes"]),
            industry=said["industry"],
            served=said["served"],
            by=said["by"] or "anybody",
            field=said["field"],
            foreign=said["foreign"],
            protected=said["protected"],
        )
