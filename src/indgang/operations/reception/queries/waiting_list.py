"""The waiting list: its order, what fits whom, and who may see it."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import replace

from django.db.models import Exists, OuterRef, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.models import RuleSet, WaitingEntry, WaitingOffer
from indgang.operations.reception.models.waiting import Answer
from indgang.operations.reception.queries.itineraries import PlannedItinerary
from indgang.operations.reception.queries.plans import PlanRequest, plan_journey, request_of
from indgang.operations.reception.rules.waiting_list import NOTICE_MINUTES, UNANSWERED_AT_MOST, Sieve, Span, was_refused

APART_MINUTES, LOOKED_AT_MOST = 30, 20
ORDER = ("confirmed_at", "created_at", "pk")


def waiting_visible_to(actor: Actor) -> QuerySet[WaitingEntry]:
    """Who waits for a time, by the house's order: for the floorwalkers of its host. Unconfirmed entries and ended ones are nobody's."""
    waiting = WaitingEntry.objects.filter(ended_at=None, confirmed_at__isnull=False, house__in=actor.houses_as(Role.FLOORWALKER, host=True))
    return waiting.order_by(*ORDER)


def line_of(house: House) -> QuerySet[WaitingEntry]:
    """Who may be offered a place of the house now, the first first."""
    offered = WaitingOffer.objects.filter(entry=OuterRef("pk"), answer=Answer.OPEN)
    return WaitingEntry.objects.filter(
        ~Exists(offered),
        house=house,
        ended_at=None,
        confirmed_at__isnull=False,
        unanswered__lt=UNANSWERED_AT_MOST,
        latest__gte=clock.today(house.zone),
    ).order_by(*ORDER)


def is_resting(entry: WaitingEntry) -> bool:
    """Whether they left so many offers unanswered that they are offered nothing until they say that they still wait."""
    return entry.ended_at is None and entry.unanswered >= UNANSWERED_AT_MOST


def request_for(entry: WaitingEntry, house: House) -> PlanRequest:
    """What the entry asks for, from today on."""
    return replace(
        request_of(entry.wish, house),
        earliest=max(entry.earliest, clock.today(house.zone)),
        latest=entry.latest,
        limit=1,
        notice_minutes=NOTICE_MINUTES,
    )


class Fitting:
    """One look through the list of a house: what fits whom now."""

    def __init__(self, house: House) -> None:
        self.house = house
        self._sieve = Sieve()
        self._rules_from = sorted(RuleSet.objects.filter(region_id=house.region_id).values_list("valid_from", flat=True))

    def itinerary_for(self, entry: WaitingEntry) -> PlannedItinerary | None:
        """The earliest itinerary for the entry's whole journey that it has not let go before."""
        request = request_for(entry, self.house)
        shape = self._shape(request)
        if self._sieve.holds_back(shape, request.earliest, request.latest):
            return None
        let_go = entry.offers.filter(answer__in=[Answer.DECLINED, Answer.UNANSWERED])
        refused = [Span(*span) for span in let_go.values_list("starts", "ends")]
        if not refused:
            found = plan_journey(request).itineraries
            if not found:
                self._sieve.note(shape, request.earliest, request.latest)
            return found[0] if found else None
        limit = min(2 * len(refused) + 1, LOOKED_AT_MOST)
        found = plan_journey(replace(request, limit=limit, apart_minutes=APART_MINUTES)).itineraries
        return next((way for way in found if not _any_refused(way, refused)), None)

    def _shape(self, request: PlanRequest) -> Hashable:
        rules = bisect_right(self._rules_from, request.earliest)
        return (
            request.travellers,
            request.municipality,
            request.stay_months,
            request.language,
            request.interpreter,
            request.services,
            rules,
        )


def _any_refused(way: PlannedItinerary, refused: Sequence[Span]) -> bool:
    return any(was_refused(stop.starts, stop.ends, refused) for stop in way.stops)


def open_offers_of(house: House, *, overdue_at: dt.datetime | None = None) -> QuerySet[WaitingOffer]:
    """Offers that stand; with `overdue_at` those whose time was up by then."""
    offers = WaitingOffer.objects.filter(entry__house=house, answer=Answer.OPEN)
    return offers if overdue_at is None else offers.filter(until__lte=overdue_at)


def waiting_in(house: House, actor: Actor) -> QuerySet[WaitingEntry]:
    """Who waits in the house, as far as the actor may see it, with what they were offered."""
    return waiting_visible_to(actor).filter(house=house).prefetch_related("offers")
