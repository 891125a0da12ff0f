"""Made-up journeys as rows: what was booked, cancelled, served, and by whom. Written with COPY, as fast as the database takes them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from random import Random

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import connection, models
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from indgang.foundation.identifiers.keys import reference_from
from indgang.foundation.places.models import House, Municipality
from indgang.foundation.vault.actions import create_subjects
from indgang.foundation.vault.models import Subject
from indgang.operations.reception.actions.turns import missed_turn_of, turn_of
from indgang.operations.reception.contacts import Guest, party_digest
from indgang.operations.reception.demo.notes import note_text
from indgang.operations.reception.demo.placing import PlacedParty
from indgang.operations.reception.demo.staff import HouseStaff
from indgang.operations.reception.models import Appointment, Desk, Journey, Note, Resource, Service, Traveller, Turn, Visit
from indgang.operations.reception.models.journey import Outcome, Status
from indgang.operations.reception.models.resources import Kind
from indgang.operations.reception.rules.demo.course import BookedStep, DayCourse, PartyCourse, StepCourse
from indgang.operations.reception.rules.demo.demand import booked_before
from indgang.registers.parties.models import Person

CANCELLED = 0.065
MOVED = 0.04
CONFIRMED = 0.96
REFERENCES = 2**35
UNASKED = 0.15  # of the parties that take a ticket nobody has asked this share where they live
NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)
SOURCE = "demo"


@dataclass
class MadeUpJourney:
    """A journey that is to be written, with everything that hangs on it."""

    placed: PlacedParty
    booked_at: dt.datetime
    confirmed_at: dt.datetime | None
    moved_at: dt.datetime | None
    cancelled_at: dt.datetime | None
    id: uuid.UUID
    reference: str
    walk_in: bool = False
    party_course: PartyCourse = field(default_factory=PartyCourse)
    courses: list[StepCourse] = field(default_factory=list)
    journey: Journey = field(init=False)
    people: list[Person] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def lives_in(self) -> str:
        """The code of the municipality that its registration names; "" = not known, which is more frequent with a ticket."""
        unasked = self.walk_in and Random(f"{self.reference}:lives in").random() < UNASKED
        return "" if unasked else self.placed.party.municipality

    @property
    def starts(self) -> dt.datetime:
        """When its first step begins, as booked."""
        return self.placed.steps[0].starts

    @property
    def ends(self) -> dt.datetime:
        """When its last step ends, as booked."""
        return self.placed.steps[-1].ends

    @property
    def desks(self) -> list[int]:
        """The desk of each step, as booked."""
        return [step.desk for step in self.placed.steps]


class References:
    """References by number, each once."""

    def __init__(self) -> None:
        self._given: set[str] = set(Journey.objects.values_list("reference", flat=True))

    def draw(self, source: Random) -> str:
        """A reference that no journey has."""
        while (reference := reference_from(source.randrange(REFERENCES))) in self._given:
            pass
        self._given.add(reference)
        return reference


def made_up_walk_in(placed: PlacedParty, references: References) -> MadeUpJourney:
    """A party that comes without an appointment and takes a ticket; when follows from the course of the day."""
    source = placed.source
    return MadeUpJourney(
        placed=placed,
        booked_at=placed.steps[0].starts,
        confirmed_at=None,
        moved_at=None,
        cancelled_at=None,
        id=uuid.UUID(int=source.getrandbits(128), version=4),
        reference=references.draw(source),
        walk_in=True,
    )


def made_up_journey(placed: PlacedParty, references: References, *, until: dt.date, moment: dt.datetime) -> MadeUpJourney:
    """When the party booked, confirmed, moved and cancelled, as far as that lies before `moment`."""
    source = placed.source
    starts = placed.steps[0].starts
    ahead = max((placed.date - until).days + 1, 0)
    booked_at = _whole_second(starts - booked_before(source, at_least=ahead) - dt.timedelta(minutes=40))
    room = starts - dt.timedelta(minutes=30) - booked_at

    def between(share: float, least: float = 0.1) -> dt.datetime:
        return _whole_second(booked_at + room * source.uniform(least, 0.95)) if source.random() < share else NEVER

    confirmed_at = _whole_second(booked_at + min(dt.timedelta(minutes=source.expovariate(1 / 40)), room))
    if source.random() > CONFIRMED or not placed.party.email:
        confirmed_at = NEVER
    cancelled_at, moved_at = between(CANCELLED), between(MOVED)
    return MadeUpJourney(
        placed=placed,
        booked_at=booked_at,
        confirmed_at=_happened(confirmed_at, moment),
        moved_at=_happened(moved_at, min(moment, cancelled_at)),
        cancelled_at=_happened(cancelled_at, moment),
        id=uuid.UUID(int=source.getrandbits(128), version=4),
        reference=references.draw(source),
    )


def _whole_second(at: dt.datetime) -> dt.datetime:
    return at.replace(microsecond=0)


def _happened(at: dt.datetime, until: dt.datetime) -> dt.datetime | None:
    return at if at <= until else None


def booked_steps(made: MadeUpJourney) -> list[BookedStep]:
    """The journey's steps as the rule that plays the day reads them."""
    return [
        BookedStep(
            party=made.reference,
            service=step.needed.service,
            desk=step.desk,
            starts=step.starts,
            ends=step.ends,
            after=step.needed.after,
            papers=tuple(step.needed.bring),
            walk_in=made.walk_in,
        )
        for step in made.placed.steps
    ]


