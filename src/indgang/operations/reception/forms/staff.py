"""Forms of the house's staff: further steps for a party, a new party at the counter, how a step ended, a note."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from indgang.foundation.database import clock
from indgang.foundation.identifiers.countries import countries
from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.places.models import House, Municipality
from indgang.operations.reception.contacts import Contact, Guest
from indgang.operations.reception.forms.spoken import SpokenForm
from indgang.operations.reception.models import Service, Visit
from indgang.operations.reception.models.journey import Outcome, Purpose
from indgang.operations.reception.queries.plans import PlanRequest
from indgang.operations.reception.queries.resources import spoken_languages
from indgang.operations.reception.rules.journeys import Traveller
from indgang.operations.reception.wishes import PEOPLE_AT_MOST, checked_wish

UNKNOWN = "unknown"
STAYS = [("12", _("Three months or more")), ("2", _("Less than three months")), (UNKNOWN, _("Not known"))]


class StepsForm(forms.Form):
    """Which steps, and for whom of the party."""

    services = forms.MultipleChoiceField(
        label=_("Which step?"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one step.")},
    )
    people = forms.TypedMultipleChoiceField(
        label=_("For whom?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one person.")},
    )

    def __init__(self, *args: Any, services: Iterable[Service], people: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = sorted(services, key=lambda service: alphabetical(service.title, get_language() or "en"))
        self.fields["services"].choices = [(s.key, f"{s.title}, {s.authority.title}") for s in offered]  # type: ignore[attr-defined]
        self.fields["people"].choices = list(enumerate(people))  # type: ignore[attr-defined]
        if len(people) == 1:
            self.fields["people"].widget = forms.MultipleHiddenInput()


class PartyForm(SpokenForm):
    """A party that stands at the counter without a booking: as little as the plan needs."""

    name = forms.CharField(
        label=_("Name"), max_length=150, error_messages={"required": _("Write the name, so that the desk can call the party.")}
    )
    citizenship = forms.ChoiceField(label=_("Citizenship"), error_messages={"required": _("Choose the citizenship.")})
    purpose = forms.ChoiceField(
        label=_("Why do they come?"),
        choices=[*Purpose.choices, (UNKNOWN, _("Not known"))],
        initial="work",
    )
    stay = forms.ChoiceField(label=_("How long do they stay?"), choices=STAYS, initial="12")
    adults = forms.IntegerField(label=_("Grown-ups"), min_value=1, max_value=PEOPLE_AT_MOST, initial=1)
    children = forms.IntegerField(label=_("Children"), min_value=0, max_value=PEOPLE_AT_MOST - 1, initial=0)
    municipality = forms.ChoiceField(label=_("Municipality"), initial=UNKNOWN)
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("With it they get a confirmation and can change the visit themselves."),
        error_messages={"invalid": _("Write an e-mail address like name@example.com, or leave it empty.")},
    )

    def __init__(self, *args: Any, house: House, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.house = house
        language = get_language() or "en"
        municipalities = sorted(Municipality.objects.filter(region_id=house.region_id), key=lambda row: alphabetical(row.title, language))
        self.fields["citizenship"].choices = [("", "-"), *countries(language)]  # type: ignore[attr-defined]
        self.offer_languages(*spoken_languages(house))
        self.fields["language"].initial = "en"
        self.order_fields(["name", "citizenship", "purpose", "stay", "adults", "children", "municipality"])
        unknown = (UNKNOWN, _("Not known yet"))
        self.fields["municipality"].choices = [unknown, *((row.code, row.title) for row in municipalities)]  # type: ignore[attr-defined]

    def travellers(self) -> tuple[Traveller, ...]:
        """The party as the planner reads it: everybody with the contact's citizenship."""
        facts = self.cleaned_data
        adults, children = facts["adults"], facts["children"]
        purpose = self._known("purpose")
        people = [False] * adults + [True] * children
        return tuple(Traveller(facts["citizenship"], child, purpose if number == 0 else "") for number, child in enumerate(people))

    def wish(self, *, days: int) -> PlanRequest:
        """What to plan: from today, for so many days. Raises InvalidRequest."""
        today = clock.today(self.house.zone)
        return checked_wish(
            house=self.house,
            travellers=self.travellers(),
            earliest=today,
            latest=today + dt.timedelta(days=days),
            municipality=self._known("municipality"),
            stay_months=int(self._known("stay")) if self._known("stay") else None,
            language=self.cleaned_data["language"],
            interpreter=self.cleaned_data.get("interpreter", ""),
        )

    def _known(self, name: str) -> str:
        """The answer, "" where nobody knows."""
        answer = str(self.cleaned_data[name])
        return "" if answer == UNKNOWN else answer

    def contact(self) -> Contact:
        """Whom to call, and to write to."""
        return Contact(self.cleaned_data["name"], self.cleaned_data["email"], "", self.cleaned_data["language"])

    def guests(self) -> tuple[Guest, ...]:
        """Who comes; only the contact has a name yet."""
        name = self.cleaned_data["name"]
        return tuple(
            Guest(name if number == 0 else "", traveller.citizenship, traveller.child) for number, traveller in enumerate(self.travellers())
        )


