"""Parties as the staff's pages show them: one line each, with no more than the reader may know."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identifiers.countries import UnknownCountry, country_name
from indgang.foundation.identifiers.keys import normal_reference
from indgang.foundation.identifiers.names import alphabetical
from indgang.foundation.identity.models import Organisation
from indgang.operations.reception.beside_words import waits_for_room
from indgang.operations.reception.models import Journey, Turn, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, NOT_ENDED, Outcome, Status
from indgang.operations.reception.queries.board import BoardRow
from indgang.operations.reception.queries.closing_time import came_on_an_earlier_day
from indgang.operations.reception.queries.delays import runs_over
from indgang.operations.reception.queries.documents import Documents
from indgang.operations.reception.queries.employers import company_of
from indgang.operations.reception.queries.interpreters import needs_at
from indgang.operations.reception.queries.journeys import ENDED, number_of, shown_outcome
from indgang.operations.reception.queries.next_steps import booked_at, held_up_by
from indgang.operations.reception.queries.uses import Use
from indgang.operations.reception.resource_words import beside_visit, need_in_words

PLAIN = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"})
GROUP_OF = {
    "waiting": "here",
    "called": "desk",
    "serving": "desk",
    "expected": "expected",
    "late": "expected",
    "done": "done",
    "no-show": "away",
    "not-served": "away",
    "cancelled": "away",
    "another-day": "away",
}


def party_name(journey: Journey) -> str:
    """Whom to call: the contact, or the number where no name was given. Read the journey `with_steps`, or its tickets are looked up."""
    name = journey.contact.name if journey.contact else ""
    number = None if name else number_of(journey)
    return name or (_("Number %(number)s") % {"number": number} if number else _("No name given"))


def folded(text: str) -> str:
    """A name as people type it who have not got its letters."""
    return alphabetical(text.casefold().translate(PLAIN), "en")[0]


def language_name(code: str) -> str:
    """The language in the language of the page."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def desk_of(visit: Visit) -> str:
    """Where the step is, or will be, in words."""
    if visit.desk:
        return visit.desk.title
    appointment = getattr(visit, "appointment", None)
    return appointment.desk.title if appointment else ""


@dataclass(frozen=True)
class Reader:
    """Who reads a page about parties of a region: what they may know, and what they call the papers."""

    actor: Actor
    documents: Documents

    @classmethod
    def of(cls, actor: Actor, region_id: int) -> Reader:
        """For one page."""
        return cls(actor, Documents(region_id))


@dataclass(frozen=True)
class Step:
    """A step as the reader may see it. `status` is its outcome once it has ended; `noted` what its day left of it, where that is all."""

    visit: Visit
    reader: Reader
    noted: str = ""

    @cached_property
    def status(self) -> str:
        """A key of the looks."""
        return self.noted or shown_outcome(self.reader.actor, self.visit) or self.visit.status

    @property
    def title(self) -> str:
        """What it is."""
        return self.visit.service.title

    @property
    def authority(self) -> Organisation:
        """Whose it is."""
        return self.visit.service.authority

    @property
    def where(self) -> str:
        """At which desk."""
        return desk_of(self.visit)

    @cached_property
    def beside(self) -> list[str]:
        """The interpreter and the room it is booked with."""
        return beside_visit(self.visit)

    @cached_property
    def sent_from(self) -> list[str]:
        """The steps instead of which the party was sent on to this one: it took over their position. Read the journey `with_steps`."""
        if self.visit.counts_from is None:
            return []
        same = [other for other in self.visit.journey.visits.all() if other.position == self.visit.position and other.pk != self.visit.pk]
        return [other.service.title for other in same if other.status == Status.CANCELLED]

    @property
    def starts(self) -> dt.datetime | None:
        """When it is booked for."""
        return booked_at(self.visit)

    @property
    def missing(self) -> Sequence[str]:
        """Documents that were missing, in the language of the page; for a step that is booked anew, those of the last time."""
        told = self.open or self.visit.outcome == Outcome.DOCUMENTS_MISSING
        return self.reader.documents.missing_at(self.visit) if told else ()

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.visit.status in NOT_ENDED

    @property
    def of_an_earlier_day(self) -> bool:
        """Whether it stands open still from a day that is over."""
        return came_on_an_earlier_day(self.visit)

    @property
    def at_a_desk(self) -> bool:
        """Whether somebody is with the party now."""
        return self.visit.status in AT_A_DESK


