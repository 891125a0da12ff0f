"""A day in numbers, for those who lead or follow the work: counts only, nobody by name."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Avg, Count, F, Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.board import journeys_on


@dataclass(frozen=True)
class DayNumbers:
    """A house's day. `waited` is the average from check-in to call of each party's first step, in minutes; None when nobody was called."""

    house: House
    parties: int
    arrived: int
    finished_steps: int
    no_shows: int
    waited: float | None


def houses_followed_by(actor: Actor) -> QuerySet[House]:
    """The houses whose numbers an actor may see: leaders and readers of an organisation that works there."""
    return House.objects.filter(id__in=actor.houses_as(Role.LEADER, Role.READER)).select_related("region").order_by("id")


def numbers_of_today(house: House) -> DayNumbers:
    """Two queries, whatever the day holds. Whose houses: `houses_followed_by`."""
    today = journeys_on(house, clock.today(house.zone))
    visits = Visit.objects.filter(journey__in=today)
    parties = visits.aggregate(
        parties=Count("journey", distinct=True),
        arrived=Count("journey", distinct=True, filter=Q(arrived_at__isnull=False)),
        finished=Count("id", filter=Q(status=Status.DONE)),
        no_shows=Count("journey", distinct=True, filter=Q(status=Status.NO_SHOW)),
    )
    first = visits.filter(called_at__isnull=False, arrived_at__isnull=False).order_by("journey", "called_at").distinct("journey")
    waits = Visit.objects.filter(pk__in=first.values("pk")).aggregate(wait=Avg(F("called_at") - F("arrived_at")))
    return DayNumbers(
        house,
        parties["parties"],
        parties["arrived"],
        parties["finished"],
        parties["no_shows"],
        waits["wait"].total_seconds() / 60 if waits["wait"] is not None else None,
    )
