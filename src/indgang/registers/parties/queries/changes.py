"""What somebody changed, as far as they can take it back: their own alone."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.registers.parties.models import Change, Company, CompanyNote, Contact

JUST_NOW = dt.timedelta(minutes=10)  # a form that is sent twice answers with the change that it made the first time


def changes_visible_to(actor: Actor) -> QuerySet[Change]:
    """Those that the actor made."""
    return Change.objects.filter(user=actor.user) if actor.user else Change.objects.none()


def change_just_made(actor: Actor, record: Company | Contact | CompanyNote) -> Change | None:
    """The actor's last change of the record, if it was made just now and stands."""
    which = {
        "company": record if isinstance(record, Company) else record.company,
        "contact": record if isinstance(record, Contact) else None,
        "note": record if isinstance(record, CompanyNote) else None,
    }
    lately = changes_visible_to(actor).filter(**which, taken_back_at=None, at__gte=clock.now() - JUST_NOW)
    return lately.order_by("-pk").first()
