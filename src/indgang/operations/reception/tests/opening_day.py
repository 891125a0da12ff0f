"""Changes of hours for the tests: closures, hours and desks as the pages would ask for them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.identity.models import Role
from indgang.foundation.places.models import House
from indgang.operations.reception.actions.opening import Saved, preview_change, save_change
from indgang.operations.reception.opening_changes import Change
from indgang.operations.reception.queries.opening_states import desk_state, hours_state
from indgang.operations.reception.tests import factories
from indgang.operations.reception.tests.staff_day import DATE


def leader(of: str = "ihnd") -> Actor:
    """The leader of an organisation."""
    return staff(factories.member(Role.LEADER, of))


def closure(
    desk: str = "", first: dt.date = DATE, last: dt.date | None = None, begins: str | None = None, ends: str | None = None
) -> Change:
    """A new closure of the house or a desk."""
    return Change(
        "closure",
        "aalborg",
        "",
        0,
        None,
        {
            "title_da": "Kursus",
            "title_en": "Training",
            "desk": desk,
            "first_day": first.isoformat(),
            "last_day": (last or first).isoformat(),
            "from_time": begins,
            "until_time": ends,
        },
    )


def session(*desks: str, weekday: int = 1, weeks: int = 1, opens: str = "16:00", closes: str = "18:00", first: dt.date = DATE) -> Change:
    """A new session."""
    after = {
        "title_da": "Åbent hus",
        "title_en": "Open house",
        "weekday": weekday,
        "opens": opens,
        "closes": closes,
        "every_weeks": weeks,
        "first_day": first.isoformat(),
        "last_day": None,
        "desks": sorted(desks),
    }
    return Change("session", "aalborg", "", 0, None, after)


def hours(house: House, *rows: list[Any], desk: str = "") -> Change:
    """The hours of the house or a desk."""
    return Change(
        "hours", house.key, desk, 0, hours_state(house, factories.desk(desk) if desk else None), {"rows": [list(row) for row in rows]}
    )


def desk_without(key: str, **after: Any) -> Change:
    """A desk with other services, languages or days."""
    before = desk_state(factories.desk(key))
    return Change("desk", "aalborg", key, 0, before, {**before, **after})


def first_choices(actor: Actor, change: Change) -> dict[Any, str]:
    """What the page has chosen when nobody touches it: the first proposal of each."""
    return {one.journey.pk: one.proposals[0].offer if one.proposals else "" for one in preview_change(actor=actor, change=change)}


def saved(actor: Actor, change: Change) -> Saved:
    """The change, saved as the page proposes it."""
    return save_change(actor=actor, change=change, choices=first_choices(actor, change))