class FinishForm(forms.Form):
    """How a step ended; one form with a button for each outcome, so that one note goes with whichever is pressed.

    Which documents were missing: from the step's own list, and in words. What was filled in for another outcome is not thrown away: the
    form comes back and says so.
    """

    outcome = forms.ChoiceField(choices=Outcome.choices)
    missing = forms.MultipleChoiceField(label=_("Which documents are missing?"), required=False, widget=forms.CheckboxSelectMultiple)
    other = forms.CharField(
        label=_("Something else"),
        required=False,
        max_length=600,
        help_text=_("One document, or several with a comma between. The party reads it as you write it."),
    )
    reason = forms.CharField(
        label=_("Why is it refused?"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only your authority and the floorwalker can read it."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For colleagues in your authority and the floorwalker."),
    )

    def __init__(self, *args: Any, bring: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.show(bring)

    def show(self, bring: Sequence[tuple[str, str]]) -> None:
        """Offer these documents to tick: their keys, and what the clerk reads here. The party reads them in its own language."""
        self.bring = bring
        self.fields["missing"].choices = list(bring)  # type: ignore[attr-defined]
        self.fields["other"].label = _("Something else") if bring else _("Which documents are missing?")
        self.fields["missing" if bring else "other"].always_needed = True  # type: ignore[attr-defined]
        self.fields["reason"].always_needed = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Nobody ends a step as done who has just ticked what is missing."""
        filled = super().clean() or self.cleaned_data
        outcome = filled.get("outcome")
        if outcome and outcome != Outcome.DOCUMENTS_MISSING and (filled.get("missing") or filled.get("other")):
            text = _("You have named missing documents. Press “Finish: documents missing”, or take them away first.")
            self.add_error("missing" if filled.get("missing") else "other", text)
        if outcome and outcome != Outcome.REFUSED and filled.get("reason"):
            self.add_error("reason", _("You have written why it is refused. Press “Finish: refused”, or take the text away first."))
        return filled

    @property
    def names_documents(self) -> bool:
        """Whether that part of the form was used."""
        return self._was_used(Outcome.DOCUMENTS_MISSING, "missing", "other")

    @property
    def refuses(self) -> bool:
        """Whether that part of the form was used."""
        return self._was_used(Outcome.REFUSED, "reason")

    def _was_used(self, outcome: str, *names: str) -> bool:
        return self.is_bound and (self["outcome"].value() == outcome or any(self[name].value() for name in names))

    def documents(self) -> list[str]:
        """Everything that is missing."""
        others = [text.strip() for text in self.cleaned_data["other"].replace(";", ",").split(",")]
        return [*self.cleaned_data["missing"], *filter(None, others)]


class NoteForm(forms.Form):
    """A note about one of the party's steps."""

    visit = forms.TypedChoiceField(label=_("About which step?"), coerce=int)
    text = forms.CharField(
        label=_("Note"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only your own authority and the floorwalkers of the house can read it."),
        error_messages={"required": _("Write the note first.")},
    )

    def __init__(self, *args: Any, visits: Sequence[Visit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["visit"].choices = [(visit.pk, visit.service.title) for visit in visits]  # type: ignore[attr-defined]
        if len(visits) == 1:
            self.fields["visit"].widget = forms.HiddenInput()
            self.fields["visit"].initial = visits[0].pk