def take_course(made: MadeUpJourney, day: DayCourse | None) -> None:
    """Remember what became of the journey; without a day, it was cancelled before."""
    if day is None:
        made.courses = [StepCourse(Status.CANCELLED, cancelled_at=made.cancelled_at) for _step in made.placed.steps]
        return
    made.party_course = day.parties[made.reference]
    if made.walk_in and made.party_course.arrived_at:
        made.booked_at = made.party_course.arrived_at
    made.courses = [day.steps[made.reference, step.needed.service] for step in made.placed.steps]


class Rows:
    """Builds the model instances of made-up journeys of a house."""

    def __init__(self, house: House, staff: HouseStaff, services: dict[str, Service]) -> None:
        self.house, self.staff, self.services = house, staff, services
        self.desks = {desk.id: desk for desk in Desk.objects.filter(house=house)}
        self.municipalities = dict(Municipality.objects.filter(region=house.region_id).values_list("code", "id"))
        self.kinds = dict(Resource.objects.filter(house=house).values_list("id", "kind"))

    def build(self, journeys: Sequence[MadeUpJourney]) -> None:
        """Make the instances of every journey."""
        people = sum(len(made.placed.party.people) for made in journeys if not made.walk_in)
        subjects = iter(create_subjects(people))
        visits = iter(reserved_ids(Visit, sum(len(made.placed.steps) for made in journeys)))
        for made in journeys:
            made.people = [] if made.walk_in else self._people(made, subjects)
            made.journey = self._ticket_journey(made) if made.walk_in else self._journey(made)
            made.visits = [self._visit(made, position, next(visits)) for position in range(len(made.placed.steps))]
            booked = range(0 if made.walk_in else len(made.placed.steps))
            made.appointments = [self._appointment(made, position) for position in booked]
            made.notes = [note for position in range(len(made.visits)) for note in self._notes(made, position)]

    def write(self, journeys: Sequence[MadeUpJourney]) -> None:
        """Put the instances into their tables, those that others refer to first."""
        copy_in(Person, (person for made in journeys for person in made.people))
        copy_in(Journey, (made.journey for made in journeys))
        copy_in(
            Traveller,
            (
                Traveller(journey_id=made.id, person_id=person.id, position=position, child=made.placed.party.people[position].child)
                for made in journeys
                for position, person in enumerate(made.people)
            ),
        )
        copy_in(Visit, (visit for made in journeys for visit in made.visits))
        copy_in(Appointment, (appointment for made in journeys for appointment in made.appointments))
        copy_in(Turn, (turn for made in journeys for turn in self._turns(made)))
        copy_in(Note, (note for made in journeys for note in made.notes))

    def _people(self, made: MadeUpJourney, subjects: Iterator[Subject]) -> list[Person]:
        party, source = made.placed.party, made.placed.source
        people = []
        for position, person in enumerate(party.people):
            people.append(
                Person(
                    id=uuid.UUID(int=source.getrandbits(128), version=4),
                    region_id=self.house.region_id,
                    subject=next(subjects),
                    name=person.name,
                    email=party.email if position == 0 else "",
                    phone=party.phone if position == 0 else "",
                    language=party.language,
                    citizenship=person.citizenship,
                    municipality_id=self.municipalities.get(party.municipality),
                    created_at=made.booked_at,
                )
            )
        return people

    def _journey(self, made: MadeUpJourney) -> Journey:
        party = made.placed.party
        guests = [Guest(person.name, person.citizenship, person.child) for person in party.people]
        return Journey(
            id=made.id,
            reference=made.reference,
            house=self.house,
            contact=made.people[0],
            municipality_id=self.municipalities.get(party.municipality),
            citizenship=party.people[0].citizenship,
            purpose=party.purpose,
            stay_months=party.stay_months,
            language=party.language,
            interpreter=made.placed.interpreter,
            adults=party.adults,
            children=len(party.people) - party.adults,
            party_digest=party_digest(guests),
            source=SOURCE,
            sequence=(made.moved_at is not None) + (made.cancelled_at is not None),
            created_at=made.booked_at,
            email_confirmed_at=made.confirmed_at,
            cancelled_at=made.cancelled_at,
            package_given_at=made.party_course.package_at,
        )

    def _ticket_journey(self, made: MadeUpJourney) -> Journey:
        """Nobody asks a walk-in who they are, only where they live."""
        party = made.placed.party
        return Journey(
            id=made.id,
            reference=made.reference,
            house=self.house,
            language=party.language[:2],
            municipality_id=self.municipalities.get(made.lives_in),
            adults=len(party.people),
            source="ticket",
            created_at=made.booked_at,
            package_given_at=made.party_course.package_at,
        )

    def _visit(self, made: MadeUpJourney, position: int, number: int) -> Visit:
        step, course = made.placed.steps[position], made.courses[position]
        served, clerk = course.called_at is not None, self.staff.clerks.get(step.desk)
        return Visit(
            id=number,
            journey=made.journey,
            service=self.services[step.needed.service],
            position=position,
            people=len(step.needed.travellers),
            travellers=[] if made.walk_in else list(step.needed.travellers),
            after=sorted(step.needed.after),
            status=course.status,
            desk_id=step.desk if served else None,
            arrived_at=course.arrived_at,
            called_at=course.called_at,
            started_at=course.started_at,
            ended_at=course.ended_at,
            outcome=course.outcome,
            missing=list(course.missing),
            clerk_id=clerk.id if clerk and served else None,
        )

    def _appointment(self, made: MadeUpJourney, position: int) -> Appointment:
        step, course = made.placed.steps[position], made.courses[position]
        freed = course.cancelled_at or (made.party_course.no_show_at if course.status == Status.NO_SHOW else None)
        return Appointment(
            desk_id=step.desk,
            interpreter_id=next((number for number in step.resources if self.kinds[number] == Kind.INTERPRETER), None),
            room_id=next((number for number in step.resources if self.kinds[number] == Kind.ROOM), None),
            party=made.id.int >> 66,
            period=DateTimeTZRange(step.starts, step.ends),
            visit_id=made.visits[position].id,
            created_at=made.moved_at or made.booked_at,
            freed_at=freed,
        )

    def _turns(self, made: MadeUpJourney) -> Iterator[Turn]:
        for position, visit in enumerate(made.visits):
            desk = self.desks[made.placed.steps[position].desk]
            if visit.status == Status.DONE:
                visit.desk = desk
                yield turn_of(visit)
            elif visit.status == Status.NO_SHOW:
                yield missed_turn_of(visit, desk=desk, starts=made.placed.steps[position].starts)

    def _notes(self, made: MadeUpJourney, position: int) -> list[Note]:
        return notes_on(made.visits[position], made.courses[position], made.reference)


