"""What a house has learned for telling waiting times: how long its services take, and how booked people come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise

from django.core.cache import caches
from django.db.models import Exists, OuterRef, QuerySet

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import Turn, Visit
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.in_line import planned_minutes
from indgang.operations.reception.queries.journeys import day_of
from indgang.operations.reception.rules.waits import Past

LEARNED_SECONDS = 600
LEARNED_FROM = 2_000  # the latest steps that ended in the house
CHANGEOVER_AT_MOST = dt.timedelta(minutes=15)


def past_of(house: House) -> Past:
    """What the house has learned, and what today is like."""
    near, key = caches["near"], f"past:{house.pk}"
    past: Past | None = near.get(key)
    if past is None:
        past = _learned(house)
        near.set(key, past, LEARNED_SECONDS)
    begins, _ends = day_of(house.zone, clock.today(house.zone))
    return past.with_today(_ratios(_ended(house).filter(ended_at__gte=begins)[:LEARNED_FROM]))


def _learned(house: House) -> Past:
    ratios: dict[str, list[float]] = {}
    for service, ratio in _ratios(_ended(house).order_by("-ended_at")[:LEARNED_FROM]):
        ratios.setdefault(service, []).append(ratio)
    return Past(ratios, *_coming(house))


def _ended(house: House) -> QuerySet[Visit]:
    """The steps that were called and ended, the latest first; not those of which nobody recorded when they ended."""
    rows = Visit.objects.filter(journey__house=house, status=Status.DONE, called_at__isnull=False, desk__isnull=False)
    guessed = Turn.objects.filter(visit=OuterRef("pk"), ended_at=OuterRef("ended_at"), end_known=False)
    return rows.exclude(Exists(guessed)).select_related("service", "appointment").order_by("-ended_at")


def _ratios(visits: Sequence[Visit] | QuerySet[Visit]) -> list[tuple[str, float]]:
    """How long steps took over what they were reckoned with, by service: until the next call, if somebody waited for it."""
    by_desk: dict[int, list[Visit]] = {}
    for visit in visits:
        by_desk.setdefault(visit.desk_id or 0, []).append(visit)
    found = []
    for at_desk in by_desk.values():
        turns = sorted(at_desk, key=_called)
        following = [later for _, later in pairwise(turns)]
        for visit, later in zip(turns, [*following, None], strict=True):
            found.append((visit.service.key, max(_took(visit, later), 0.5) / planned_minutes(visit)))
    return found


def _called(visit: Visit) -> dt.datetime:
    assert visit.called_at is not None, "only steps that were called are read"
    return visit.called_at


def _took(visit: Visit, later: Visit | None) -> float:
    called, ended = visit.called_at, visit.ended_at
    if called is None or ended is None:
        return 0.0
    if later and later.called_at and later.arrived_at and later.arrived_at <= ended <= later.called_at <= ended + CHANGEOVER_AT_MOST:
        ended = later.called_at
    return (ended - called).total_seconds() / 60


def _coming(house: House) -> tuple[Sequence[float], float]:
    """How early (-) or late booked parties came lately, in minutes, and the share of them that came at all."""
    booked = Visit.objects.filter(journey__house=house, appointment__isnull=False, position=0)
    ended = booked.filter(status__in=[Status.DONE, Status.NO_SHOW]).order_by("-appointment__period")[:LEARNED_FROM]
    rows = list(ended.values_list("arrived_at", "appointment__period"))
    late = [(arrived - period.lower).total_seconds() / 60 for arrived, period in rows if arrived]
    if not late:
        return Past({}).lateness, Past({}).shows
    return tuple(late), len(late) / len(rows)
