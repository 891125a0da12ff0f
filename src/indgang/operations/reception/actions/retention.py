"""Keeping personal data no longer than was promised; the models' `personal` declarations say how long."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import QuerySet

from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.operations.reception.models import Code, IdempotentRequest, Journey, LinkKey, Note, Visit
from indgang.registers.parties.actions import anonymise_person
from indgang.registers.parties.models import Person

PEOPLE_DAYS = NOTE_DAYS = 2 * 365
CODE_DAYS = 7
REQUEST_DAYS = 30
AT_ONCE = 500


def keep_no_longer_than_promised() -> dict[str, int]:
    """Forget what has been kept long enough: how many people, notes, codes, keys and requests."""
    now = clock.now()
    return {
        "people": _anonymise(people_to_forget(now)),
        "notes": Note.objects.filter(visit__journey__in=_over_since(now - dt.timedelta(days=NOTE_DAYS))).delete()[0],
        "codes": Code.objects.filter(created_at__lt=now - dt.timedelta(days=CODE_DAYS)).delete()[0],
        "keys": LinkKey.objects.filter(expires_at__lt=now).delete()[0],
        "requests": IdempotentRequest.objects.filter(created_at__lt=now - dt.timedelta(days=REQUEST_DAYS)).delete()[0],
    }


def _over_since(moment: dt.datetime) -> QuerySet[Journey]:
    """Journeys that were booked, and whose every appointment and step ended, before the moment."""
    later = Visit.objects.filter(appointment__period__endswith__gte=moment) | Visit.objects.filter(ended_at__gte=moment)
    return Journey.objects.filter(created_at__lt=moment).exclude(pk__in=later.values("journey"))


def people_to_forget(now: dt.datetime) -> QuerySet[Person]:
    """The people whose last visit is longer ago than we may know them."""
    moment = now - dt.timedelta(days=PEOPLE_DAYS)
    recent = Journey.objects.exclude(pk__in=_over_since(moment).values("pk"))
    known = Person.objects.filter(anonymised_at=None, created_at__lt=moment)
    return known.exclude(travels__journey__in=recent).exclude(journeys__in=recent)


@transaction.atomic
def _anonymise(people: QuerySet[Person]) -> int:
    """A few hundred at a time: the job comes back every night."""
    chosen = list(people.order_by("created_at")[:AT_ONCE])
    for person in chosen:
        anonymise_person(actor=system(), person=person)
    Journey.objects.filter(contact__in=chosen).update(party_digest="")
    return len(chosen)
