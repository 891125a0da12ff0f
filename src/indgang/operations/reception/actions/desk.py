"""At the desk: call next, start, finish, put back. Twenty clerks may press "next" at once; nobody gets the same person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.journal.models import Circle
from indgang.operations.reception import beside_words, emails, links, permissions
from indgang.operations.reception.actions.as_before import (
    ENDINGS,
    FIELDS,
    as_it_is,
    aside_of,
    last_entry,
    missing_before,
    set_as_it_was,
    set_aside_as_before,
    stand_again,
)
from indgang.operations.reception.actions.called_beside import NoRoom, TakenBeside, beside_for_call, patiently, take_again
from indgang.operations.reception.actions.desks import at_desk, own_desk
from indgang.operations.reception.actions.earlier_day import refuse_for_an_earlier_day
from indgang.operations.reception.actions.entries import write_entry
from indgang.operations.reception.actions.notes import note_again
from indgang.operations.reception.actions.outcomes import MISSING, checked_missing, missing_in_journal
from indgang.operations.reception.actions.served_after_all import called_before_it_ended
from indgang.operations.reception.actions.tickets import number_party
from indgang.operations.reception.actions.turns import end_told, end_turn, ended_for_good, left_open_turn, take_turns_back
from indgang.operations.reception.desk_words import ended_unserved, party_by_number
from indgang.operations.reception.errors import NotAtDesk, NotNow, NotThere
from indgang.operations.reception.models import Desk, Journey, Turn, Visit
from indgang.operations.reception.models.journey import AT_A_DESK, Outcome, Status
from indgang.operations.reception.queries.closing_time import end_of
from indgang.operations.reception.queries.documents import Documents
from indgang.operations.reception.queries.line import held_back_at, line_at, line_rules

BESIDE = ("interpreter", "room")


def call_next(*, actor: Actor, desk: Desk) -> Visit | None:
    """Call whoever is next in line for the desk; None when nobody waits who can be called.

    A desk that has somebody already keeps that person, so a double click calls nobody twice. Who needs a room, and finds none free, keeps
    its place, and the next is called. Where colleagues are busy with all who wait, it is tried again once they are through.
    """
    called, held = patiently(lambda giving_way: _call_first(actor, desk, giving_way))
    if called is None and held:
        _let_through(held)
        called, _held = patiently(lambda giving_way: _call_first(actor, desk, giving_way))
    return called


@transaction.atomic
def _call_first(actor: Actor, desk: Desk, giving_way: bool) -> tuple[Visit | None, list[int]]:
    """Who was called, and the steps before it that colleagues held."""
    desk = own_desk(actor, desk)
    present = at_desk(desk)
    if present:
        refuse_for_an_earlier_day(present)
        return present, []
    held: list[int] = []
    for visit_id in line_at(desk):
        visit = _claim(visit_id)
        if visit is None:
            held.append(visit_id)
            continue
        try:
            return _call(actor, desk, visit, beside_for_call(desk, visit, giving_way=giving_way)), held
        except NoRoom:
            continue
    return None, held


@transaction.atomic
def _let_through(held: Sequence[int]) -> None:
    """Wait until colleagues are through with these steps. Nothing else is locked here, so nobody waits in a circle."""
    list(Journey.objects.select_for_update().filter(pk__in=Visit.objects.filter(pk__in=held).values("journey")).order_by("pk"))


class _Held(Exception):
    """A colleague has the party, or is changing something for it at this very moment."""


def call_visit(*, actor: Actor, desk: Desk, visit: Visit, without_room: bool = False) -> Visit:
    """Call a certain party out of turn; twice calls once. `without_room`: although its step is done in one, where the house allows it.

    Raises NotNow when the desk has somebody else, no room is free (who has it, until when), or the party is not (who called it, where to).
    """
    for _attempt in range(2):
        try:
            return patiently(lambda giving_way: _call_certain(actor, desk, visit, giving_way, without_room))
        except _Held:
            taken = _who_has(visit)
            if taken:
                raise NotNow(taken) from None
    raise NotNow(_("A colleague has just changed something for this party. Look at the line, and call again."))


@transaction.atomic
def _who_has(visit: Visit) -> str:
    """Why the party cannot come; "" when it can by now.

    Waits until the colleague is through. Nothing else is locked here by then, so nobody waits in a circle.
    """
    now = locked_visit(visit)
    there = now.journey.visits.filter(status__in=AT_A_DESK).select_related("desk", "clerk").first()
    if there and there.desk and there.clerk:
        facts = {"party": party_by_number(now.journey), "desk": there.desk.title, "name": there.clerk}
        return _("%(party)s has just been called to %(desk)s by %(name)s.") % facts
    facts = {"party": party_by_number(now.journey), "desk": there.desk.title if there and there.desk else ""}
    if there and there.desk:
        return _("%(party)s has just been called to %(desk)s.") % facts
    return "" if now.status == Status.WAITING else _("%(party)s does not wait for this step now.") % facts


@transaction.atomic
def _call_certain(actor: Actor, desk: Desk, visit: Visit, giving_way: bool, without_room: bool) -> Visit:
    desk = own_desk(actor, desk)
    present = at_desk(desk)
    if present:
        refuse_for_an_earlier_day(present)
    if present and present.pk == visit.pk and present.status == Status.CALLED:
        return present
    if present:
        raise NotNow(_("Finish with the person at your desk first."))
    if not desk.services.filter(pk=visit.service_id).exists():
        raise NotNow(_("This desk does not do that step."))
    keeps = held_back_at(desk, visit.pk)
    claimed = _claim(visit.pk)
    if claimed is None:
        raise _Held
    refuse_for_an_earlier_day(claimed)
    if without_room and not line_rules(desk.house).without_room:
        raise NotNow(_("In this house nobody is called without the room that the step is done in."))
    try:
        beside = beside_for_call(desk, claimed, giving_way=giving_way, without_room=without_room)
    except NoRoom:
        raise NotNow(beside_words.no_room_in_words(desk, claimed)) from None
    return _call(actor, desk, claimed, beside, ahead_of=keeps, without_room=without_room)


def _claim(visit_id: int) -> Visit | None:
    """The step, its journey locked, if it can still be called; None when a colleague is quicker."""
    journey = Journey.objects.select_for_update(skip_locked=True).filter(visits=visit_id).first()
    if journey is None:
        return None
    visits = list(journey.visits.select_related("service__authority", "journey__house__region", "journey__contact", "appointment"))
    wanted = next((visit for visit in visits if visit.id == visit_id), None)
    free = wanted is not None and wanted.status == Status.WAITING and not any(visit.status in AT_A_DESK for visit in visits)
    return wanted if free else None


def _call(
    actor: Actor, desk: Desk, visit: Visit, beside: TakenBeside, *, ahead_of: dt.datetime | None = None, without_room: bool = False
) -> Visit:
    """`ahead_of`: the time of the booked party for whom the line held this one back."""
    now, before = clock.now(), {"was": as_it_is(visit), "aside": aside_of(visit.journey)}
    visit.status, visit.desk, visit.called_at, visit.clerk = Status.CALLED, desk, now, actor.user
    visit.calls, visit.last_called_at, visit.parked_at = visit.calls + 1, now, None
    visit.interpreter, visit.room = beside.interpreter, beside.room
    visit.save(update_fields=["status", "desk", "called_at", "clerk", "calls", "last_called_at", "parked_at", *BESIDE])
    Visit.objects.filter(journey=visit.journey, parked_at__isnull=False).update(parked_at=None)  # the party is here, for all its steps
    number_party(journey=visit.journey)  # whoever came in by another way has none yet, and the display calls by number
    anyway: dict[str, Any] = {"ahead_of": ahead_of.isoformat()} if ahead_of else {}
    if beside.room or without_room:
        anyway["room"] = beside.room.key if beside.room else None
    write_entry(actor, "visit.called", visit, at=now, before=before, desk=desk.key, **anyway)
    return visit


def locked_visit(visit: Visit) -> Visit:
    """The step as it is now, its journey locked first. Raises NotThere where it is gone."""
    Journey.objects.select_for_update().filter(pk=visit.journey_id).first()
    related = "service__authority", "journey__house__region", "journey__contact", "desk__organisation"
    found = Visit.objects.select_related(*related).filter(pk=visit.pk).first()
    if found is None:
        raise NotThere
    return found


@transaction.atomic
def start_visit(*, actor: Actor, visit: Visit) -> Visit:
    """The party sits down. Starting twice changes nothing. Raises NotNow unless the party was called."""
    visit = at_own_desk(actor, visit)
    if visit.status == Status.SERVING:
        return visit
    if visit.status != Status.CALLED:
        raise NotAtDesk(_("This step is not at your desk now, so nothing was done."))
    now = clock.now()
    visit.status, visit.started_at = Status.SERVING, now
    visit.save(update_fields=["status", "started_at"])
    write_entry(actor, "visit.started", visit, at=now, desk=visit.desk.key if visit.desk else "")
    return visit


@transaction.atomic
def undo_start(*, actor: Actor, visit: Visit) -> Visit:
    """The party has not sat down yet: called as it was, and since when. Twice changes nothing. Raises NotNow once the step has ended."""
    visit = at_own_desk(actor, visit)
    if visit.status == Status.CALLED:
        return visit
    if visit.status != Status.SERVING or visit.called_at is None:
        raise NotNow(_("This can no longer be undone: something else was done with this step since."))
    visit.status, visit.started_at = Status.CALLED, None
    visit.save(update_fields=["status", "started_at"])
    write_entry(actor, "visit.start-undone", visit, desk=visit.desk.key if visit.desk else "")
    return visit


def at_own_desk(actor: Actor, visit: Visit, *, of_any_day: bool = False) -> Visit:
    """The step as it is now, its journey locked; only for the clerks of its desk, or of its authority while it is at none.

    A step that has ended stays with those who ended it, also when its desk has become another authority's.
    """
    visit = locked_visit(visit)
    allowed = permissions.serve_at(visit.desk) if visit.desk else permissions.serves(visit.service)
    require(allowed, actor)
    ended = Turn.objects.filter(visit=visit, ended_at=visit.ended_at).first() if visit.status == Status.DONE else None
    if ended:
        require(permissions.told_end_of(ended), actor)
    if not of_any_day:
        refuse_for_an_earlier_day(visit)
    return visit


@transaction.atomic
def finish_visit(*, actor: Actor, visit: Visit, outcome: str, missing: Sequence[str] = (), note: str = "", beside: str = "") -> Visit:
    """End a step with its outcome. Documents that are missing must be named; a refusal needs its reason (`note`). `beside`: one more note.

    A document is named by its key in the journey rules, by its title in any language, or in words of the clerk's own.
    Finishing again with the same outcome changes nothing. What was left open at closing time ended then, whenever that is said, and so
    did what a desk had called and the end of the day took for not served. Raises InvalidRequest and NotNow. The house sees that the step
    ended and which documents are missing; a note and a refusal are for the authority and the floorwalker.
    """
    named = checked_missing(outcome, missing, note)
    visit = at_own_desk(actor, visit, of_any_day=True)
    _stand_at_its_desk_after_all(actor, visit)
    left = left_open_turn(visit)
    if visit.status == Status.DONE and visit.outcome == outcome and left is None:
        return visit
    if visit.status not in AT_A_DESK and left is None:
        raise NotAtDesk(ended_unserved(visit) or _("This step is not at your desk now, so nothing was done."))
    now, before = clock.now(), {"called_only": True} if visit.status == Status.CALLED else None
    ended = visit.ended_at if left and visit.ended_at else end_of(visit)
    visit.status, visit.outcome, visit.ended_at = Status.DONE, outcome, ended or now
    visit.missing, visit.missing_other = Documents(visit.journey.house.region_id).told_apart(named)
    visit.started_at = visit.started_at or visit.called_at
    visit.save(update_fields=[*FIELDS, "clerk", "outcome", *MISSING, "ended_at"])
    turn = end_told(left, outcome) if left else end_turn(visit, known=ended is None)
    private = Circle.ORGANISATION if outcome == Outcome.REFUSED else Circle.HOUSE
    facts: dict[str, Any] = {"outcome": outcome, "people": visit.people, "persons": turn.persons}
    if ended:
        facts["ended"] = ended.isoformat()
    verb = "visit.end-told" if left else "visit.finished"
    write_entry(actor, verb, visit, at=now, circle=private, before=before, personal=missing_in_journal(visit), **facts)
    for text, refusal in ((note, outcome == Outcome.REFUSED), (beside, False)):
        if text.strip():
            note_again(actor=actor, visit=visit, text=text, refusal=refusal)
    contact = visit.journey.contact
    if named and contact and contact.email:
        emails.send_documents_missing(journey=visit.journey, visit=visit, manage_url=links.new_manage_url(journey=visit.journey))
    return visit


def _stand_at_its_desk_after_all(actor: Actor, visit: Visit) -> bool:
    """Whether the end of the day took a step for not served that a desk had called: it stands there again. Not saved."""
    if not called_before_it_ended(visit) or visit.desk is None:
        return False
    require(permissions.serve_at(visit.desk), actor)
    write_entry(actor, "visit.not-served-undone", visit, desk=visit.desk.key, called=visit.called_at)
    return True


@transaction.atomic
def put_back(*, actor: Actor, visit: Visit, undoing: bool = False) -> Visit:
    """The party waits again, at the same place in line. Raises NotNow once the step has ended.

    `undoing`: the call was a mistake, so the party is as it was before; else it was called and did not come.
    """
    visit = at_own_desk(actor, visit)
    if visit.status == Status.WAITING:
        return visit
    if visit.status not in AT_A_DESK:
        raise NotAtDesk(_("This step has ended, so it cannot be put back."))
    before = None if undoing else {"was": as_it_is(visit)}
    visit.status, visit.desk, visit.called_at, visit.started_at, visit.clerk = Status.WAITING, None, None, None, None
    visit.interpreter = visit.room = None
    call = last_entry(visit, "visit.called") if undoing else None
    if call and call.before:
        set_as_it_was(visit, call.before["was"])
    visit.save(update_fields=[*FIELDS, "clerk"])
    if call and call.before:
        set_aside_as_before(visit.journey, call.before["aside"])
    write_entry(actor, "visit.put-back", visit, before=before)
    return visit


@transaction.atomic
def reopen_visit(*, actor: Actor, visit: Visit) -> Visit:
    """Undo a finish, or that the end of the day took a called party for not served: it is at the desk again, to say how it ended.

    Raises NotNow when the desk or the party is busy meanwhile, or on a later day.
    """
    visit = at_own_desk(actor, visit, of_any_day=True)
    unserved = _stand_at_its_desk_after_all(actor, visit)
    if visit.desk:
        visit.desk = own_desk(actor, visit.desk)  # whoever calls to this desk waits, or has called
    if visit.status == Status.SERVING:
        return visit
    if ended_for_good(visit):
        raise NotNow(_("This ended on an earlier day, so its ending stays. If it is not right, write a note on the visit."))
    busy = Visit.objects.filter(Q(desk=visit.desk) | Q(journey=visit.journey), status__in=AT_A_DESK)
    if visit.desk is None or not (unserved or visit.status == Status.DONE) or busy.exists():
        raise NotNow(ended_unserved(visit) or _("This can no longer be undone: the desk or the party is busy with something else."))
    if unserved:
        take_again(visit)
        visit.save(update_fields=[*FIELDS, "clerk", "outcome"])
        stand_again(visit.journey)
        return visit
    outcome, finished = visit.outcome, last_entry(visit, *ENDINGS)
    visit.status, visit.outcome, visit.ended_at = Status.SERVING, "", None
    if finished and finished.before.get("called_only"):
        visit.status, visit.started_at = Status.CALLED, None
    visit.missing, visit.missing_other = missing_before(visit)
    take_again(visit)
    visit.save(update_fields=["status", "outcome", *MISSING, "started_at", "ended_at", *BESIDE])
    take_turns_back([visit])
    stand_again(visit.journey)
    emails.withdraw_documents_missing(visit=visit)
    if outcome == Outcome.REFUSED and finished:
        visit.notes.filter(refusal=True, created_at__gte=finished.at).update(refusal=False)  # the words stay, as a note
    write_entry(actor, "visit.reopened", visit, circle=Circle.ORGANISATION, outcome=outcome, status=str(visit.status))
    return visit
