"""Everything that can happen to parties in a day, one deed after the other: whatever is shown of the day must follow it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

from django.conf import LazySettings

from indgang.foundation.access.actors import ANONYMOUS, citizen, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions import changes, desk, floor, line, notes, tickets
from indgang.operations.reception.models import Closure, Desk, Journey, LineSetting, Resource, Service, Visit
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.resource_day import room
from indgang.operations.reception.tests.staff_day import DATE, at, move_the_rest, party
from indgang.registers.parties.models import Person

CLOSED = {"title_da": "Maling", "title_en": "Painting", "first_day": DATE, "last_day": DATE}


def step(journey: Journey, service: str = "siri-residence") -> Visit:
    return journey.visits.select_related("journey__house", "service").get(service__key=service)


class Day:
    """Everything that can happen to parties of a day, one after the other."""

    def __init__(self, house: House, settings: LazySettings) -> None:
        self.house, self.settings = house, settings
        self.walker, self.siri = (staff(factories.member(role, of)) for role, of in ((Role.FLOORWALKER, "ihnd"), (Role.CLERK, "siri")))
        self.ana, self.bo, self.cy = (party(house, name=name, stay_months=12) for name in ("Ana Silva", "Bo Chen", "Cy Diaz"))
        self.advice = Service.objects.create(region=house.region, key="advice", authority=factories.organisation("siri"), minutes=10)
        self.desks = [Desk.objects.select_related("house").get(key=key) for key in ("siri-1", "siri-2")]
        self.desks[1].services.add(self.advice)
        self.ticket = tickets.take_ticket(actor=ANONYMOUS, house=house, errands=tickets.Errands(["siri-residence"]))

    def deeds(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """What is done, and how. What is done to one party leaves it where the next deed needs it."""
        walker, ana, bo, cy, house = self.walker, self.ana, self.bo, self.cy, self.house
        yield "book", lambda: party(house, name="Di Eng")
        yield "confirm", lambda: changes.note_email_confirmed(journey=ana)
        yield "check in", lambda: floor.check_in_journey(actor=walker, journey=ana)
        yield "undo check-in", lambda: floor.undo_check_in(actor=walker, journey=ana)
        yield "check in again", lambda: floor.check_in_journey(actor=walker, journey=ana)
        yield "package", lambda: floor.hand_out_package(actor=walker, journey=ana)
        yield "package back", lambda: floor.take_back_package(actor=walker, journey=ana)
        yield "ticket", lambda: tickets.take_ticket(actor=walker, house=house, errands=tickets.Errands(["siri-residence"], 2))
        yield "set aside", lambda: line.set_aside(actor=walker, visit=step(ana))
        yield "bring back", lambda: line.bring_back(actor=walker, visit=step(ana))
        yield from self.at_the_desk()
        yield "cancel a step", lambda: floor.cancel_step(actor=walker, visit=step(ana, "mitid"))
        yield "undo that", lambda: floor.undo_cancel_step(actor=walker, visit=step(ana, "mitid"))
        yield "time goes by", lambda: at(self.settings, 10, 40)
        yield "move the rest", lambda: move_the_rest(actor=walker, journey=ana)
        yield "no-show", lambda: floor.mark_no_show(actor=walker, journey=bo)
        yield "undo no-show", lambda: floor.undo_no_show(actor=walker, journey=bo)
        yield "check in Bo", lambda: floor.check_in_journey(actor=walker, journey=bo)
        yield "send on", lambda: line.send_on(actor=walker, visit=step(bo), service=self.advice)
        yield from self.in_the_room()
        offer = factories.plan(house, on=DATE + dt.timedelta(days=7), stay_months=12).itineraries[0].offer
        yield "move to another day", lambda: changes.move_journey(actor=walker, journey=cy, offer=offer)
        yield "cancel that", lambda: changes.cancel_journey(actor=citizen(cy.reference), journey=cy)
        yield "a minute goes by", lambda: at(self.settings, 10, 41)
        yield "a desk does nothing any more", lambda: self.desks[0].services.clear()
        yield "and speaks otherwise", lambda: Desk.objects.filter(key="siri-1").update(languages=["fr"], title_en="Front desk")
        yield "other rules of the line", lambda: LineSetting.objects.create(house=house, patience=1, grace=1)
        yield "somebody has another name", lambda: Person.objects.filter(travels__journey=ana).update(name="Ana Souza")

    def in_the_room(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Bo's new step is done in a room, and somebody else waits for it."""
        siri, bo, here, errands = self.siri, self.bo, self.desks[1], tickets.Errands(["advice"])
        yield "a step is done in a room", lambda: room(self.house, "advice")
        yield "another wants the room", lambda: tickets.take_ticket(actor=self.walker, house=self.house, errands=errands)
        yield "call into the room", lambda: desk.call_visit(actor=siri, desk=here, visit=step(bo, "advice"))
        yield "put back from it", lambda: desk.put_back(actor=siri, visit=step(bo, "advice"))
        yield "call into it again", lambda: desk.call_visit(actor=siri, desk=here, visit=step(bo, "advice"))
        yield "begin in it", lambda: desk.start_visit(actor=siri, visit=step(bo, "advice"))
        yield "the room is given back", lambda: desk.finish_visit(actor=siri, visit=step(bo, "advice"), outcome="done")
        yield "the room is closed", lambda: Closure.objects.create(house=self.house, resource=Resource.objects.get(), **CLOSED)

    def at_the_desk(self) -> Iterator[tuple[str, Callable[[], object]]]:
        """Ana's first step."""
        siri, ana, here = self.siri, self.ana, self.desks[0]
        yield "call", lambda: desk.call_visit(actor=siri, desk=here, visit=step(ana))
        yield "call again", lambda: line.call_again(actor=siri, visit=step(ana))
        yield "put back", lambda: desk.put_back(actor=siri, visit=step(ana))
        yield "next", lambda: desk.call_next(actor=siri, desk=here)
        yield "that one back", lambda: desk.put_back(actor=siri, visit=Visit.objects.get(status="called"))
        yield "call Ana", lambda: desk.call_visit(actor=siri, desk=here, visit=step(ana))
        yield "start", lambda: desk.start_visit(actor=siri, visit=step(ana))
        yield "note", lambda: notes.add_note(actor=siri, visit=step(ana), text="Married in Lisbon")
        yield "missing", lambda: desk.finish_visit(actor=siri, visit=step(ana), outcome="documents-missing", missing=["passport"])
        yield "reopen", lambda: desk.reopen_visit(actor=siri, visit=step(ana))
        yield "finish", lambda: desk.finish_visit(actor=siri, visit=step(ana), outcome="done")
