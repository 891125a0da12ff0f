"""Whether somebody who waits, or would take a ticket now, is most likely called before the desks close."""

from __future__ import annotations

import datetime as dt

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.queries.closing_time import closing_times_of
from indgang.operations.reception.queries.house import house_plan
from indgang.operations.reception.queries.waits_told import waits_told
from indgang.operations.reception.rules.waits import Wait


def last_calls(house: House) -> dict[str, dt.datetime]:
    """By service, when the last desk that does it closes today; without those that no desk does today."""
    plan = house_plan(house)
    closes = closing_times_of(plan, clock.today(house.zone))
    found: dict[str, dt.datetime] = {}
    for desk in plan.desks:
        for key in desk.services if desk.desk.pk in closes else ():
            found[key] = max(closes[desk.desk.pk], found.get(key, closes[desk.desk.pk]))
    return found


def comes_too_late(wait: Wait | None, closes: dt.datetime | None) -> bool:
    """Whether somebody with that wait is most likely not called before the desks close: they are told no wait at all, or a longer one."""
    now = clock.now()
    return closes is not None and closes > now and (wait is None or now + dt.timedelta(minutes=wait.middle) >= closes)


def too_late_for(house: House) -> dict[str, dt.datetime]:
    """By key, the services for which somebody who takes a ticket now most likely comes too late, and when their last desk closes today."""
    told = waits_told(house).newcomers
    return {key: at for key, at in last_calls(house).items() if comes_too_late(told.get(key), at)}


def over_today(house: House) -> set[str]:
    """The services whose last desk has closed for today."""
    now = clock.now()
    return {key for key, at in last_calls(house).items() if at <= now}
