"""What is written in an outreach agreement, at its meetings, and in who is who."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Membership, Role, User
from indgang.operations.guidance.actions.duties import Entry
from indgang.operations.guidance.actions.outreach import Agreed
from indgang.operations.guidance.approach_words import field_in_words
from indgang.operations.guidance.forms.approach import date_field, long_text
from indgang.operations.guidance.models import Duty, DutyKind, Meeting, Outreach
from indgang.operations.guidance.queries.division import InForce
from indgang.registers.parties.models import Company, Field
from indgang.registers.parties.permissions import OPENLY

COMPANIES_AT_MOST = 300


def line_of(company: Company) -> str:
    """How a company stands in the form: its CVR number and name; one without a number by its own."""
    return f"{company.cvr} {company.name}" if company.cvr else f"#{company.pk} {company.name}"


class OutreachForm(forms.Form):
    """Where to look this year, whom to visit, what to do together."""

    fields_in_focus = forms.MultipleChoiceField(
        label=_("Fields in focus"), required=False, choices=Field.choices, widget=forms.CheckboxSelectMultiple
    )
    industries = long_text(
        _("Industries in focus"), _("In words, with codes where you know them: “Building (41, 42, 43)”. Codes find the companies.")
    )
    companies = long_text(_("Companies in focus"), _("One on each line, by CVR number. What follows the number is for you."), rows=5)
    collective = long_text(_("Wishes for courses that several companies take together"))
    proactive = long_text(_("What we do on our own initiative, and towards whom"))
    calendar = long_text(
        _("Calendar"), _("General meetings, New Year receptions and other meetings that the contact person could come to."), rows=5
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def first(cls, row: Outreach) -> dict[str, Any]:
        """What it begins with: what the agreement says."""
        return {
            "fields_in_focus": row.fields,
            "industries": row.industries,
            "companies": "\n".join(line_of(one) for one in row.companies.order_by("name", "pk")),
            "collective": row.collective,
            "proactive": row.proactive,
            "calendar": row.calendar,
            "version": row.version,
        }

    def clean_companies(self) -> list[Company]:
        """The companies of these lines. A line without a number we know is said."""
        lines = [line.strip() for line in self.cleaned_data["companies"].splitlines() if line.strip()]
        if len(lines) > COMPANIES_AT_MOST:
            raise forms.ValidationError(gettext("Name at most %(most)s companies.") % {"most": COMPANIES_AT_MOST})
        numbers = [_number(line) for line in lines]
        by_cvr = {one.cvr: one for one in Company.objects.filter(cvr__in=[value for kind, value in numbers if kind == "cvr"])}
        by_id = Company.objects.in_bulk([int(value) for kind, value in numbers if kind == "id"])
        found = {}
        for line, (kind, value) in zip(lines, numbers, strict=True):
            company = by_cvr.get(value) if kind == "cvr" else by_id.get(int(value)) if kind == "id" else None
            if company is None:
                raise forms.ValidationError(
                    gettext("There is no company for the line “%(line)s”. Begin it with a CVR number.") % {"line": line}
                )
            found[company.pk] = company
        return list(found.values())

    def said(self) -> Agreed:
        """What the action takes."""
        facts = self.cleaned_data
        return Agreed(
            fields=facts["fields_in_focus"],
            industries=facts["industries"],
            companies=facts["companies"],
            collective=facts["collective"],
            proactive=facts["proactive"],
            calendar=facts["calendar"],
        )


def _number(line: str) -> tuple[str, str]:
    if own := re.match(r"#(\d{1,15})\b", line):
        return "id", own[1]
    digits = re.match(r"(?:DK)?\s*((?:\d\s*){8})(?!\d)", line)
    return ("cvr", re.sub(r"\D", "", digits[1])) if digits else ("", "")


class MeetingForm(forms.Form):
    """When a meeting is, who takes part, what was agreed."""

    on = date_field(_("Day"), _("Both contact persons are reminded by mail before it."), required=False)
    participants = forms.CharField(label=_("Who takes part?"), required=False, max_length=500)
    notes = long_text(_("What was agreed?"), rows=8)
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def first(cls, meeting: Meeting) -> dict[str, Any]:
        """What it begins with."""
        return {name: getattr(meeting, name) for name in ("on", "participants", "notes", "version")}


class DutyForm(forms.Form):
    """Who is the one to ask, and how to reach them."""

    what = forms.ChoiceField(label=_("What for?"), error_messages={"required": _("Choose an office or a field.")})
    who = forms.ChoiceField(label=_("Who?"), required=False)
    name = forms.CharField(label=_("Name"), required=False, max_length=150, help_text=_("Only of somebody who has no account here."))
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Empty: the account’s own."))
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=30)

    def __init__(self, *args: Any, actor: Actor, division: InForce, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.division, own = actor, division, actor.organisation
        leads = own is not None and actor.has_role(Role.LEADER, organisation_id=own.pk)
        self.fields["what"].choices = self._what()  # type: ignore[attr-defined]
        if leads and own:
            running = Membership.objects.filter(organisation=own, role__in=OPENLY, ended_at=None, user__is_active=True)
            colleagues = User.objects.filter(pk__in=running.values("user")).order_by("name", "email")
            self.fields["who"].choices = [("", gettext("Somebody without an account")), *((str(one.pk), str(one)) for one in colleagues)]  # type: ignore[attr-defined]
        else:
            del self.fields["who"], self.fields["name"]

    def _what(self) -> list[Any]:
        own, division = self.actor.organisation, self.division
        if own != division.hub:
            return [(f"{DutyKind.OFFICE}:{own.pk}", own.title)] if own else []
        offices = [(f"{DutyKind.CONTACT}:{one.pk}", one.title) for one in division.offices.values()]
        fields = [(f"{DutyKind.FIELD}:{one}", field_in_words(str(one))) for one in Field if one in division.rules.specialised]
        return [(gettext("Contact person for"), offices), (gettext("Owner of the field"), fields)]

    def entry(self) -> Entry:
        """What the action takes."""
        facts = self.cleaned_data
        kind, _sep, which = facts["what"].partition(":")
        offices = {str(one.pk): one for one in self.division.offices.values()}
        user = User.objects.filter(pk=int(facts["who"])).first() if facts.get("who") else None
        return Entry(
            kind=kind,
            office=None if kind == DutyKind.FIELD else offices.get(which),
            field=which if kind == DutyKind.FIELD else "",
            user=user if "who" in self.fields else self.actor.user,
            name=facts.get("name", ""),
            email=facts["email"],
            phone=facts["phone"],
        )


class ReachForm(forms.Form):
    """How to reach somebody of who is who."""

    name = forms.CharField(label=_("Name"), max_length=150, error_messages={"required": _("Write the name.")})
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), required=False, max_length=30)

    def __init__(self, *args: Any, duty: Duty, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"name": duty.name, "email": duty.email, "phone": duty.phone}
        if duty.user_id:
            self.fields["name"].required = False
            self.fields["name"].disabled = True
