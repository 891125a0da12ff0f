"""Giving those who are served their number of the day, so that each counts once however many steps and parties they come with."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import derived_key
from indgang.operations.reception.actions.as_before import ENDINGS, last_entry
from indgang.operations.reception.actions.places import lock
from indgang.operations.reception.models import Journey, KnownAgain, Visit
from indgang.operations.reception.rules.persons import Member, known_by, number_of, own_numbers, places_of


def persons_served(visit: Visit, at: dt.datetime) -> list[int]:
    """The numbers of those whom a step serves that ends at that moment, within a transaction that has its journey locked.

    Who was served that day keeps the number, also where their address is changed or forgotten meanwhile.
    """
    journey = visit.journey
    if journey.contact_id is None:
        return own_numbers(journey.pk, visit.travellers, visit.people)
    date = at.astimezone(journey.house.zone).date()
    told = _told_before(visit, date)
    if told:
        return told
    places = {place: _mark(journey, date, f"{journey.pk}:{place}") for place in places_of(visit.travellers, visit.people)}
    known = _known(journey, date, list(places.values()))
    if any(mark not in known for mark in places.values()):
        known |= _made_known(journey, date, {place: mark for place, mark in places.items() if mark not in known})
    return [known[mark] for mark in places.values()]


def _told_before(visit: Visit, date: dt.date) -> list[int]:
    """What the journal has of a step of an earlier day whose ending was undone: the marks of that day may be forgotten by now."""
    zone = visit.journey.house.zone
    entry = last_entry(visit, *ENDINGS) if date < clock.today(zone) else None
    if entry is None:
        return []
    ended = dt.datetime.fromisoformat(entry.after["ended"]) if "ended" in entry.after else entry.at
    persons: list[int] = entry.after.get("persons", [])
    return persons if ended.astimezone(zone).date() == date and len(persons) == visit.people else []


def _made_known(journey: Journey, date: dt.date, places: dict[int, str]) -> dict[str, int]:
    """Numbers of people of whom this journey has none yet today: those they have from another, or new ones."""
    contact = journey.contact
    addresses = sorted(filter(None, [contact.email.casefold(), contact.phone])) if contact else []
    lock(*(f"persons:{journey.house_id}:{date}:{address}" for address in addresses))
    marks = _marks(journey, date, addresses) if addresses else {}
    known = _known(journey, date, [mark for of_one in marks.values() for mark in of_one])
    numbers = {
        place: next((known[mark] for mark in marks.get(place, ()) if mark in known), number_of(journey.pk, place)) for place in places
    }
    new = {mark: numbers[place] for place in places for mark in [places[place], *marks.get(place, ())] if mark not in known}
    KnownAgain.objects.bulk_create(
        KnownAgain(house_id=journey.house_id, date=date, mark=mark, number=number) for mark, number in new.items()
    )
    return {places[place]: number for place, number in numbers.items()}


def _marks(journey: Journey, date: dt.date, addresses: list[str]) -> dict[int, list[str]]:
    party = [Member(row.person.name, row.child) for row in journey.travellers.select_related("person")]  # in the order of their places
    if not party and journey.contact:
        along = [Member("")] * (journey.adults - 1) + [Member("", child=True)] * journey.children
        party = [Member(journey.contact.name), *along]
    return {place: [_mark(journey, date, mark) for mark in of_one] for place, of_one in enumerate(known_by(addresses, party))}


def _mark(journey: Journey, date: dt.date, text: str) -> str:
    return derived_key("person of the day", journey.house_id, date, text)


def _known(journey: Journey, date: dt.date, marks: list[str]) -> dict[str, int]:
    rows = KnownAgain.objects.filter(house=journey.house_id, date=date, mark__in=marks) if marks else KnownAgain.objects.none()
    return dict(rows.values_list("mark", "number"))