@dataclass(frozen=True)
class Past:
    """A turn that has ended, as the reader may see it."""

    turn: Turn
    reader: Reader

    @cached_property
    def status(self) -> str:
        """A key of the looks."""
        return shown_outcome(self.reader.actor, self.turn) or Status.DONE

    @cached_property
    def missing(self) -> Sequence[str]:
        """Documents that were missing, where its step has not ended anew since."""
        visit = self.turn.visit
        known = self.turn.outcome == Outcome.DOCUMENTS_MISSING and (visit.status in NOT_ENDED or visit.ended_at == self.turn.ended_at)
        return self.reader.documents.missing_at(visit) if known else ()

    @property
    def name(self) -> str:
        """Whose turn it was; of a day before by the number of that day, where no name was given."""
        contact = self.turn.journey.contact
        number = None if contact and contact.name else _number_at(self.turn)
        return _("Number %(number)s") % {"number": number} if number else party_name(self.turn.journey)

    @property
    def can_be_undone(self) -> bool:
        """Whether it is where its step stands now, and the party is at no desk."""
        visits = list(self.turn.journey.visits.all())
        stands = any(visit.pk == self.turn.visit_id and visit.ended_at == self.turn.ended_at for visit in visits)
        return stands and not any(visit.status in AT_A_DESK for visit in visits)


def _number_at(turn: Turn) -> int | None:
    date = turn.ended_at.astimezone(turn.journey.house.zone).date() if turn.ended_at else None
    return next((ticket.number for ticket in turn.journey.tickets.all() if ticket.date == date), None)


