"""A step that the end of the day took for not served, although its desk had called the party: nobody pressed Start, and they were served.

Whoever sits at that desk can say so, the same evening and afterwards, as of a step that was left open.
"""

from __future__ import annotations

from indgang.operations.reception.actions.as_before import last_entry, set_as_it_was
from indgang.operations.reception.actions.turns import take_turns_back
from indgang.operations.reception.models import Turn, Visit
from indgang.operations.reception.models.journey import NOT_SERVED, Status


def called_before_it_ended(visit: Visit) -> bool:
    """Whether it is such a step: then it is called as it was, not saved, and was not counted. Its journey is locked.

    A desk that has become another authority's has called nobody.
    """
    ended = visit.status == Status.CANCELLED and visit.outcome == NOT_SERVED
    turn = Turn.objects.filter(visit=visit, outcome=NOT_SERVED).select_related("desk").order_by("-id").first() if ended else None
    entry = last_entry(visit, "visit.not-served") if turn else None
    if turn is None or entry is None or turn.desk is None or turn.desk.organisation_id != turn.authority_id:
        return False
    set_as_it_was(visit, entry.before["was"])
    call = last_entry(visit, "visit.called")
    visit.clerk, visit.outcome = call.user if call else None, ""
    take_turns_back([visit])
    return True
