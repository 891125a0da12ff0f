"""On the floor: checking in, no-shows, the information package, and same-day steps for a person standing there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.ui.words import day_in_words, time_in_words
from indgang.operations.reception import emails, links, permissions
from indgang.operations.reception.actions.as_before import FIELDS, as_it_is, last_entry, place_of, set_as_it_was, stand_again
from indgang.operations.reception.actions.came import leave_unnoted
from indgang.operations.reception.actions.changes import EXPECTED, locked, party_of, refuse_other_interpreter
from indgang.operations.reception.actions.desk import locked_visit
from indgang.operations.reception.actions.entries import times_of, write_entry, write_journey_entry
from indgang.operations.reception.actions.freed import note_freed
from indgang.operations.reception.actions.open_places import refuse_closed, still_open
from indgang.operations.reception.actions.places import Place, PlacesTaken, share_opening, take_places
from indgang.operations.reception.actions.telling import tell_of_step_cancelled, tell_of_time_again
from indgang.operations.reception.actions.tickets import number_party
from indgang.operations.reception.actions.turns import miss_turns, take_turns_back
from indgang.operations.reception.desk_words import ended_unserved
from indgang.operations.reception.errors import NotNow, OfferRefused, PlacesGone
from indgang.operations.reception.models import Appointment, Journey, Service, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, IN_THE_HOUSE, Status
from indgang.operations.reception.offers import Offer, read_offer
from indgang.operations.reception.queries.closing_time import came_on_an_earlier_day
from indgang.operations.reception.queries.journeys import day_of
from indgang.operations.reception.queries.line import line_rules
from indgang.operations.reception.queries.plans import fresh_alternatives
from indgang.operations.reception.queries.undoing import has_left_since, missed_before, waited_in_vain, why_check_in_stands
from indgang.operations.reception.wording import letter_language

OPEN = [Status.PLANNED, Status.WAITING]


def _today(journey: Journey, status: str) -> list[Visit]:
    """The journey's steps of that status that are booked today."""
    begins, ends = day_of(journey.house.zone, clock.today(journey.house.zone))
    visits = journey.visits.filter(status=status, appointment__period__startswith__gte=begins, appointment__period__startswith__lt=ends)
    return list(visits.select_related("service__authority", "appointment__desk"))


@transaction.atomic
def check_in_journey(*, actor: Actor, journey: Journey) -> Journey:
    """The party has arrived: all its steps of today may be called. Checking in twice changes nothing.

    A party that was noted as not coming gets the places back that nobody else has; for its other steps it stands in line from now on.
    Raises NotNow when the journey has no step today, or is cancelled.
    """
    share_opening(journey.house.key)
    journey = locked(journey)
    require(permissions.work_in_house(journey.house), actor)
    planned = _today(journey, Status.PLANNED)
    here = journey.visits.filter(status__in=IN_THE_HOUSE).exists()
    if not planned and here:
        return journey
    coming = planned or _today(journey, Status.NO_SHOW)
    if not coming:
        raise NotNow(_nothing_today(journey))
    late = [visit for visit in coming if visit.status == Status.NO_SHOW]
    for visit in late:
        place_taken_again(visit)
    take_turns_back(late, Status.NO_SHOW)
    stand_again(journey)
    now = clock.now()
    Visit.objects.filter(id__in=[visit.id for visit in coming]).update(status=Status.WAITING, arrived_at=now)
    number_party(journey=journey)
    missed = {"late": [visit.service.key for visit in late]} if late else {}
    write_journey_entry(actor, "journey.checked-in", journey, at=now, after={"services": [visit.service.key for visit in coming], **missed})
    return journey


def _nothing_today(journey: Journey) -> str:
    if journey.cancelled_at:
        return _("This visit was cancelled. Book new times for the party.")
    upcoming = Appointment.objects.filter(visit__journey=journey, freed_at=None).order_by("period").first()
    if upcoming is None or upcoming.visit is None or upcoming.visit.status != Status.PLANNED:
        return _("All steps of this visit have ended.")
    date = day_in_words(upcoming.starts, journey.house.zone)
    return _("This visit is booked for %(date)s, not for today.") % {"date": date}


