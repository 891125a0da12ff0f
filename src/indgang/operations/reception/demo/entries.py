"""The journal of made-up journeys: the entries that the real actions would have written, in the order of time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, Protocol

from django.db.models import Model

from indgang.foundation.access.actors import ANONYMOUS, Actor
from indgang.foundation.journal.actions import Draft
from indgang.foundation.journal.models import Circle
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.outcomes import missing_in_journal
from indgang.operations.reception.demo.rows import MadeUpJourney
from indgang.operations.reception.demo.staff import HouseStaff
from indgang.operations.reception.models import Journey, Note, Visit
from indgang.operations.reception.models.journey import Outcome, Status
from indgang.operations.reception.rules.demo.course import PartyCourse, StepCourse
from indgang.operations.reception.rules.persons import own_numbers
from indgang.registers.parties.models import Person


class OnTheDay(Protocol):
    """A party whose day is told: a made-up one, or one of today that goes on."""

    journey: Journey
    visits: list[Visit]
    notes: list[Note]
    party_course: PartyCourse
    courses: list[StepCourse]

    @property
    def reference(self) -> str:
        """The journey's."""

    @property
    def people(self) -> list[Person]:
        """The contact first."""

    @property
    def desks(self) -> list[int]:
        """The desk of each step."""


Happening = tuple[dt.datetime, int, Callable[[], Draft]]


def drafts_of(house: House, staff: HouseStaff, journeys: Sequence[MadeUpJourney], open_days: Sequence[dt.date]) -> Iterator[Draft]:
    """Everything that happened, oldest first."""
    writer = Writer(house, staff, open_days)
    happenings = [happening for made in journeys for happening in writer.of(made)]
    happenings.sort(key=lambda happening: happening[:2])
    for _at, _number, draft in happenings:
        yield draft()


