"""My arrival: a journey as the people on it see it. Outcomes are told, notes never."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from indgang.foundation.access.actors import citizen
from indgang.foundation.database import clock
from indgang.operations.reception.links import UNCONFIRMED_HOURS
from indgang.operations.reception.models import Appointment, Journey, Visit, Walk
from indgang.operations.reception.models.journey import AT_A_DESK, IN_THE_HOUSE, Outcome, Status
from indgang.operations.reception.plan_words import all_of, papers_in_words, people_in_words, why_in_words
from indgang.operations.reception.queries.documents import Documents
from indgang.operations.reception.queries.journeys import can_be_kept, journeys_visible_to, with_steps
from indgang.operations.reception.queries.plans import PlanRequest
from indgang.operations.reception.queries.undoing import cancellings_undone
from indgang.operations.reception.resource_words import beside_appointment, beside_visit
from indgang.operations.reception.rules.journeys import NeededStep
from indgang.operations.reception.steps import case_of, needed_steps

NOT_BEGUN = (Status.PLANNED, Status.WAITING)


@dataclass(frozen=True)
class ArrivalStep:
    """A step of the journey: what, who does it, at which desk, when, and how it stands or ended.

    `why` is told where the reasons differ within the party: there each must know which one is theirs. And where a desk has sent them on:
    the step that they wait for instead tells it, and the one before has no time any more.
    """

    visit: Visit
    title: str
    who: str
    where: str
    starts: dt.datetime | None
    ends: dt.datetime | None
    people: str = ""
    why: str = ""
    bring: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    walk_minutes: int = 0
    beside: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        """The status, or the outcome where it is not simply done."""
        ended = self.visit.status == Status.DONE and self.visit.outcome in (Outcome.DOCUMENTS_MISSING, Outcome.REFUSED)
        return self.visit.outcome if ended else self.visit.status

    @property
    def place(self) -> str:
        """Authority and desk, for the time bar."""
        at = f"{self.who}, {self.where}" if self.where else self.who
        return ". ".join([at, *self.beside])


@dataclass(frozen=True)
class Arrival:
    """The journey and its steps in the order of time."""

    journey: Journey
    steps: tuple[ArrivalStep, ...]

    @property
    def ahead(self) -> list[ArrivalStep]:
        """The steps that have not begun and can still be kept: those that may be moved or cancelled."""
        now = clock.now()
        return [step for step in self.steps if can_be_kept(step.visit, now)]

    @property
    def only_in_line(self) -> bool:
        """Whether the party waits, but for nothing that has a time."""
        return not self.ahead and any(step.visit.status == Status.WAITING for step in self.steps)

    @property
    def missed(self) -> list[ArrivalStep]:
        """The steps whose time has passed without anybody having come."""
        now = clock.now()
        planned = [step for step in self.steps if step.visit.status == Status.PLANNED]
        return [step for step in planned if step.ends and step.ends <= now]

    @property
    def days(self) -> list[list[ArrivalStep]]:
        """What is ahead, day by day."""
        zone = self.journey.house.zone
        dates = sorted({step.starts.astimezone(zone).date() for step in self.ahead if step.starts})
        return [[step for step in self.ahead if step.starts and step.starts.astimezone(zone).date() == date] for date in dates]

    @property
    def is_today(self) -> bool:
        """Whether the next step is today."""
        zone, starts = self.journey.house.zone, self.ahead[0].starts if self.ahead else None
        return starts is not None and starts.astimezone(zone).date() == clock.today(zone)

    @property
    def in_house(self) -> bool:
        """Whether the party has checked in and is not done."""
        return any(step.visit.status in IN_THE_HOUSE for step in self.steps)

    @property
    def called_to(self) -> ArrivalStep | None:
        """The step that a desk has called the party to, or serves them at."""
        return next((step for step in self.steps if step.visit.status in AT_A_DESK), None)

    @property
    def incomplete(self) -> list[ArrivalStep]:
        """The steps that ended because documents were missing."""
        return [step for step in self.steps if step.missing]

    @property
    def refused(self) -> list[ArrivalStep]:
        """The steps that ended with a refusal."""
        return [step for step in self.steps if step.status == Outcome.REFUSED]

    @property
    def confirm_before(self) -> dt.datetime | None:
        """When the places are let go unless the e-mail address is confirmed; None when they are not."""
        journey, first = self.journey, self.ahead[0] if self.ahead else None
        if journey.email_confirmed_at or journey.source not in ("web", "api") or first is None or first.starts is None:
            return None
        undone = cancellings_undone().filter(subject_id__in=[str(step.visit.pk) for step in self.steps]).order_by("-at").first()
        deadline = (undone.at if undone else journey.created_at) + dt.timedelta(hours=UNCONFIRMED_HOURS)
        return deadline if first.starts > deadline + dt.timedelta(hours=UNCONFIRMED_HOURS) else None


def arrival(reference: str) -> Arrival | None:
    """The journey of that reference as its own party sees it."""
    journey = with_steps(journeys_visible_to(citizen(reference))).filter(reference=reference).first()
    if journey is None:
        return None
    visits = sorted(journey.visits.all(), key=_order)
    needed = needed_steps(journey, clock.today(journey.house.zone))
    walks = {(walk.from_zone, walk.to_zone): walk.minutes for walk in Walk.objects.filter(house=journey.house)}
    names = _names(journey)
    documents = Documents(journey.house.region_id)
    return Arrival(journey, tuple(_steps(visits, needed, documents, walks, names)))


def _names(journey: Journey) -> list[str]:
    """What to call each of them: by name, or "child 1" where no name was given."""
    names = [row.person.name for row in journey.travellers.all()]
    called = people_in_words(case_of(journey, clock.today(journey.house.zone)).travellers)
    return [next(filter(None, names[position : position + 1]), word) for position, word in enumerate(called)]


def _order(visit: Visit) -> tuple[dt.datetime, int]:
    appointment = _appointment(visit)
    return appointment.starts if appointment else visit.arrived_at or visit.journey.created_at, visit.position


def _appointment(visit: Visit) -> Appointment | None:
    return getattr(visit, "appointment", None)


def _steps(
    visits: Sequence[Visit],
    needed: dict[str, NeededStep],
    documents: Documents,
    walks: dict[tuple[str, str], int],
    names: Sequence[str],
) -> list[ArrivalStep]:
    steps: list[ArrivalStep] = []
    zone = ""
    for visit in visits:
        appointment = _appointment(visit)
        desk = visit.desk or (appointment.desk if appointment else None)
        rule = needed.get(visit.service.key) if visit.status in NOT_BEGUN else None
        who = [names[position] for position in visit.travellers if position < len(names)]
        room = appointment.room if appointment else None
        there = room.zone if room else desk.zone if desk else zone
        timed = appointment if appointment and not _sent_on(visit, visits) else None
        reasons = why_in_words(rule.why, names) if rule and len(rule.why) > 1 else ""
        steps.append(
            ArrivalStep(
                visit=visit,
                title=visit.service.title,
                who=visit.service.authority.title,
                where=desk.title if desk else "",
                starts=timed.starts if timed else None,
                ends=timed.ends if timed else None,
                people=all_of(who) if len(who) < len(names) else "",
                why="\n".join(filter(None, [_instead(visit, visits), reasons])),
                bring=tuple(papers_in_words(rule, names, visit.travellers).values()) if rule else (),
                missing=tuple(documents.missing_at(visit)) if visit.outcome == Outcome.DOCUMENTS_MISSING else (),
                walk_minutes=walks.get((zone, there), walks.get((there, zone), 0)) if zone else 0,
                beside=tuple(_beside(visit, appointment)),
            )
        )
        zone = there
    return steps


def _sent_on(visit: Visit, visits: Sequence[Visit]) -> Visit | None:
    """The step that the party was sent on to from this one: it took over its position."""
    if visit.status != Status.CANCELLED:
        return None
    same = [other for other in visits if other.position == visit.position and other.counts_from and other.pk != visit.pk]
    return next((other for other in same if other.status != Status.CANCELLED), None)


def _instead(visit: Visit, visits: Sequence[Visit]) -> str:
    """Of a step that the party waits for: from which one it was sent on."""
    before = next((other for other in visits if _sent_on(other, visits) == visit), None) if visit.status == Status.WAITING else None
    if before is None:
        return ""
    return _("We have sent you on to this instead of “%(step)s”. You keep your place in line.") % {"step": before.service.title}


def move_request(journey: Journey) -> PlanRequest | None:
    """The wish for new times of the steps that can still be kept, each for the same people; None when there are none."""
    now = clock.now()
    open_visits = [visit for visit in journey.visits.all() if can_be_kept(visit, now)]
    if not open_visits:
        return None
    today = clock.today(journey.house.zone)
    keys = {visit.service.key for visit in open_visits}
    travellers = case_of(journey, today).travellers
    everyone = tuple(range(len(travellers)))
    return PlanRequest(
        house=journey.house,
        travellers=travellers,
        earliest=today,
        latest=today,
        municipality=journey.municipality.code if journey.municipality else "",
        stay_months=journey.stay_months,
        language=journey.language,
        interpreter=journey.interpreter,
        moving=journey.id,
        fixed_steps=tuple(
            NeededStep(visit.service.key, tuple(visit.travellers) or everyone, (), {}, frozenset(visit.after) & keys)
            for visit in open_visits
        ),
    )


def _beside(visit: Visit, appointment: Appointment | None) -> list[str]:
    """What they have with them: at a desk what came with the call, else as booked."""
    if visit.status in AT_A_DESK:
        return beside_visit(visit)
    return beside_appointment(appointment, visit.journey.interpreter)
