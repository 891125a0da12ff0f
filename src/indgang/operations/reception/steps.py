"""The steps of a journey as letters, calendars and pages tell them: what, who, when, where, and what to bring."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import prefetch_related_objects
from django.utils import translation

from indgang.foundation.database import clock
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.plan_words import papers_in_words, people_in_words
from indgang.operations.reception.queries.plans import journey_rules
from indgang.operations.reception.resource_words import beside_appointment
from indgang.operations.reception.rules.journeys import Case, NeededStep, Traveller, needs_of
from indgang.operations.reception.wording import greeted, letter_language


@dataclass(frozen=True)
class StepView:
    """One booked step in one language. Times are local to the house. `who` names the people it is for when it is not for all of them,
    `beside` the interpreter and the room.
    """

    title: str
    authority: str
    starts: dt.datetime
    ends: dt.datetime
    desk_title: str
    bring: tuple[str, ...] = ()
    who: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    visit_id: int = 0
    cancelled: bool = False
    freed_at: dt.datetime | None = None
    before: bool = False  # it had been given up before the others were


@dataclass(frozen=True)
class DayView:
    """The steps of one day in the house."""

    steps: tuple[StepView, ...]

    @property
    def cancelled(self) -> bool:
        """Whether nothing more is to come on this day. What was served before the party cancelled the rest does not keep it."""
        return any(step.cancelled for step in self.steps)

    @property
    def starts(self) -> dt.datetime:
        """When the first step begins."""
        return self.steps[0].starts

    @property
    def ends(self) -> dt.datetime:
        """When the last step ends."""
        return max(step.ends for step in self.steps)

    @property
    def date(self) -> dt.date:
        """The local date."""
        return self.starts.date()


def steps_of(journey: Journey, language: str, *, cancelled: bool = False) -> list[StepView]:
    """The journey's booked steps in the order of time; with `cancelled` those that were cancelled too."""
    appointments = Appointment.objects.filter(visit__journey=journey).order_by("period")
    if not cancelled:
        appointments = appointments.filter(freed_at=None)
    booked = list(appointments.select_related("desk", "interpreter", "room", "visit__service__authority"))
    if not booked:
        return []
    prefetch_related_objects([journey], "travellers__person")
    zone = journey.house.zone
    needed = needed_steps(journey, booked[0].starts.astimezone(zone).date())
    party = _Party(_names(journey), called(journey, language), journey.interpreter)
    return [_step(appointment, needed, party, language, appointment.starts.astimezone(zone)) for appointment in booked]


@dataclass(frozen=True)
class _Party:
    """The people by position: their names ("" for text that is no name), and what to call each of them in any case."""

    names: list[str]
    called: list[str]
    interpreter: str = ""


def _step(appointment: Appointment, needed: dict[str, NeededStep], party: _Party, language: str, starts: dt.datetime) -> StepView:
    visit = appointment.visit
    assert visit is not None
    rule = needed.get(visit.service.key)
    who = [party.names[position] for position in visit.travellers if position < len(party.names)]
    some = len(who) < len(party.names)
    return StepView(
        title=visit.service.title_in(language),
        authority=visit.service.authority.title_in(language),
        starts=starts,
        ends=appointment.ends.astimezone(starts.tzinfo),
        desk_title=appointment.desk.title_in(language),
        bring=tuple(papers_in_words(rule, party.called, visit.travellers, language=language).values()) if rule else (),
        who=tuple(who) if some and all(who) else (),
        beside=tuple(beside_appointment(appointment, party.interpreter, language)),
        visit_id=visit.pk,
        cancelled=appointment.freed_at is not None,
        freed_at=appointment.freed_at,
    )


def all_steps_of(journey: Journey) -> list[StepView]:
    """The steps in the language we write to the contact in; of a cancelled journey all that stood."""
    if journey.cancelled_at:
        return steps_given_up(journey, journey.cancelled_at)
    return steps_of(journey, letter_language(journey))


def steps_given_up(journey: Journey, at: dt.datetime | None) -> list[StepView]:
    """The steps that had their time until that moment, those that gave it up then `cancelled`.

    Where none did, because the party only waited in line, those that had given theirs up `before`: their calendar entry may stand still.
    """
    steps = steps_of(journey, letter_language(journey), cancelled=True)
    then = [step for step in steps if step.freed_at is None or (at is not None and step.freed_at >= at)]
    return then if any(step.cancelled for step in then) else [replace(step, before=step.cancelled) for step in steps]


def days_of(steps: Sequence[StepView]) -> list[DayView]:
    """The steps by local day."""
    dates = sorted({step.starts.date() for step in steps})
    return [DayView(tuple(step for step in steps if step.starts.date() == date)) for date in dates]


def needed_steps(journey: Journey, on: dt.date) -> dict[str, NeededStep]:
    """What the rules of that date ask of this party, by service; nothing where no rules are in force."""
    rules = journey_rules(journey.house, on)
    return {step.service: step for step in needs_of(case_of(journey, on), rules).steps} if rules else {}


def case_of(journey: Journey, on: dt.date) -> Case:
    """The journey as the rules read it."""
    people = [(row.person.citizenship, row.child, row.purpose) for row in journey.travellers.all()]
    if not people:
        people = [(journey.citizenship, False, "")] * max(journey.adults, 1) + [(journey.citizenship, True, "")] * journey.children
    travellers = tuple(
        Traveller(citizenship=citizenship, child=child, purpose=purpose if position else journey.purpose)
        for position, (citizenship, child, purpose) in enumerate(people)
    )
    municipality = journey.municipality.code if journey.municipality else ""
    return Case(travellers, municipality, journey.stay_months, on)


def called(journey: Journey, language: str) -> list[str]:
    """What to call each of the party in that language: by name, or "you" and "child 1" where there is none that may stand in a letter."""
    with translation.override(language):
        words = people_in_words(case_of(journey, clock.today(journey.house.zone)).travellers)
    names = _names(journey)
    return [next(filter(None, names[position : position + 1]), word) for position, word in enumerate(words)]


def _names(journey: Journey) -> list[str]:
    """The travellers' names by position; "" for text that is no name."""
    return [greeted(row.person.name) for row in journey.travellers.all()]
