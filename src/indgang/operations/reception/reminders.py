"""Reminders of tomorrow: who gets one, and writing them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from indgang.foundation.database import clock
from indgang.foundation.mail.models import Letter, State
from indgang.foundation.places.models import House
from indgang.operations.reception import links
from indgang.operations.reception.emails import reminder_key, send_reminder
from indgang.operations.reception.models import Appointment, Journey
from indgang.operations.reception.models.journey import Status
from indgang.operations.reception.rules.reminders import day_to_remind_of, is_news

TELLING = ("booked", "moved", "interpreter")


def write_reminders() -> int:
    """Remind everybody who is expected tomorrow and has not been reminded; returns how many letters were written."""
    count = 0
    for house in House.objects.select_related("region"):
        day = day_to_remind_of(clock.now().astimezone(house.zone))
        if day is not None:
            count += sum(_remind(journey, day) for journey in _to_remind(house, day))
    return count


def _to_remind(house: House, day: dt.date) -> list[Journey]:
    """The journeys with a step planned that day that have an address and no reminder for it yet."""
    begins = dt.datetime.combine(day, dt.time(), house.zone)
    ends = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), house.zone)
    planned = Appointment.objects.filter(
        freed_at=None,
        period__startswith__gte=begins,
        period__startswith__lt=ends,
        visit__status=Status.PLANNED,
        visit__journey__house=house,
        visit__journey__cancelled_at=None,
        visit__journey__contact__email__gt="",
    )
    ids = planned.values("visit__journey")
    journeys = list(Journey.objects.filter(id__in=ids).select_related("house__region", "contact", "municipality"))
    written = _written(journeys, day)
    return [journey for journey in journeys if _is_due(journey, day, written)]


def _is_due(journey: Journey, day: dt.date, written: Mapping[str, dt.datetime]) -> bool:
    """Whether no reminder was written since they were last told of their times, and that is long enough ago."""
    told, reminded = (_last(keys, written) for keys in (_told_keys(journey), _reminder_keys(journey, day)))
    return (reminded is None or (told is not None and told > reminded)) and is_news(clock.now(), told)


def _told_keys(journey: Journey) -> list[str]:
    """The keys of whatever letters told of the journey's times, of all that it has had."""
    return [f"{kind}:{journey.id}:{sequence}" for kind in TELLING for sequence in range(journey.sequence + 1)]


def _reminder_keys(journey: Journey, day: dt.date) -> list[str]:
    return [reminder_key(journey, day, sequence) for sequence in range(journey.sequence + 1)]


def _last(keys: Sequence[str], written: Mapping[str, dt.datetime]) -> dt.datetime | None:
    return max((written[key] for key in keys if key in written), default=None)


def _written(journeys: Sequence[Journey], day: dt.date) -> dict[str, dt.datetime]:
    """When the letters that were not taken back were written, by their keys."""
    keys = [key for journey in journeys for key in (*_told_keys(journey), *_reminder_keys(journey, day))]
    return dict(Letter.objects.filter(key__in=keys).exclude(state=State.WITHDRAWN).values_list("key", "created_at"))


@transaction.atomic
def _remind(journey: Journey, day: dt.date) -> bool:
    """Write the reminder, unless the journey was changed this very moment; then the next round sees to it."""
    unchanged = Journey.objects.select_for_update(of=("self",), skip_locked=True).filter(
        pk=journey.pk, sequence=journey.sequence, cancelled_at=None
    )
    if not unchanged.exists():
        return False
    letter = send_reminder(journey=journey, manage_url=links.new_manage_url(journey=journey), date=day)
    return letter is not None
