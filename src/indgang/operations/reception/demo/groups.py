"""Groups of employers from today on: one that is booked and comes, and one whose proposals nobody has booked yet.

They are booked as an employer would book them, so their letters lie in the outbox with the links that open them. The course of the day
does not bring them: they come when whoever tries the program checks them in.
"""

from __future__ import annotations

import datetime as dt
from random import Random

from django.db import transaction

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.employer_booking import confirm_proposals, shown_proposals
from indgang.operations.reception.actions.employers import add_people, confirm_group, propose_times, start_employer_booking
from indgang.operations.reception.contacts import Contact
from indgang.operations.reception.demo.placing import municipality_weights
from indgang.operations.reception.employers import Wanted, Wishes
from indgang.operations.reception.models.employers import BookWhen, EmployerBooking
from indgang.operations.reception.queries.employers import rows_of
from indgang.operations.reception.queries.resources import spoken_languages
from indgang.operations.reception.rules.demo.people import made_up_party

BOOKED, PROPOSED = 5, 4
DAYS = 7
COMPANIES = (
    ("Opdigtet Elektronik A/S", "Hanne Opdigtet", "hr@opdigtet-elektronik.example"),
    ("Opfundet Havbrug ApS", "Ole Opfundet", "personale@opfundet-havbrug.example"),
)


@transaction.atomic
def fill_groups(*, actor: Actor, house: House, seed: int) -> int:
    """Two groups of the house; how many people. Raises NotAllowed for anybody but the program itself."""
    require(lambda _actor: False, actor)
    today = clock.today(house.zone)
    source = Random(f"{seed}:{house.key}:groups")
    booked, asked = (_group(house, number) for number in range(len(COMPANIES)))
    add_people(booking=booked, people=_people(house, source, BOOKED, today))
    wishes = Wishes(today, today + dt.timedelta(days=DAYS), same_day=True, book_when=BookWhen.AT_LEAST, at_least=1)
    propose_times(booking=booked, wishes=wishes)
    confirm_proposals(booking=booked, shown=shown_proposals(rows_of(booked)))
    add_people(booking=asked, people=_people(house, source, PROPOSED, today))
    tomorrow = today + dt.timedelta(days=1)
    propose_times(booking=asked, wishes=Wishes(tomorrow, tomorrow + dt.timedelta(days=DAYS), minutes_apart=15))
    return BOOKED + PROPOSED


def _group(house: House, number: int) -> EmployerBooking:
    company, name, email = COMPANIES[number]
    contact = Contact(name, f"{house.key}.{email}", "", "da" if number else "en")
    return confirm_group(booking=start_employer_booking(house=house, company=company, contact=contact, consent=True))


def _people(house: House, source: Random, count: int, on: dt.date) -> list[Wanted]:
    """Employees with their families; the second has no address of their own, the third needs an interpreter where the house has one."""
    weights, (spoken, interpreted) = municipality_weights(house), spoken_languages(house)
    people = []
    for number in range(1, count + 1):
        party = made_up_party(source, on, weights)
        wanted = Wanted(
            name=party.people[0].name,
            email="" if number == 2 else party.email,
            language=party.language if party.language in spoken else "en",
            interpreter=min(interpreted) if interpreted and number == 3 else "",
            citizenship=party.people[0].citizenship,
            stay_months=party.stay_months,
            municipality=party.municipality,
            adults=party.adults,
            children=len(party.people) - party.adults,
            reference=str(100 * count + number),
        )
        people.append(wanted)
    return people
