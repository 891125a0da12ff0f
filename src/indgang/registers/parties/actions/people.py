"""What can be done with a person's record."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.journal import actions as journal
from indgang.foundation.journal.models import Circle
from indgang.foundation.places.models import Municipality
from indgang.foundation.vault.actions import erase
from indgang.registers.parties.models import Person


@transaction.atomic
def anonymise_person(*, actor: Actor, person: Person) -> Person:
    """Forget who somebody is: name, how to reach them and CPR number go, and with their key the text in the journal.

    Citizenship and municipality stay: they identify nobody by themselves and the counts need them. Doing it twice changes nothing.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("subject").get(pk=person.pk)
    if person.anonymised_at:
        return person
    erase(actor=actor, subject=person.subject)
    person.name = person.email = person.phone = person.cpr = ""
    person.anonymised_at = clock.now()
    person.save(update_fields=["name", "email", "phone", "cpr", "anonymised_at"])
    journal.record(actor=actor, verb="person.anonymised", subject=person, circle=Circle.SYSTEM)
    return person


def note_municipality_of(*, people: Collection[UUID], municipality: Municipality | None) -> None:
    """They live there; whoever notes it tells the journal. People who are anonymous stay as they are."""
    Person.objects.filter(pk__in=people, anonymised_at=None).update(municipality=municipality)
