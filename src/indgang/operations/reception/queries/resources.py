"""Interpreters and rooms of a house: which there are, and their days."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet, Value

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Appointment, Desk, Resource
from indgang.operations.reception.models.resources import Kind
from indgang.operations.reception.queries.journeys import day_of


def interpreters_of(house: House) -> QuerySet[Resource]:
    """Those whose time is not over."""
    here = Q(active_until=None) | Q(active_until__gte=clock.today(house.zone))
    return Resource.objects.filter(here, house=house, kind=Kind.INTERPRETER)


def interpreted_languages(house: House) -> list[str]:
    """The languages for which the house has an interpreter, by code."""
    return sorted({code for languages in interpreters_of(house).values_list("languages", flat=True) for code in languages})


def spoken_languages(house: House) -> tuple[set[str], set[str]]:
    """The languages of the desks, and those for which there is an interpreter: in one query."""
    desks = Desk.objects.filter(house=house).values_list("languages", Value("desk"))
    found: dict[str, set[str]] = {"desk": set(), "interpreter": set()}
    for languages, who in desks.union(interpreters_of(house).values_list("languages", Value("interpreter")), all=True):
        found[who].update(languages)
    return found["desk"], found["interpreter"]


def day_of_resource(one: Resource, date: dt.date) -> list[Appointment]:
    """Who has it on that local day, in the order of time."""
    begins, ends = day_of(one.house.zone, date)
    taken = Appointment.objects.filter(Q(interpreter=one) | Q(room=one), freed_at=None, visit__isnull=False)
    rows = taken.filter(period__startswith__gte=begins, period__startswith__lt=ends).order_by("period", "id")
    related = "desk__organisation", "interpreter", "room", "visit__service__authority", "visit__journey__contact", "visit__journey__house"
    return list(rows.select_related(*related).prefetch_related("visit__journey__tickets"))