@transaction.atomic
def undo_check_in(*, actor: Actor, journey: Journey) -> Journey:
    """The party was not there after all: its booked steps are expected again, those that it had been noted as missing are missed again.

    So it is with those that ended as not served, until the next day on which the house is open; of a day that is over nobody knows then
    whether they came. Raises NotNow, saying why, once somebody in the house has seen to the party, and for one that took a ticket.
    """
    journey = locked(journey)
    require(permissions.work_in_house(journey.house), actor)
    in_vain = waited_in_vain(journey)
    booked = journey.visits.filter(Q(status=Status.WAITING) | Q(pk__in=[visit.pk for visit in in_vain]), appointment__isnull=False)
    waiting = list(booked.select_related("service", "appointment__desk", "journey__house"))
    why = why_check_in_stands(journey)
    if why:
        raise NotNow(why)
    if not waiting and (_today(journey, Status.PLANNED) or _today(journey, Status.NO_SHOW)):
        return journey
    if not waiting:
        raise NotNow(_nothing_today(journey))
    missed = missed_before(journey, waiting)
    for visit in waiting:
        visit.status = Status.NO_SHOW if visit in missed else Status.PLANNED
        visit.arrived_at = visit.parked_at = visit.last_called_at = None
        visit.calls, visit.outcome = 0, ""
        visit.save(update_fields=["status", "arrived_at", "parked_at", "last_called_at", "calls", "outcome"])
    take_turns_back(in_vain)
    Appointment.objects.filter(visit__in=missed, freed_at=None).update(freed_at=clock.now())
    write_journey_entry(actor, "journey.check-in-undone", journey, after={"services": [visit.service.key for visit in waiting]})
    if missed:
        miss_turns(missed)
        day: dict[str, Any] = {"booked": missed[0].appointment.starts} if in_vain else {}
        write_journey_entry(actor, "journey.no-show", journey, after={"services": [visit.service.key for visit in missed], **day})
        note_freed(journey.house)
    if in_vain:
        leave_unnoted(journey)
    return journey


@transaction.atomic
def mark_no_show(*, actor: Actor, journey: Journey) -> Journey:
    """The party did not come: its steps of today are no-shows and their places free. Doing it twice changes nothing.

    Raises NotNow when the party is in the house, the minutes of grace after its first time are not over, or it has no step today.
    """
    journey = locked(journey)
    require(permissions.work_in_house(journey.house), actor)
    if journey.visits.filter(status__in=IN_THE_HOUSE).exists():
        raise NotNow(_("This party is in the house."))
    planned, now = _today(journey, Status.PLANNED), clock.now()
    if not planned:
        if _today(journey, Status.NO_SHOW):
            return journey
        raise NotNow(_nothing_today(journey))
    first = min(visit.appointment.starts for visit in planned)
    late = first + dt.timedelta(minutes=line_rules(journey.house).grace)
    if now < late:
        facts = {"time": time_in_words(first, journey.house.zone), "late": time_in_words(late, journey.house.zone)}
        raise NotNow(
            _("Their first time is %(time)s. You can note that they did not come once the grace is over, from %(late)s on.") % facts
        )
    Visit.objects.filter(id__in=[visit.id for visit in planned]).update(status=Status.NO_SHOW)
    Appointment.objects.filter(visit__in=planned).update(freed_at=now)
    miss_turns(planned)
    write_journey_entry(actor, "journey.no-show", journey, at=now, after={"services": [visit.service.key for visit in planned]})
    note_freed(journey.house)
    return journey


@transaction.atomic
def undo_no_show(*, actor: Actor, journey: Journey) -> Journey:
    """They came after all: the steps are expected again whose place nobody else has taken and whose desk is still open then.

    Raises NotNow when there is none.
    """
    share_opening(journey.house.key)
    journey = locked(journey)
    require(permissions.work_in_house(journey.house), actor)
    if journey.visits.filter(status__in=IN_THE_HOUSE).exists():
        raise NotNow(_("This party is in the house."))
    if not _today(journey, Status.NO_SHOW):
        if _today(journey, Status.PLANNED):
            return journey
        raise NotNow(_nothing_today(journey))
    entry = last_entry(journey, "journey.no-show")
    last = [visit for visit in _today(journey, Status.NO_SHOW) if entry is None or visit.service.key in entry.after["services"]]
    back = [visit for visit in last if place_taken_again(visit)]
    if not back:
        raise NotNow(_("Their places have been taken, or their desks are closed then. Book new times for the party."))
    take_turns_back(back, Status.NO_SHOW)
    stand_again(journey)
    write_journey_entry(actor, "journey.no-show-undone", journey, after={"services": [visit.service.key for visit in back]})
    return journey


def place_can_come_back(visit: Visit) -> bool:
    """Whether a step that has just lost its place may have it again: it has passed, or is open then."""
    place = place_of(visit)
    return place is not None and (place.ends <= clock.now() or still_open(place, visit))