class Writer:
    """Writes what happened as drafts of journal entries."""

    def __init__(self, house: House, staff: HouseStaff, open_days: Sequence[dt.date]) -> None:
        self.house, self.staff = house, staff
        self.clerks, self.floorwalkers = staff.actors()
        self.day_before = dict(zip(open_days[1:], open_days, strict=False))
        self.count = 0

    def of(self, made: MadeUpJourney) -> Iterator[Happening]:
        """What happened to a journey, unordered."""
        if made.walk_in:
            yield self._at(made.booked_at, partial(self._ticket, made))
            yield from self.on_the_day(made)
            return
        yield self._at(made.booked_at, partial(self._booked, made))
        citizen = Actor(kind="citizen", reference=made.reference)
        if made.confirmed_at:
            yield self._at(made.confirmed_at, partial(self._journey, made, citizen, "journey.email-confirmed", made.confirmed_at, about=()))
        if made.moved_at:
            yield self._at(made.moved_at, partial(self._moved, made, citizen))
        if made.cancelled_at:
            before = {"appointments": self._times(made)}
            yield self._at(made.cancelled_at, partial(self._journey, made, citizen, "journey.cancelled", made.cancelled_at, before=before))
            return
        yield from self.on_the_day(made)

    def on_the_day(self, made: OnTheDay) -> Iterator[Happening]:
        """What happened in the house."""
        floorwalker = self.floorwalkers[sum(map(ord, made.reference)) % len(self.floorwalkers)]
        course = made.party_course
        services = {"services": [visit.service.key for visit in made.visits]}
        if course.no_show_at:
            yield self._at(
                course.no_show_at, partial(self._journey, made, floorwalker, "journey.no-show", course.no_show_at, after=services)
            )
        if course.arrived_at and made.people:
            yield self._at(
                course.arrived_at, partial(self._journey, made, floorwalker, "journey.checked-in", course.arrived_at, after=services)
            )
        if course.package_at:
            yield self._at(course.package_at, partial(self._journey, made, floorwalker, "journey.package-handed-out", course.package_at))
        for position, step in enumerate(made.courses):
            clerk = self.clerks.get(made.desks[position])
            desk = {"desk": self.staff.desks[made.desks[position]].key}
            if step.cancelled_at:
                yield self._at(step.cancelled_at, partial(self._visit, made, position, floorwalker, "visit.cancelled", step.cancelled_at))
            if step.called_at and clerk:
                yield self._at(step.called_at, partial(self._visit, made, position, clerk, "visit.called", step.called_at, **desk))
            if step.started_at and clerk:
                yield self._at(step.started_at, partial(self._visit, made, position, clerk, "visit.started", step.started_at, **desk))
            if step.status == Status.DONE and step.ended_at and clerk:
                yield self._at(step.ended_at, partial(self._finished, made, position, clerk, step.ended_at))
        for note in made.notes:
            position = made.visits.index(note.visit)
            clerk = self.clerks.get(made.desks[position])
            if clerk:
                yield self._at(note.created_at, partial(self._noted, made, position, clerk, note))

    def _at(self, at: dt.datetime, draft: Callable[[], Draft]) -> Happening:
        self.count += 1
        return at, self.count, draft

    def _journey(
        self, made: OnTheDay, actor: Actor, verb: str, at: dt.datetime, *, about: Sequence[Model] | None = None, **facts: Any
    ) -> Draft:
        told = made.people[:1] if about is None else about
        return Draft(
            actor=actor, verb=verb, subject=made.journey, at=at, organisation=self.staff.host, house=self.house, about=told, **facts
        )

    def _booked(self, made: MadeUpJourney) -> Draft:
        contact = made.people[0]
        facts = {
            "starts": made.starts.isoformat(),
            "ends": made.ends.isoformat(),
            "services": [visit.service.key for visit in made.visits],
            "people": made.journey.people,
            "municipality": made.lives_in if made.journey.municipality_id else "",
            "source": made.journey.source,
        }
        personal = {"name": contact.name, "email": contact.email, "phone": contact.phone}
        return self._journey(
            made, ANONYMOUS, "journey.booked", made.booked_at, about=made.people, after=facts, personal=personal, person=contact.subject
        )

    def _ticket(self, made: MadeUpJourney) -> Draft:
        services = [visit.service.key for visit in made.visits]
        told = {"municipality": made.lives_in} if made.journey.municipality_id else {}
        return self._journey(made, ANONYMOUS, "ticket.taken", made.booked_at, after={"services": services, **told})

    def _moved(self, made: MadeUpJourney, citizen: Actor) -> Draft:
        """From the open day before."""
        other = self.day_before.get(made.placed.date)
        shift = other - made.placed.date if other else dt.timedelta(days=-7)
        before, after = {"appointments": self._times(made, shift)}, {"appointments": self._times(made)}
        assert made.moved_at is not None
        return self._journey(made, citizen, "journey.moved", made.moved_at, before=before, after=after)

    def _times(self, made: MadeUpJourney, shift: dt.timedelta = dt.timedelta()) -> list[dict[str, str]]:
        return [
            {
                "service": step.needed.service,
                "desk": self.staff.desks[step.desk].key,
                "starts": (step.starts + shift).isoformat(),
                "ends": (step.ends + shift).isoformat(),
            }
            for step in made.placed.steps
        ]

    def _visit(
        self,
        made: OnTheDay,
        position: int,
        actor: Actor,
        verb: str,
        at: dt.datetime,
        circle: str = Circle.HOUSE,
        personal: dict[str, Any] | None = None,
        /,
        **facts: Any,
    ) -> Draft:
        visit = made.visits[position]
        return Draft(
            actor=actor,
            verb=verb,
            subject=visit,
            at=at,
            organisation=visit.service.authority,
            house=self.house,
            circle=circle,
            about=[made.journey, *made.people[:1]],
            after={"service": visit.service.key, **facts},
            personal=personal if made.people else None,
            person=made.people[0].subject if made.people and personal else None,
        )

    def _finished(self, made: OnTheDay, position: int, clerk: Actor, at: dt.datetime) -> Draft:
        visit = made.visits[position]
        circle = Circle.ORGANISATION if visit.outcome == Outcome.REFUSED else Circle.HOUSE
        missing = missing_in_journal(visit)
        persons = own_numbers(visit.journey_id, visit.travellers, visit.people)
        facts = {"outcome": visit.outcome, "people": visit.people, "persons": persons}
        return self._visit(made, position, clerk, "visit.finished", at, circle, missing, **facts)

    def _noted(self, made: OnTheDay, position: int, clerk: Actor, note: Any) -> Draft:
        visit, contact = made.visits[position], made.people[:1]
        return Draft(
            actor=clerk,
            verb="visit.refused" if note.refusal else "note.added",
            subject=visit,
            at=note.created_at,
            organisation=note.organisation,
            house=self.house,
            circle=Circle.ORGANISATION,
            about=[made.journey, *contact],
            after={"service": visit.service.key},
            personal={"note": note.text} if contact else None,
            person=contact[0].subject if contact else None,
        )
