"""Life in the hall of today: a few made-up people with a ticket who wait, and some who wait for a time at all.

The course of the day does not serve them: they wait for whoever tries the program.
"""

from __future__ import annotations

import datetime as dt
from random import Random

from django.db import transaction

from indgang.foundation.access.actors import ANONYMOUS, Actor, require
from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest, new_key, new_reference
from indgang.foundation.places.models import House, Municipality
from indgang.operations.reception.actions.entries import write_entry, write_journey_entry
from indgang.operations.reception.actions.tickets import number_party
from indgang.operations.reception.actions.waiting_entries import write_waiting_entry
from indgang.operations.reception.contacts import Guest, party_digest
from indgang.operations.reception.demo.placing import municipality_weights
from indgang.operations.reception.demo.staff import HouseStaff
from indgang.operations.reception.models import Journey, Priority, Service, Visit, WaitingEntry
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.plans import PlanRequest, wish_of
from indgang.operations.reception.rules.demo.people import draw, made_up_party
from indgang.operations.reception.rules.journeys import Traveller

TICKETS, WISHES = 5, 6
DAYS_WISHED = 3
TOLD = 0.5  # of those who wait with a ticket this share has said where they live
LANGUAGES = ("en", "en", "pl", "uk", "da", "de")


@transaction.atomic
def fill_hall(*, actor: Actor, house: House, staff: HouseStaff, seed: int) -> int:
    """See to it that some people with a ticket wait while the house is open; how many came.

    Raises NotAllowed for anybody but the program itself.
    """
    require(lambda _actor: False, actor)
    now, today = clock.now(), clock.today(house.zone)
    services = _services_open(house, now)
    waiting = Visit.objects.filter(journey__house=house, journey__source="ticket", status=Status.WAITING, arrived_at__date=today)
    missing = range(TICKETS - waiting.count()) if services else range(0)
    source = Random(f"{seed}:{house.key}:{now:%Y-%m-%dT%H:%M}")
    first_of_day = not Journey.objects.filter(house=house, source="ticket", created_at__gte=now.replace(hour=0, minute=0)).exists()
    visits = [_take_ticket(house, source, services, now - dt.timedelta(minutes=4 * (len(missing) - number))) for number in missing]
    if visits and first_of_day:
        _set_aside(visits[0], staff)
        _go_first(visits[-1])
    return len(visits)


def _services_open(house: House, now: dt.datetime) -> list[Service]:
    """What a desk does that is open now."""
    plan = house_plan(house)
    day = plan.day(now.astimezone(house.zone).date())
    cell = 1 << day.cell_of(now)
    keys = {key for desk in plan.desks if plan.open_cells(desk, day) & cell for key in desk.services}
    return [plan.services[key] for key in sorted(keys)]


def _take_ticket(house: House, source: Random, services: list[Service], at: dt.datetime) -> Visit:
    service = source.choice(services)
    people = 1 if source.random() < 0.7 else 2
    language = source.choice(LANGUAGES)
    code = draw(source, municipality_weights(house)) if source.random() < TOLD else ""
    journey = Journey.objects.create(
        reference=new_reference(),
        house=house,
        language=language,
        adults=people,
        municipality=Municipality.objects.filter(code=code).first(),
        source="ticket",
        created_at=at,
    )
    visit = Visit.objects.create(journey=journey, service=service, people=people, status=Status.WAITING, arrived_at=at)
    ticket = number_party(journey=journey)
    told = {"services": [service.key], "number": ticket.number, **({"municipality": code} if code else {})}
    write_journey_entry(ANONYMOUS, "ticket.taken", journey, at=at, after=told)
    return visit


def _set_aside(visit: Visit, staff: HouseStaff) -> None:
    visit.parked_at = clock.now()
    visit.save(update_fields=["parked_at"])
    _clerks, floorwalkers = staff.actors()
    write_entry(floorwalkers[0], "visit.set-aside", visit)


def _go_first(visit: Visit) -> None:
    visit.journey.priority = Priority.objects.filter(house=visit.journey.house).order_by("pk").first()
    visit.journey.save(update_fields=["priority"])


@transaction.atomic
def fill_waiting_list(*, actor: Actor, house: House, moment: dt.datetime, seed: int) -> int:
    """People who found no time in the next days; how many. Raises NotAllowed for anybody but the program itself."""
    require(lambda _actor: False, actor)
    weights, first = municipality_weights(house), moment.astimezone(house.zone).date() + dt.timedelta(days=1)
    for number in range(WISHES):
        source = Random(f"{seed}:{house.key}:wish:{number}")
        party = made_up_party(source, first, weights)
        travellers = [
            Traveller(one.citizenship, one.child, party.purpose if not position else "") for position, one in enumerate(party.people)
        ]
        last = first + dt.timedelta(days=DAYS_WISHED)
        wish = PlanRequest(
            house, tuple(travellers), first, last, municipality=party.municipality, stay_months=party.stay_months, language=party.language
        )
        asked = moment - dt.timedelta(hours=1 + 5 * (WISHES - number))
        entry = WaitingEntry.objects.create(
            house=house,
            name=party.people[0].name,
            email=party.email or f"guest{number}@mail.example",
            phone=party.phone,
            language=party.language,
            companions=[one.name for one in party.people[1:]],
            wish=wish_of(wish),
            earliest=first,
            latest=last,
            party_digest=party_digest([Guest(one.name, one.citizenship, one.child) for one in party.people]),
            request_digest=digest(new_key()),
            created_at=asked,
            confirmed_at=asked + dt.timedelta(minutes=3),
        )
        days = {"earliest": first.isoformat(), "latest": last.isoformat(), "people": len(travellers)}
        write_waiting_entry(ANONYMOUS, "waiting.asked", entry, at=asked, after=days)
        write_waiting_entry(ANONYMOUS, "waiting.confirmed", entry, at=entry.confirmed_at)
    return WISHES