def place_taken_again(visit: Visit) -> bool:
    """Give a step its freed place back and expect the party again; False when somebody else has the place by now, or it is closed then.

    Whoever calls it has taken `share_opening` first of all, so that the hours stay as they are read here.
    """
    old = visit.appointment
    if old.ends > clock.now() and not still_open(old, visit):
        return False
    try:
        with transaction.atomic():
            place, party = Place(old.desk_id, old.starts, old.ends, visit.id, old.interpreter_id, old.room_id), old.party
            old.delete()
            take_places([place], party=party, now=clock.now())
    except PlacesTaken:
        return False
    Visit.objects.filter(pk=visit.pk).update(**EXPECTED)
    return True


@transaction.atomic
def hand_out_package(*, actor: Actor, journey: Journey) -> Journey:
    """The party got the information package; once is enough."""
    journey = locked(journey)
    require(permissions.receive_people(journey.house), actor)
    if journey.package_given_at is None:
        journey.package_given_at = clock.now()
        journey.save(update_fields=["package_given_at"])
        write_journey_entry(actor, "journey.package-handed-out", journey)
    return journey


@transaction.atomic
def take_back_package(*, actor: Actor, journey: Journey) -> Journey:
    """Undo a package that was noted by mistake."""
    journey = locked(journey)
    require(permissions.receive_people(journey.house), actor)
    if journey.package_given_at:
        journey.package_given_at = None
        journey.save(update_fields=["package_given_at"])
        write_journey_entry(actor, "journey.package-taken-back", journey)
    return journey


def book_steps(*, actor: Actor, journey: Journey, offer: str) -> Journey:
    """Book further steps for a party: those of an offer that was made `beside` the journey. A step it has already is moved.

    Raises NotNow, OfferRefused, and PlacesGone with alternatives.
    """
    read = read_offer(offer)
    try:
        with transaction.atomic():
            return _book_steps(actor, journey, read)
    except PlacesTaken:
        raise PlacesGone(_("Somebody else has just taken this time."), fresh_alternatives(read, journey.house)) from None


def _book_steps(actor: Actor, journey: Journey, offer: Offer) -> Journey:
    share_opening(journey.house.key)
    journey = locked(journey)
    require(permissions.attend_to(journey), actor)
    if offer.house != journey.house.key or offer.wish["b"] != str(journey.id):
        raise OfferRefused(_("This offer is for another party. Ask for times for this one."))
    refuse_other_interpreter(journey, offer)
    now = clock.now()
    refuse_closed(offer, journey.house, now=now, on_the_spot=True)
    services = {row.key: row for row in Service.objects.filter(region=journey.house.region, key__in=[stop.service for stop in offer.stops])}
    party = party_of(journey) or offer.party
    here = journey.visits.filter(status__in=[*IN_THE_HOUSE, Status.DONE], arrived_at__gte=now - dt.timedelta(hours=12)).exists()
    moved = Appointment.objects.filter(visit__journey=journey, visit__service__key__in=services, freed_at=None, visit__status__in=OPEN)
    before = times_of(moved.select_related("visit__service", "desk").order_by("period"))
    places, arrivals = [], {}
    for stop in offer.stops:
        visit = _visit_for(journey, services[stop.service], stop.travellers)
        waited = visit.status == Status.WAITING and not came_on_an_earlier_day(visit)
        arrived = visit.arrived_at if waited else now
        visit.status, visit.arrived_at = (Status.WAITING, arrived) if here and _is_today(journey, stop.starts) else (Status.PLANNED, None)
        if not waited or visit.status == Status.PLANNED:
            visit.counts_from = visit.parked_at = None  # only who goes on waiting keeps its place in line
        visit.save()
        arrivals[stop.service] = visit.arrived_at
        Appointment.objects.filter(visit=visit).delete()
        places.append(Place.of(stop, visit.id))
    take_places(places, party=party, now=now)
    journey.sequence, journey.cancelled_at = journey.sequence + 1, None
    journey.save(update_fields=["sequence", "cancelled_at"])
    taken = Appointment.objects.filter(visit__journey=journey, visit__service__key__in=services, freed_at=None)
    steps = [{"service": s.service, "starts": s.starts.isoformat(), "arrived": arrivals[s.service]} for s in offer.stops]
    write_journey_entry(
        actor,
        "journey.steps-booked",
        journey,
        before={"appointments": before} if before else None,
        after={"steps": steps, "appointments": times_of(taken.select_related("visit__service", "desk").order_by("period"))},
    )
    note_freed(journey.house)
    if journey.contact and journey.contact.email:
        emails.send_moved(journey=journey, manage_url=links.new_manage_url(journey=journey))
    return journey


def _is_today(journey: Journey, at: dt.datetime) -> bool:
    return at.astimezone(journey.house.zone).date() == clock.today(journey.house.zone)


