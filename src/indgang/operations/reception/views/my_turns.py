"""A clerk's own turns, for the desk page."""

from __future__ import annotations

from typing import Any

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.roster import sits_in
from indgang.operations.reception.roster_week import my_week


def my_turns(actor: Actor, house: House) -> dict[str, Any]:
    """Where the actor sits in the next seven days; one query for whoever has no turns in the house."""
    today = clock.today(house.zone)
    turns = my_week(house_plan(house), actor.user) if actor.user and sits_in(house, actor.user, today) else []
    return {"my_week": turns, "sits_today": any(turn.date == today and not turn.away for turn in turns)}
