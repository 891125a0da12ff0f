"""An interpreter or a room that is free by now is taken by a step that is at its desk without one; and given back, where that is undone."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.operations.reception import beside_words, permissions
from indgang.operations.reception.actions.as_before import last_entry
from indgang.operations.reception.actions.called_beside import patiently, take_at_desk
from indgang.operations.reception.actions.desk import locked_visit
from indgang.operations.reception.actions.earlier_day import refuse_for_an_earlier_day
from indgang.operations.reception.actions.entries import write_entry
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Resource, Visit
from indgang.operations.reception.models.journey import AT_A_DESK
from indgang.operations.reception.queries.interpreters import needs_at

INTERPRETER, ROOM = "interpreter", "room"
TAKEN = {INTERPRETER: "visit.interpreter-taken", ROOM: "visit.room-taken"}
GIVEN_BACK = {INTERPRETER: "visit.interpreter-given-back", ROOM: "visit.room-given-back"}


def take_now(*, actor: Actor, visit: Visit, what: str) -> Resource:
    """Take the interpreter, or the room, that the step at a desk goes without; whom it has. Twice changes nothing.

    Raises NotNow when the step is at no desk, when it needs none, and when somebody else was quicker (who has them, until when).
    """
    return patiently(lambda giving_way: _take(actor, visit, what, giving_way))


@transaction.atomic
def _take(actor: Actor, visit: Visit, what: str, giving_way: bool) -> Resource:
    visit = locked_visit(visit)
    require(permissions.call_for(visit), actor)
    refuse_for_an_earlier_day(visit)
    if visit.status not in AT_A_DESK or visit.desk is None:
        raise NotNow(_("This step is not at a desk now, so nothing is taken for it. They come along when the party is called."))
    had: Resource | None = getattr(visit, what)
    if had:
        return had
    found = take_at_desk(visit, what, giving_way=giving_way)
    if found is None:
        raise NotNow(_why_not(visit, what))
    setattr(visit, what, found)
    visit.save(update_fields=[what])
    write_entry(actor, TAKEN[what], visit, desk=visit.desk.key, resource=found.key)
    return found


def _why_not(visit: Visit, what: str) -> str:
    assert visit.desk, "asked for a step at a desk"
    quicker = _("Somebody else was quicker.")
    if what == ROOM:
        return " ".join([quicker, beside_words.no_room_in_words(visit.desk, visit)])
    if not needs_at(visit.desk, visit):
        return _("This step needs no interpreter at this desk any more.")
    return " ".join([quicker, beside_words.no_interpreter_in_words(visit.desk, visit)])


@transaction.atomic
def give_back(*, actor: Actor, visit: Visit, what: str) -> Visit:
    """Undo that: it was not needed after all, and is free for others. Twice changes nothing.

    Raises NotNow for what came with the call, and once the step has left the desk.
    """
    visit = locked_visit(visit)
    require(permissions.call_for(visit), actor)
    entry = last_entry(visit, TAKEN[what])
    if visit.status not in AT_A_DESK or entry is None or visit.called_at is None or entry.at < visit.called_at:
        raise NotNow(_("This can no longer be undone: something else was done with this step since."))
    if getattr(visit, what) is None:
        return visit
    setattr(visit, what, None)
    visit.save(update_fields=[what])
    write_entry(actor, GIVEN_BACK[what], visit, desk=visit.desk.key if visit.desk else "")
    return visit
