"""What a ticket shows on the phone of whoever holds it: the number, the place in line, how long it will take, and where to go."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from math import inf

from indgang.foundation.database import clock
from indgang.foundation.identifiers.keys import digest
from indgang.operations.reception.models import Desk, Resource, Service, Ticket, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, NOT_SERVED, Status
from indgang.operations.reception.queries.beside import rooms_waited_for
from indgang.operations.reception.queries.closed_today import services_closed_today, services_closed_until
from indgang.operations.reception.queries.in_time import comes_too_late, last_calls
from indgang.operations.reception.queries.line import desks_in_line
from indgang.operations.reception.queries.today import today_in
from indgang.operations.reception.queries.waits import open_now
from indgang.operations.reception.queries.waits_told import wait_of
from indgang.operations.reception.rules.line import LineRules
from indgang.operations.reception.rules.queue import DeskInLine, Waiting, line_for, order, parties_aside, serving_desks
from indgang.operations.reception.rules.waits import Wait

ENDED = "ended"
ASIDE = "aside"


@dataclass(frozen=True)
class TicketNow:
    """A ticket as it stands. `status` is waiting, aside, called, serving or ended; `service` and `desk` are those of the step that is next
    or under way, and `calls` how often it was called; `ahead` are the parties that will be called before it at the desks it waits for,
    `place` is one more. `held_for`: the booked time that the line keeps free, where no open desk would call it before that;
    `time_kept`: one of the desks keeps a time for somebody else. `closed`: the desks that did this were closed for the rest of today.
    `closed_until`: they are closed until then. `room`: where it was called to; `for_a_room`: that is what it waits for. `closes`: when the
    last desk that does this closes today, or has closed; `too_late`: its turn will most likely not come before that. `not_served`: it
    waited until the house closed.
    """

    ticket: Ticket
    status: str
    service: Service | None = None
    desk: Desk | None = None
    ahead: int | None = None
    wait: Wait | None = None
    calls: int = 0
    held_for: dt.datetime | None = None
    time_kept: bool = False
    closed: bool = False
    closed_until: dt.time | None = None
    room: Resource | None = None
    for_a_room: bool = False
    closes: dt.datetime | None = None
    too_late: bool = False
    not_served: bool = False

    @property
    def after_closing(self) -> bool:
        """Whether it waits still although the desks that do this have closed for today."""
        return self.closes is not None and self.closes <= clock.now()

    @property
    def in_time(self) -> bool | None:
        """Whether its turn will most likely come before closing time; None where that is not known."""
        late = self.too_late or self.after_closing or self.closed
        return False if late else True if self.wait and self.closes else None

    @property
    def place(self) -> int | None:
        """The place in line, 1 is next."""
        return None if self.ahead is None else self.ahead + 1

    @property
    def minutes(self) -> tuple[int, int, int] | None:
        """The wait as it is told, in whole minutes: the middle, and from when until when eight of ten are called."""
        return (round(self.wait.middle), round(self.wait.low), round(self.wait.high)) if self.wait else None


def ticket_opened_by(*, number: int, key: str) -> Ticket | None:
    """The ticket of that number, if the key opens it."""
    found = Ticket.objects.filter(number=number, key_digest=digest(key))
    return found.select_related("journey", "house__region").first()


def ticket_now(ticket: Ticket) -> TicketNow:
    """The ticket as it stands."""
    visits = list(ticket.journey.visits.select_related("service__authority", "desk", "room", "appointment").order_by("position", "id"))
    present = next((visit for visit in visits if visit.status in AT_A_DESK), None)
    if present:
        return TicketNow(ticket, str(present.status), present.service, present.desk, calls=present.calls, room=present.room)
    waiting = [visit for visit in visits if visit.status == Status.WAITING]
    if not waiting or ticket.date != clock.today(ticket.house.zone):
        return TicketNow(ticket, ENDED, not_served=bool(waiting) or any(visit.outcome == NOT_SERVED for visit in visits))
    if any(visit.parked_at for visit in waiting):
        return TicketNow(ticket, ASIDE, waiting[0].service)
    return _in_line(ticket, {visit.pk: visit for visit in waiting})


def places_in_line(ticket: Ticket) -> list[TicketNow]:
    """The place of each step that the party waits for by now: those without a time, such as one it was sent on to, and those that are due.

    The nearest first. A step that another one must come before has no place yet.
    """
    now = clock.now()
    waiting = ticket.journey.visits.filter(status=Status.WAITING).select_related("service__authority", "desk", "room", "appointment")
    found = []
    for visit in waiting.order_by("position", "id"):
        booked = getattr(visit, "appointment", None)
        if booked and not booked.freed_at and booked.starts > now:
            continue
        if visit.parked_at:
            return [TicketNow(ticket, ASIDE, visit.service)]
        found.append(_in_line(ticket, {visit.pk: visit}))
    placed = [one for one in found if one.ahead is not None]
    return sorted(placed, key=lambda one: (one.ahead, one.wait.middle if one.wait else inf))


def _in_line(ticket: Ticket, mine: dict[int, Visit]) -> TicketNow:
    house = ticket.house
    today = today_in(house)
    every_step = today.in_line
    aside = parties_aside(every_step)
    steps = [step for step in every_step if step.status == Status.WAITING and step.journey not in aside and not step.unmet]
    desks = list(desks_in_line(today).values())
    own = min((step for step in steps if step.visit in mine), key=lambda step: step.visit, default=None)
    if own is None:
        return TicketNow(ticket, str(Status.WAITING), next(iter(mine.values())).service)
    rules, open_desks = today.plan.line, open_now(today.plan)
    before, able = _before(own, steps, desks, rules), [desk for desk in desks if desk.desk in open_desks]
    ahead = len({step.journey for step in before})
    held = _held_for(own, every_step, able, rules) if ahead == 0 else []
    times = [at for at in held if at]
    held_for = min(times) if times and len(times) == len(held) else None
    service, wait = mine[own.visit].service, wait_of(own, before, today, serving_desks(own, able))
    closed = wait is None and service in services_closed_today(house)
    closes = last_calls(house).get(own.service)
    now = TicketNow(ticket, str(Status.WAITING), service, None, ahead, wait, held_for=held_for, closed=closed, closes=closes)
    for_a_room = ahead == 0 and not held_for and bool(rooms_waited_for(today.plan, [mine[own.visit]]))
    now = replace(now, closed_until=services_closed_until(house).get(own.service), for_a_room=for_a_room)
    now = replace(now, time_kept=bool(times) and held_for is None)
    return replace(now, too_late=comes_too_late(wait, closes), wait=None if now.after_closing else wait)


def _held_for(own: Waiting, steps: list[Waiting], desks: list[DeskInLine], rules: LineRules) -> list[dt.datetime | None]:
    """Of each desk that is open and may call it: the booked time for which it holds it back, where it does."""
    now = clock.now()
    able = set(serving_desks(own, desks))
    turns = [turn for desk in desks if desk.desk in able for turn in line_for(desk, steps, now=now, rules=rules)]
    return [turn.keeps for turn in turns if turn.step.visit == own.visit]


def _before(own: Waiting, steps: list[Waiting], desks: list[DeskInLine], rules: LineRules) -> list[Waiting]:
    """The steps of other parties that stand before it at the desks that may call it."""
    now = clock.now()
    able = set(serving_desks(own, desks))
    here = order(own, 0, now=now, rules=rules)
    others = [step for step in steps if step.journey != own.journey and able & set(serving_desks(step, desks))]
    return [step for step in others if order(step, 0, now=now, rules=rules) < here]
