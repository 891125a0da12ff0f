"""Numbers for the made-up parties of a day, as they are given at the entrance, so that the hall's display has something to call."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import groupby

from django.db import transaction
from django.db.models import F, Max, Min

from indgang.foundation.identifiers.keys import derived_key, digest
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.places import lock
from indgang.operations.reception.demo.rows import MadeUpJourney
from indgang.operations.reception.models import Journey, Ticket, Visit
from indgang.operations.reception.queries.journeys import day_of


@transaction.atomic
def number_parties(house: House, date: dt.date) -> int:
    """Give each party that has arrived on the day, and has none, its number in the order of arrival; how many were given."""
    begins, ends = day_of(house.zone, date)
    arrived = Visit.objects.filter(journey__house=house, arrived_at__gte=begins, arrived_at__lt=ends)
    arrived.filter(called_at__isnull=False, calls=0).update(calls=1, last_called_at=F("called_at"))
    lock(f"tickets:{house.pk}:{date}")
    journeys = Journey.objects.filter(visits__in=arrived).exclude(tickets__date=date).annotate(came=Min("visits__arrived_at"))
    last = Ticket.objects.filter(house=house, date=date).aggregate(last=Max("number"))["last"] or 0
    rows = [
        Ticket(
            journey=journey,
            house=house,
            date=date,
            number=number,
            key_digest=digest(derived_key("made-up ticket", journey.reference, date)),
            issued_at=journey.came,
        )
        for number, journey in enumerate(journeys.order_by("came", "reference"), start=last + 1)
    ]
    return len(Ticket.objects.bulk_create(rows))


def number_walk_ins(house: House, journeys: Iterable[MadeUpJourney]) -> None:
    """Give those who came without an appointment their numbers, day by day in the order in which they came."""
    walk_ins = sorted((made for made in journeys if made.walk_in), key=lambda made: (made.booked_at, made.reference))
    tickets = []
    for date, group in groupby(walk_ins, key=lambda made: made.placed.date):
        for number, made in enumerate(group, start=1):
            key = digest(derived_key("made-up ticket", made.reference, date))
            tickets.append(Ticket(journey=made.journey, house=house, date=date, number=number, key_digest=key, issued_at=made.booked_at))
    Ticket.objects.bulk_create(tickets, batch_size=2_000)