@dataclass(frozen=True)
class Line:
    """A party on the board."""

    row: BoardRow
    reader: Reader
    delays: Mapping[int, int] = field(default_factory=dict)
    roomless: Mapping[int, Use | None] = field(default_factory=dict)

    @property
    def runs_over(self) -> int:
        """Minutes that it sits at a desk longer than planned."""
        return runs_over(self.step.visit) if self.step else 0

    @property
    def delay(self) -> int:
        """About how many minutes late its next step will be called."""
        return self.delays.get(self.step.visit.pk, 0) if self.step and not self.step.at_a_desk else 0

    @property
    def journey(self) -> Journey:
        """The party's journey."""
        return self.row.journey

    @cached_property
    def name(self) -> str:
        """Whom to call."""
        return party_name(self.journey)

    @cached_property
    def number(self) -> int | None:
        """The number they are called by today, where the name does not say it; none while they are not in the house."""
        if self.group == "expected" or self.row.state in ("no-show", "another-day"):
            return None
        return number_of(self.journey) if self.journey.contact and self.journey.contact.name else None

    @cached_property
    def aside(self) -> Step | None:
        """The step that waits aside, where all that wait do."""
        return next((step for step in self.steps if step.visit.parked_at), None) if self.row.aside else None

    @property
    def language(self) -> str:
        """What they speak with us."""
        return language_name(self.journey.language)

    @property
    def interpreter(self) -> str:
        """That they need an interpreter, where no interpreter is booked for the step that matters now."""
        visit = self.step.visit if self.step else None
        if visit and visit.desk and visit.status in AT_A_DESK:
            return need_in_words(self.journey.interpreter) if needs_at(visit.desk, visit) else ""
        here = getattr(visit, "appointment", None)
        return "" if here and here.interpreter_id else need_in_words(self.journey.interpreter)

    @cached_property
    def waits_for_room(self) -> str:
        """That no room is free for the step that it waits for, and until when."""
        return waits_for_room(self.roomless, self.step.visit) if self.step else ""

    @property
    def group(self) -> str:
        """Where on the board."""
        return GROUP_OF[self.row.state]

    @cached_property
    def steps(self) -> list[Step]:
        """Today's steps, by time."""
        last = dt.datetime.max.replace(tzinfo=dt.UTC)
        steps = [Step(visit, self.reader) for visit in self.row.visits]
        return sorted(steps, key=lambda step: (step.starts or last, step.visit.position))

    @cached_property
    def step(self) -> Step | None:
        """The step that matters now: the one at a desk, else the next."""
        following = self.row.next_visit
        return next((step for step in self.steps if step.visit == following), None)

    @property
    def late_minutes(self) -> int:
        """How late the party is."""
        if self.row.state != "late" or self.step is None or self.step.starts is None:
            return 0
        return int((clock.now() - self.step.starts).total_seconds() // 60)

    @cached_property
    def missing(self) -> list[str]:
        """Documents that were missing today."""
        return [document for step in self.steps for document in step.missing]

    @cached_property
    def held_up_by(self) -> str:
        """The step that keeps a later one from being done in its time, as far as the reader may know."""
        visits = list(self.journey.visits.all())  # an earlier step may have been on another day
        causes = (held_up_by(step.visit, visits) for step in self.steps if step.open)
        known = (Step(cause, self.reader) for cause in causes if cause)
        return next((step.title for step in known if step.status != ENDED), "")

    @cached_property
    def endings(self) -> list[tuple[str, int]]:
        """How today's steps ended: each status once, with how many."""
        return list(Counter(step.status for step in self.steps if not step.open).items())

    @property
    def company(self) -> str:
        """The employer who booked for them, where the reader may know it."""
        return company_of(self.journey, self.reader.actor)

    @property
    def unconfirmed(self) -> bool:
        """Whether the e-mail address has not been confirmed."""
        contact = self.journey.contact
        return bool(contact and contact.email and self.journey.email_confirmed_at is None and self.journey.source in ("web", "api"))

    def found_by(self, wanted: str) -> bool:
        """Whether the words stand in the names of the party, or the code begins so."""
        code = normal_reference(wanted) or wanted
        letters = "".join(filter(str.isalnum, code)).upper()
        if len(letters) >= 2 and self.journey.reference.replace("-", "").startswith(letters):
            return True
        if wanted.strip().isdecimal() and number_of(self.journey) == int(wanted):
            return True
        names = [self.name, self.company, *(traveller.person.name for traveller in self.journey.travellers.all())]
        words = " ".join(folded(name) for name in names)
        return all(word in words for word in folded(wanted).split()) and bool(wanted.strip())


@dataclass(frozen=True)
class Board:
    """The day, grouped."""

    here: list[Line]
    desk: list[Line]
    expected: list[Line]
    done: list[Line]
    away: list[Line]

    @property
    def groups(self) -> dict[str, list[Line]]:
        """The lines of each group by its name."""
        return {"here": self.here, "desk": self.desk, "expected": self.expected, "done": self.done, "away": self.away}

    @property
    def late(self) -> int:
        """How many are late."""
        return sum(line.row.state == "late" for line in self.expected)

    @property
    def longest(self) -> int | None:
        """The longest wait, in minutes."""
        return self.here[0].row.waited_minutes if self.here else None

    @property
    def people(self) -> int:
        """How many parties in all."""
        return sum(map(len, (self.here, self.desk, self.expected, self.done, self.away)))


def board_of(
    rows: Iterable[BoardRow],
    reader: Reader,
    wanted: str = "",
    delays: Mapping[int, int] | None = None,
    roomless: Mapping[int, Use | None] | None = None,
) -> Board:
    """The lines by group; those here with the longest wait first, the others by time."""
    lines = [Line(row, reader, delays or {}, roomless or {}) for row in rows]
    if wanted.strip():
        lines = [line for line in lines if line.found_by(wanted)]
    groups: dict[str, list[Line]] = {"here": [], "desk": [], "expected": [], "done": [], "away": []}
    for line in lines:
        groups[line.group].append(line)
    last = dt.datetime.max.replace(tzinfo=dt.UTC)
    groups["here"].sort(key=lambda line: (line.row.waiting_since or last, line.row.came or last))
    return Board(**groups)


def names_of(journey: Journey) -> list[str]:
    """Who comes, by position: the name, or what is known of a person without one."""
    travellers = [(traveller.person.name, traveller.child) for traveller in journey.travellers.all()]
    if not travellers:
        travellers = [("", False)] * max(journey.adults, 1) + [("", True)] * journey.children
        travellers[0] = (party_name(journey), False)
    unnamed = {True: _("Child, person %(number)s"), False: _("Grown-up, person %(number)s")}
    return [name or unnamed[child] % {"number": number} for number, (name, child) in enumerate(travellers, start=1)]


def country_in_words(code: str) -> str:
    """The country in the language of the page; an unknown code as it stands."""
    try:
        return country_name(code, get_language() or "en") if code else ""
    except UnknownCountry:
        return code


def masked_text(text: str) -> str:
    """A contact detail as those see it who do not need it: enough to recognise, not enough to use."""
    if "@" in text:
        name, _at, domain = text.partition("@")
        return f"{name[:1]}•••@{domain}"
    return f"•••{text[-2:]}" if text else ""
