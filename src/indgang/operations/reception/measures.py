"""The figures that reception offers: citizens served, with the steps that prove them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Max, QuerySet
from django.db.models.functions import TruncDate

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.rules.imported import Served, count_citizens


@dataclass(frozen=True)
class ServedCitizens:
    """How many, altogether and by municipality code ("" = unknown), and the finished steps they are counted from."""

    total: int
    by_municipality: dict[str, int]
    evidence: QuerySet[Visit]


def served_citizens(first_day: dt.date, last_day: dt.date, house: House) -> ServedCitizens:
    """Citizens served in a house from one local day to another, both included.

    A citizen counts once per journey, house and local day, however many steps: the largest `people` of that day's finished steps.
    """
    evidence = finished_steps(first_day, last_day, house)
    rows = (
        evidence.annotate(day=TruncDate("ended_at", tzinfo=house.zone))
        .values("journey_id", "journey__municipality__code", "day")
        .annotate(most=Max("people"))
        .order_by("journey__municipality__code", "journey_id", "day")
    )
    served: dict[str, list[Served]] = {}
    for row in rows.iterator(chunk_size=2_000):
        served.setdefault(row["journey__municipality__code"] or "", []).append(Served(str(row["journey_id"]), row["day"], row["most"]))
    by_municipality = {code: count_citizens(steps) for code, steps in sorted(served.items())}
    return ServedCitizens(sum(by_municipality.values()), by_municipality, evidence)


def finished_steps(first_day: dt.date, last_day: dt.date, house: House) -> QuerySet[Visit]:
    """The evidence: steps that ended in the house within those local days, whatever their outcome; not those that never began.

    For one municipality: `.filter(journey__municipality__code=code)`.
    """
    begins = dt.datetime.combine(first_day, dt.time(), house.zone)
    ends = dt.datetime.combine(last_day + dt.timedelta(days=1), dt.time(), house.zone)
    return Visit.objects.filter(journey__house=house, status=Status.DONE, ended_at__gte=begins, ended_at__lt=ends)
