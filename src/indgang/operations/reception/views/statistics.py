"""The statistics of a house: the page and the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from indgang.foundation.access.actors import Actor
from indgang.foundation.access.decorators import StaffRequest, staff_required
from indgang.foundation.documents.reports import FILES, FORMS
from indgang.foundation.documents.sections import Line, Picture, Section, in_minutes, in_words
from indgang.foundation.measures.counting import Share, Spread
from indgang.foundation.measures.declared import Scope
from indgang.foundation.places.models import House
from indgang.foundation.ui.tables import Column, Table
from indgang.foundation.ui.words import number_in_words, share_in_words
from indgang.operations.reception import permissions
from indgang.operations.reception.forms.statistics import PERIODS, scope_of
from indgang.operations.reception.statistics_answers import answers_of
from indgang.operations.reception.statistics_files import report_of
from indgang.operations.reception.statistics_sections import Statistics, statistics_of
from indgang.operations.reception.views.statistics_after import after_visits


@dataclass(frozen=True)
class Shown:
    """A section on the page: its pictures and its table."""

    section: Section
    pictures: tuple[Picture, ...]
    table: Table


@dataclass(frozen=True)
class Card:
    """One figure of the whole house, large, with the rows it opens to. `key`: of its measure; "" of a number that opens to nothing."""

    key: str
    label: str
    value: str
    unit: str
    note: str
    link: str


def houses_of_figures(actor: Actor) -> QuerySet[House]:
    """The houses whose figures an actor may see."""
    return House.objects.filter(id__in=actor.houses_as(*permissions.FOLLOWING)).select_related("region", "after_visit").order_by("id")


def house_of_figures(actor: Actor, key: str) -> House:
    """One of them."""
    house = houses_of_figures(actor).filter(key=key).first()
    if house is None:
        raise Http404
    return house


@require_safe
@staff_required
def choose(request: StaffRequest) -> HttpResponse:
    """Straight to the figures of the person's house; a choice where there are several."""
    houses = list(houses_of_figures(request.actor))
    if len(houses) == 1:
        return redirect("reception:statistics-page", house=houses[0].key)
    return render(request, "reception/staff/statistics_houses.html", {"houses": houses})


@require_safe
@staff_required
def page(request: StaffRequest, house: str) -> HttpResponse:
    """A house in a period."""
    place = house_of_figures(request.actor, house)
    scope, form = scope_of(place, request.GET.dict())
    statistics = statistics_of(scope)
    days = {"first": scope.first.isoformat(), "last": scope.last.isoformat()}
    chosen = "" if form.is_bound else request.GET.get("period", "month")
    context = {
        "house": place,
        "scope": scope,
        "form": form,
        "periods": [(key, word, key == chosen) for key, word in PERIODS.items()],
        "cards": cards_of(statistics),
        "shown": [shown(section, scope) for section in statistics.sections],
        "days": urlencode(days),
        "after": after_visits(request.actor, scope),
    }
    return render(request, "reception/staff/statistics.html", context)


def cards_of(statistics: Statistics) -> list[Card]:
    """The figures of the whole house."""
    figures = statistics.figures
    if not (figures.total.steps or figures.not_come.whole or figures.not_known or figures.not_served):
        return []
    once, parties, minutes = (
        _("each person once a day, however many steps"),
        _("of the booked parties of whom it is known"),
        _("of the minutes that desks were open"),
    )
    cards = [
        ("citizens-served", _("Citizens served"), number_in_words(figures.citizens_served), "", once),
        ("visits-per-service", _("Steps finished"), number_in_words(figures.total.steps), "", ""),
        ("waiting", _("Waiting time"), *_length(figures.total.waiting)),
        ("walking", _("Time on the way to the desk"), *_length(figures.total.walking)),
        ("service-time", _("Time at the desk"), *_length(figures.total.service)),
        ("door-to-door", _("From door to door"), *_length(figures.door_to_door)),
        ("no-shows", _("Did not come"), share_in_words(figures.not_come.value), "", _of(figures.not_come, parties)),
        ("not-known", _("Not known whether they came"), number_in_words(figures.not_known), "", _("booked parties that nobody noted")),
        ("not-served", _("Not served"), number_in_words(figures.not_served), "", _("steps for which people waited until the house closed")),
        ("occupancy", _("Occupancy of desks"), share_in_words(statistics.occupancy.value), "", _of(statistics.occupancy, minutes)),
    ]
    return [Card(*facts, address_of_rows(statistics.scope, measure=facts[0])) for facts in cards]


def address_of_rows(scope: Scope, **which: str) -> str:
    """Where the rows behind a figure of those days are shown."""
    days = {"first": scope.first.isoformat(), "last": scope.last.isoformat()}
    return f"{reverse('reception:statistics-rows', args=[scope.house.key])}?{urlencode({**which, **days})}"


def _length(spread: Spread) -> tuple[str, str, str]:
    """Value, unit and note."""
    facts = {"most": in_minutes(spread.p90), "count": number_in_words(spread.count)}
    note = _("half at most; nine in ten at most %(most)s. Known of %(count)s.") % facts if spread.count else ""
    return in_minutes(spread.median), _("minutes") if spread.count else "", note


def _of(share: Share, of: str) -> str:
    facts = {"part": number_in_words(share.part), "whole": number_in_words(share.whole), "of": of}
    return _("%(part)s of %(whole)s; %(of)s") % facts


def shown(section: Section, scope: Scope) -> Shown:
    """The table of a section; each line opens to its rows."""

    def address(line: Line) -> str:
        return address_of_rows(scope, part=section.key, key=line.key)

    def cell(number: int) -> Callable[[Line], str]:
        return lambda line: in_words(line.values[number])

    columns = [Column("name", section.heading, lambda line: line.name)]
    columns += [Column(f"column{number}", title, cell(number), number=True) for number, title in enumerate(section.columns)]
    table = Table(columns=columns, rows=section.lines, caption=section.title, link=address, name=f"table-{section.key}")
    return Shown(section, section.pictures, table)


@require_safe
@staff_required
def download(request: StaffRequest, house: str, form: str) -> HttpResponse:
    """The same as a file."""
    place = house_of_figures(request.actor, house)
    if form not in FORMS:
        raise Http404
    scope, _form = scope_of(place, request.GET.dict())
    name = f"{place.key}-{scope.first}-{scope.last}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(FILES[form](report_of(statistics_of(scope), answers_of(scope))), content_type=FORMS[form], headers=headers)
