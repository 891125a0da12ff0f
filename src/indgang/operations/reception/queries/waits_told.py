"""What a house tells about waiting: worked out by one process once in five seconds of the clock, and told by all of them."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Collection, Mapping
from dataclasses import astuple
from threading import Lock, Thread
from typing import Any

from django.core.cache import caches
from django.db import connection, transaction

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.models import WaitsTold
from indgang.operations.reception.models.journey import AT_A_DESK
from indgang.operations.reception.queries.today import Today
from indgang.operations.reception.queries.waits import Told, worked_out
from indgang.operations.reception.rules.queue import Waiting
from indgang.operations.reception.rules.waits import Wait, joined

log = logging.getLogger(__name__)
FRESH_SECONDS = 5
KEPT_SECONDS = 60
CARRIED_ON_AT_MOST = dt.timedelta(seconds=20)
_at_work_beside = Lock()
_beside = False
_tried: dict[int, int] = {}  # by house, in which five seconds this process set to work beside


def wait_of(own: Waiting, before: Collection[Waiting], today: Today, desks: Collection[int]) -> Wait | None:
    """The wait of a step that waits for one of the `desks`, behind the steps `before` it; None where it cannot be told.

    Who has only just come waits as newcomers to that service do, and as long again as those take who came in the same moment and before.
    """
    told = waits_told(today.house)
    if own.visit in told.steps:
        return told.steps[own.visit]
    wait = told.newcomers.get(own.service)
    unknown = [step.minutes for step in before if step.visit not in told.steps]
    if wait is None or not unknown:
        return wait
    taken = {visit.desk_id for visit in today.visits if visit.status in AT_A_DESK}
    spare = len(set(desks) - taken) - (len(before) - len(unknown))
    return joined(wait, unknown, desks=len(desks), spare=max(spare, 0))


def waits_told(house: House) -> Told:
    """The waits in the house, worked out once in every five seconds of the clock: all pages that ask in them are told the same.

    A web process works them out beside its answers (`work_beside`), and until then all tell what was worked out before; what is older
    than `CARRIED_ON_AT_MOST` is told to nobody.
    """
    now = clock.now()
    number = _number_of(now)
    told: Told | None = caches["near"].get(_name(house, number))
    if told:
        return told
    stored = _stored(house)
    if stored and _is_of(stored, number):
        caches["near"].set(_name(house, number), stored, KEPT_SECONDS)
        return stored
    if _beside and stored and dt.timedelta() <= now - stored.at <= CARRIED_ON_AT_MOST:
        _set_to_work(house, number)
        return stored
    return _worked_out_once(house, number)


def work_beside() -> None:
    """From now on waits are worked out beside the answers of this process."""
    global _beside
    _beside = True


def _name(house: House, number: int) -> str:
    return f"waits:{house.pk}:{number}"


def _number_of(at: dt.datetime) -> int:
    return int(at.timestamp() // FRESH_SECONDS)


def _is_of(told: Told, number: int) -> bool:
    """Whether it was worked out in those five seconds, or in the next by somebody who looked at the clock a moment later."""
    return _number_of(told.at) in (number, number + 1)


def _set_to_work(house: House, number: int) -> None:
    """Once in five seconds, and one house at a time: what is left undone is tried in the next five seconds."""
    if _tried.get(house.pk) == number or not _at_work_beside.acquire(blocking=False):
        return
    _tried[house.pk] = number
    Thread(target=_work_out_beside, args=(house, number), name=_name(house, number), daemon=True).start()


def _work_out_beside(house: House, number: int) -> None:
    try:
        with transaction.atomic():
            if _may_work(house, "pg_try_advisory_xact_lock"):  # else another process is at it
                _stored_or_worked_out(house, number)
    except Exception:
        log.exception("The waits in %s could not be worked out", house.key)
    finally:
        _at_work_beside.release()
        connection.close()


@transaction.atomic
def _worked_out_once(house: House, number: int) -> Told:
    """Whoever asks meanwhile waits for what the first works out."""
    _may_work(house, "pg_advisory_xact_lock")
    told = _stored_or_worked_out(house, number)
    caches["near"].set(_name(house, number), told, KEPT_SECONDS)
    return told


def _may_work(house: House, lock: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))::text", [f"waits:{house.pk}"])
        return cursor.fetchone()[0] != "false"


def _stored_or_worked_out(house: House, number: int) -> Told:
    stored = _stored(house)
    if stored and _is_of(stored, number):
        return stored
    told = worked_out(house)
    row = {"at": told.at, "steps": _plain(told.steps), "newcomers": _plain(told.newcomers)}
    WaitsTold.objects.update_or_create(house=house, defaults=row)
    return told


def _stored(house: House) -> Told | None:
    row = WaitsTold.objects.filter(house=house).first()
    if row is None:
        return None
    steps = {int(visit): wait and Wait(*wait) for visit, wait in row.steps.items()}
    return Told(steps, {service: Wait(*wait) for service, wait in row.newcomers.items()}, row.at)


def _plain(waits: Mapping[Any, Wait | None]) -> dict[str, tuple[float, ...] | None]:
    return {str(key): astuple(wait) if wait else None for key, wait in waits.items()}
