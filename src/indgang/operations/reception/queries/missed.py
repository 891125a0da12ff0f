"""How often somebody has not come: a plain fact for the staff. Nothing is decided by it."""

from __future__ import annotations

import datetime as dt

from django.db.models import Min

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.operations.reception.models import Journey
from indgang.operations.reception.models.turn import TurnOutcome
from indgang.operations.reception.queries.journeys import journeys_visible_to
from indgang.registers.parties.models import Person

LOOKED_BACK = dt.timedelta(days=365)


def times_missed(actor: Actor, journey: Journey) -> list[dt.datetime]:
    """When the contact of this journey did not come to another one in the last year, as far as the actor may see, the latest first.

    A contact is the same person, or somebody with the same e-mail address.
    """
    contact = journey.contact
    if contact is None:
        return []
    alike = set(Person.objects.filter(email__iexact=contact.email).values_list("pk", flat=True)) if contact.email else set()
    same = journeys_visible_to(actor).exclude(pk=journey.pk).filter(contact__in={contact.pk, *alike})
    missed = same.filter(turns__outcome=TurnOutcome.NO_SHOW, turns__booked_for__gte=clock.now() - LOOKED_BACK)
    return list(missed.annotate(at=Min("turns__booked_for")).order_by("-at").values_list("at", flat=True))