def _visit_for(journey: Journey, service: Service, travellers: tuple[int, ...]) -> Visit:
    """The journey's step for that service, new or still open. Raises NotNow when it is under way or has ended."""
    visit = journey.visits.filter(service=service).first()
    if visit is None:
        return Visit(
            journey=journey,
            service=service,
            position=journey.visits.count(),
            people=len(travellers) or journey.people,
            travellers=list(travellers),
        )
    if visit.status in [*AT_A_DESK, Status.DONE] and visit.outcome != "documents-missing":
        raise NotNow(_("“%(step)s” is under way or has ended.") % {"step": service.title})
    visit.desk = visit.interpreter = visit.room = None
    visit.outcome = ""  # what was missing stays: whoever sees them again asks for it
    visit.called_at = visit.last_called_at = visit.started_at = visit.ended_at = None
    visit.calls = 0
    return visit


@transaction.atomic
def cancel_step(*, actor: Actor, visit: Visit) -> Visit:
    """Cancel one step that has not begun, free its place and write to the contact. Raises NotNow otherwise.

    A journey of which nothing stands after that is cancelled.
    """
    visit = locked_visit(visit)
    require(permissions.receive_people(visit.journey.house), actor)
    if ended_unserved(visit):
        raise NotNow(ended_unserved(visit))
    if visit.status == Status.CANCELLED:
        return visit
    if visit.status not in [Status.PLANNED, Status.WAITING]:
        raise NotNow(_("This step is under way or has ended."))
    now, before = clock.now(), {"was": as_it_is(visit)}
    freed = Appointment.objects.filter(visit=visit, freed_at=None).update(freed_at=now)
    visit.status = Status.CANCELLED
    visit.save(update_fields=["status"])
    write_entry(actor, "visit.cancelled", visit, at=now, before=before)
    note_freed(visit.journey.house)
    tell_of_step_cancelled(visit.journey, title=visit.service.title_in(letter_language(visit.journey)), freed=bool(freed), at=now)
    return visit


@transaction.atomic
def undo_cancel_step(*, actor: Actor, visit: Visit) -> Visit:
    """The cancelled step is wanted after all, where it was: at its old time, in line or aside. A journey cancelled with it stands again.

    Who waits in the house waits on, also where somebody else has the place by now; who is not there any more is expected at its time.
    Raises NotNow for others when somebody has it, or it is closed then; for a party that waited in line on another day; and where the
    whole visit has been cancelled since.
    """
    share_opening(visit.journey.house.key)
    visit = locked_visit(visit)
    require(permissions.receive_people(visit.journey.house), actor)
    if visit.status != Status.CANCELLED:
        return visit
    if ended_unserved(visit):
        raise NotNow(ended_unserved(visit))
    entry = last_entry(visit, "visit.cancelled")
    since = last_entry(visit.journey, "journey.cancelled")
    if visit.journey.cancelled_at and since and (entry is None or since.at > entry.at):
        raise NotNow(_nothing_today(visit.journey))
    has_its_time = bring_step_back(actor, visit, was=entry.before.get("was", {}) if entry else {}, at=entry.at if entry else None)
    if has_its_time or visit.journey.cancelled_at:
        tell_of_time_again(visit.journey)
    return locked_visit(visit)


def bring_step_back(actor: Actor, visit: Visit, *, was: Mapping[str, Any], at: dt.datetime | None) -> bool:
    """A step that was cancelled at that moment stands again as it `was`; whether with its time. Its journey is locked, the opening shared.

    Raises NotNow, and changes nothing, where that cannot be.
    """
    place = place_of(visit)
    freed = place is not None and (at is None or place.freed_at == at)
    here = visit.journey.visits.filter(status__in=IN_THE_HOUSE).order_by("arrived_at").first()
    left = at is not None and has_left_since(visit.journey, at)
    waited = was.get("status") == Status.WAITING and _is_today(visit.journey, dt.datetime.fromisoformat(was["arrived_at"]))
    in_line = waited and (here is not None or not left)
    if not freed and waited and not in_line:
        raise NotNow(_("This party is not checked in any more, and the step has no time to go back to. Book a new time for it."))
    if not freed and not in_line:
        raise NotNow(_("This step has no time to go back to. Book a new time for it."))
    freed = freed and place_taken_again(visit)
    if not freed and not in_line:
        raise NotNow(_("The place has been taken, or its desk is closed then. Book a new time for this step."))
    visit = locked_visit(visit)
    if in_line and not left:
        set_as_it_was(visit, was)
    elif here and (in_line or _is_today(visit.journey, visit.appointment.starts)):
        visit.status, visit.arrived_at, visit.counts_from, visit.parked_at = Status.WAITING, here.arrived_at, None, None
    visit.save(update_fields=FIELDS)
    write_entry(actor, "visit.cancel-undone", visit, arrived=visit.arrived_at)
    return freed