def notes_on(visit: Visit, course: StepCourse, reference: str) -> list[Note]:
    """What the clerk wrote when the step ended, if anything."""
    if not course.noted or course.ended_at is None:
        return []
    refused = course.outcome == Outcome.REFUSED
    return [
        Note(
            visit=visit,
            organisation=visit.service.authority,
            author_id=visit.clerk_id,
            text=note_text(Random(f"{reference}:{visit.service.key}"), refused=refused),
            refusal=refused,
            created_at=course.ended_at,
        )
    ]


def reserved_ids(model: type[models.Model], count: int) -> list[int]:
    """So many ids of a model's own sequence, for rows that others must name before they are written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


# What these hold is given to the database as it is; other fields prepare their values first.
AS_IT_IS = (
    models.UUIDField,
    models.DateTimeField,
    models.IntegerField,
    models.BooleanField,
    models.ForeignKey,
    models.AutoField,
    DateTimeRangeField,
)


def copy_in(model: type[models.Model], rows: Iterable[models.Model]) -> int:
    """Write new rows in one go; returns how many. A key that the database gives is left to it where the rows have none."""
    waiting = iter(rows)
    first = next(waiting, None)
    if first is None:
        return 0
    fields = [one for one in model._meta.concrete_fields if not one.primary_key or first.pk is not None]
    names = ", ".join(connection.ops.quote_name(str(one.column)) for one in fields)
    written = 0
    with connection.cursor() as cursor, cursor.copy(f"COPY {model._meta.db_table} ({names}) FROM STDIN") as out:
        for row in chain([first], waiting):
            values = row.__dict__
            out.write_row(
                [
                    values[one.attname] if isinstance(one, AS_IT_IS) else one.get_db_prep_save(values[one.attname], connection)
                    for one in fields
                ]
            )
            written += 1
    return written
