"""The gallery: every component in every state, for those who build pages and for the accessibility tests."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.database.bilingual import in_language
from indgang.foundation.ui import statuses
from indgang.foundation.ui.charts import Bar, Tile
from indgang.foundation.ui.radar import Series
from indgang.foundation.ui.tables import Column, Table

ZONE = ZoneInfo("Europe/Copenhagen")


def _say(english: str, danish: str) -> str:
    return in_language({"en": english, "da": danish})


def _at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 12, 8, hour, minute, tzinfo=ZONE)


class SampleForm(forms.Form):
    """One of each field."""

    name = forms.CharField(max_length=60)
    email = forms.EmailField()
    arrival = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    people = forms.IntegerField(min_value=1, max_value=12, required=False)
    purpose = forms.ChoiceField(widget=forms.RadioSelect)
    language = forms.ChoiceField(required=False)
    steps = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False)
    message = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    consent = forms.BooleanField()

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        labels = {
            "name": _say("Name", "Navn"),
            "email": _say("E-mail", "E-mail"),
            "arrival": _say("First day in Denmark", "Første dag i Danmark"),
            "people": _say("How many are you?", "Hvor mange er I?"),
            "purpose": _say("Why are you coming?", "Hvorfor kommer du?"),
            "language": _say("Language at the desk", "Sprog ved skranken"),
            "steps": _say("What have you done already?", "Hvad har du allerede ordnet?"),
            "message": _say("Anything we should know?", "Er der noget, vi skal vide?"),
            "consent": _say("You may write to me about this visit", "I må skrive til mig om dette besøg"),
        }
        for key, label in labels.items():
            self.fields[key].label = label
        self.fields["name"].help_text = _say("As it stands in your passport.", "Som det står i dit pas.")
        self.fields["email"].help_text = _say("We send the confirmation there.", "Vi sender bekræftelsen dertil.")
        self.fields["consent"].help_text = _say("Only about this visit.", "Kun om dette besøg.")
        purposes = [("work", _say("Work", "Arbejde")), ("study", _say("Study", "Studier")), ("", _say("I do not know", "Jeg ved det ikke"))]
        self.fields["purpose"].choices = purposes  # type: ignore[attr-defined]
        self.fields["language"].choices = [("en", "English"), ("da", "Dansk")]  # type: ignore[attr-defined]
        self.fields["steps"].choices = [  # type: ignore[attr-defined]
            ("cpr", _say("CPR number", "CPR-nummer")),
            ("tax", _say("Tax card", "Skattekort")),
        ]


def _day() -> list[dict[str, Any]]:
    return [
        {
            "title": _say("Registration certificate", "Registreringsbevis"),
            "place": _say("SIRI, desk 2", "SIRI, skranke 2"),
            "starts": _at(9, 30),
            "ends": _at(9, 55),
        },
        {
            "title": _say("Register your address (CPR)", "Registrér din adresse (CPR)"),
            "place": _say("Citizen Service, desk 5", "Borgerservice, skranke 5"),
            "starts": _at(10, 10),
            "ends": _at(10, 40),
            "walk_minutes": 3,
            "status": "late",
        },
        {
            "title": _say("Tax card", "Skattekort"),
            "place": _say("Tax Agency, desk 7", "Skattestyrelsen, skranke 7"),
            "starts": _at(11, 20),
            "ends": _at(11, 40),
            "walk_minutes": 2,
        },
    ]


def _steps() -> list[dict[str, Any]]:
    first, second, third = _day()
    proof = _say("Proof of address", "Dokumentation for adresse")
    passport, contract = _say("Passport", "Pas"), _say("Employment contract", "Ansættelseskontrakt")
    return [
        {**first, "status": "done", "where": first["place"], "starts": None},
        {
            **second,
            "status": "documents-missing",
            "where": second["place"],
            "missing": [proof],
        },
        {**third, "status": "planned", "where": third["place"], "bring": [passport, contract]},
        {
            "title": _say("Exchange your driving licence", "Ombyt dit kørekort"),
            "status": "elsewhere",
            "who": _say("Citizen Service in Hjørring", "Borgerservice i Hjørring"),
            "why": _say("Your municipality does this itself.", "Det gør din kommune selv."),
        },
    ]


def _entries() -> list[dict[str, Any]]:
    return [
        {"at": _at(10, 2), "title": _say("Checked in", "Tjekket ind"), "who": "Karen Holm, IHND", "status": "waiting"},
        {
            "at": _at(9, 58),
            "title": _say("Documents missing", "Dokumenter mangler"),
            "who": "Jens Vang, SIRI",
            "text": _say("The contract is not signed.\nComes back on Thursday.", "Kontrakten er ikke underskrevet.\nKommer igen torsdag."),
        },
    ]


def _table(request: HttpRequest, rows: list[dict[str, Any]]) -> Table:
    return Table(
        columns=[
            Column("service", _say("Service", "Ydelse"), order="service"),
            Column("people", _say("People", "Personer"), order="people", number=True),
            Column("minutes", _say("Waited, minutes", "Ventet, minutter"), order="minutes", number=True),
        ],
        rows=rows,
        caption=_say("Served today", "Betjent i dag"),
        link=lambda row: f"#{row['key']}",
        empty=_say("Nobody has been served yet. The first arrival is at 9.30.", "Ingen er betjent endnu. Den første kommer kl. 9.30."),
        name="served" if rows else "served-empty",
    ).sort_by(request)


@require_safe
@staff_required
def gallery(request: StaffRequest) -> HttpResponse:
    """All of it on one page."""
    rows = [
        {"key": "table", "service": _say("Tax card", "Skattekort"), "people": 41, "minutes": 6},
        {"key": "status", "service": "CPR", "people": 1204, "minutes": 12},
    ]
    wrong = SampleForm({"wrong-email": "nobody", "wrong-people": "40"}, prefix="wrong")
    context = {
        "zone": ZONE,
        "day": _day(),
        "long_day": [*_day(), {"title": _say("Info package", "Infopakke"), "starts": _at(15), "ends": _at(15, 10), "place": "IHND"}],
        "hours": [Bar("9", 2, "2", 12, "12"), Bar("10", 5, "5", 31, "31"), Bar("11", 0, "0", 0, "0")],
        "desks": [Bar(_say("SIRI, desk 2", "SIRI, skranke 2"), 0.6, "60 %"), Bar(_say("Tax, desk 1", "Skat, skranke 1"), 0, "0 %")],
        "tiles": [
            Tile("Hjørring", (1, 0), 48, "48"),
            Tile("Frederikshavn", (2, 0), 0, "0"),
            Tile("Læsø", (3, 0), None, "-"),
            Tile("Jammerbugt", (0, 1), 31, "31"),
            Tile("Vesthimmerland", (1, 1), 120, "120"),
            Tile("Aalborg", (2, 1), 212, "212"),
        ],
        "radar_labels": [_say("Water", "Vand"), _say("Materials", "Materialer"), _say("Energy", "Energi"), _say("Transport", "Transport")],
        "radar_series": [Series(_say("This visit", "Dette besøg"), [2, 4, None, 1]), Series("2024", [1, 2, 2, 0])],
        "steps": _steps(),
        "statuses": statuses.LOOKS,
        "entries": _entries(),
        "table": _table(request, rows),
        "empty_table": _table(request, []),
        "empty_form": SampleForm(prefix="sample"),
        "wrong_form": wrong,
        "starts": _at(9, 30),
        "ends": _at(11, 40),
        "undo_message": SimpleNamespace(
            message=_say("Checked in: Ana Silva, 3 people.", "Tjekket ind: Ana Silva, 3 personer."),
            extra_tags="undo:#",
            level_tag="success",
        ),
    }
    return render(request, "ui/gallery.html", context)
