"""A clerk's own turns, and that the clerk is away, for the desk page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.foundation.ui.words import day_in_words, time_in_words
from indgang.operations.reception.models import Absence
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.kept import kept
from indgang.operations.reception.queries.opening_page import changed_by
from indgang.operations.reception.queries.roster import away_today, sits_in
from indgang.operations.reception.queries.today import Today
from indgang.operations.reception.roster_week import away_in_words, my_week


@dataclass(frozen=True)
class MyAbsence:
    """The clerk is away today: who said so, and from when until when. `to_the_end`: it has begun and lasts the day."""

    row: Absence
    said: str
    to_the_end: bool


def my_absence(actor: Actor, today: Today) -> MyAbsence | None:
    """That the actor is away today; None where nothing says so."""
    house, row = today.house, away_today(actor.user, today) if actor.user else None
    if row is None:
        return None
    now = clock.now().astimezone(house.zone)
    begun = row.from_time is None or row.from_time <= now.time()
    return MyAbsence(row, _who_said_so(actor, house, row), begun and row.until_time is None)


def _who_said_so(actor: Actor, house: House, row: Absence) -> str:
    noted = changed_by(row)
    if noted is None:
        return _("It is noted that you are away: %(when)s.") % {"when": away_in_words(row)}
    facts = {"name": noted.who, "when": away_in_words(row)}
    facts |= {"day": day_in_words(noted.when, house.zone), "time": time_in_words(noted.when, house.zone)}
    if actor.user and noted.user == actor.user.pk:
        return _("You said on %(day)s at %(time)s that you are away: %(when)s.") % facts
    return _("%(name)s noted on %(day)s at %(time)s that you are away: %(when)s.") % facts


def my_turns_anew(actor: Actor, today: Today, away: MyAbsence | None) -> dict[str, Any]:
    """The same for a page that stands open; nothing, at no query, for whoever had no turns when the house was last changed."""
    house, user = today.house, actor.user
    known = user and kept(("sits", house.pk, user.pk, today.date), today.house_version, lambda: sits_in(house, user, today.date))
    return my_turns(actor, house, away) if known else {}


def my_turns(actor: Actor, house: House, away: MyAbsence | None) -> dict[str, Any]:
    """Where the actor sits in the next seven days; one query for whoever has no turns in the house."""
    today = clock.today(house.zone)
    turns = my_week(house_plan(house), actor.user) if actor.user and sits_in(house, actor.user, today) else []
    stays = not (away and away.to_the_end)
    return {"my_week": turns, "sits_today": stays and any(turn.date == today and not turn.away for turn in turns)}
