"""What reception keeps about somebody who asks: the visits of the people reached at an address, and their places on the waiting list.

Those who came along and gave no address of their own go with the one who booked. The counts of the house stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from indgang.foundation.access.actors import system
from indgang.foundation.database import clock
from indgang.foundation.database.console import Refused
from indgang.foundation.journal.models import Entry
from indgang.foundation.journal.queries import texts_of
from indgang.foundation.privacy.holdings import Facts, Holding, facts_of
from indgang.operations.reception.actions.group_erasure import GROUPS
from indgang.operations.reception.actions.retention import forget_people
from indgang.operations.reception.actions.serving import end_entry, let_go
from indgang.operations.reception.actions.waiting_entries import locked_entry, write_waiting_entry
from indgang.operations.reception.models import Appointment, Journey, Note, Traveller, Turn, Visit, WaitingEntry, WaitingOffer
from indgang.operations.reception.models.waiting import Answer, Ended
from indgang.registers.parties.models import Person


def people_reached_at(contact: str) -> QuerySet[Person]:
    """Those who gave this address or number, and those who came along with them and gave none."""
    own = Person.objects.filter(Q(email__iexact=contact) | Q(phone=contact), anonymised_at=None).exclude(email="", phone="")
    along = Q(travels__journey__contact__in=own.values("pk"), email="", phone="", anonymised_at=None)
    return Person.objects.filter(Q(pk__in=own.values("pk")) | along).distinct()


def waits_of(contact: str) -> QuerySet[WaitingEntry]:
    """Their places on the waiting list, those that ended too."""
    return WaitingEntry.objects.filter(Q(email__iexact=contact) | Q(phone=contact)).exclude(email="", phone="")


def told_visits(contact: str) -> Iterator[tuple[str, Facts]]:
    """Who they are, their journeys with all that hangs on them, and what the journal says of them."""
    people = list(people_reached_at(contact))
    journeys = list(Journey.objects.filter(Q(contact__in=people) | Q(travellers__person__in=people)).distinct().order_by("created_at"))
    yield from _rows(people)
    yield from _rows(journeys)
    yield from _rows(Traveller.objects.filter(person__in=people))
    for model in (Visit, Turn):
        for row in model.objects.filter(journey__in=journeys).select_related("journey", "service", "desk").order_by("pk"):
            step = {"journey": row.journey.reference, "service": row.service.title, "desk": row.desk.title if row.desk else ""}
            yield row._meta.label_lower, {**step, **facts_of(row)}
    yield from _rows(Appointment.objects.filter(visit__journey__in=journeys).order_by("period"))
    yield from _rows(Note.objects.filter(visit__journey__in=journeys))
    entries = list(Entry.objects.filter(vault_subject__in=[person.subject_id for person in people]).order_by("id"))
    texts = texts_of(entries)
    for entry in entries:
        yield "journal.entry", {"at": entry.at, "verb": entry.verb, "text": texts.get(entry.pk)}


def told_waits(contact: str) -> Iterator[tuple[str, Facts]]:
    """What they asked for on the waiting list and what they were offered."""
    for entry in waits_of(contact).order_by("created_at"):
        yield from _rows([entry])
        yield from (
            (
                "reception.waitingoffer",
                {"starts": offer.starts, "ends": offer.ends, "made_at": offer.made_at, "until": offer.until, "answer": offer.answer},
            )
            for offer in entry.offers.all()
        )


def _rows(rows: Iterable[Model]) -> Iterator[tuple[str, Facts]]:
    return ((row._meta.label_lower, facts_of(row)) for row in rows)


@transaction.atomic
def forget_visits(contact: str) -> int:
    """Make them anonymous, and delete notes and missing documents. Raises Refused while they are expected or in the house."""
    people = people_reached_at(contact)
    journeys = Journey.objects.filter(Q(contact__in=people) | Q(travellers__person__in=people)).distinct()
    ahead = Appointment.objects.filter(visit__journey__in=journeys, freed_at=None, period__endswith__gt=clock.now())
    reference = ahead.values_list("visit__journey__reference", flat=True).first()
    if reference:
        raise Refused(f"They are booked: cancel the visit {reference} first. Nothing was forgotten.")
    visits = Visit.objects.filter(journey__in=list(journeys))
    touched = Note.objects.filter(visit__in=visits).delete()[0]
    visits.update(clerk=None, missing=[], missing_other=[])
    touched += people.count()
    forget_people(people)
    return touched


@transaction.atomic
def forget_waits(contact: str) -> int:
    """Take them off the list, let go of what they were offered, and delete it all."""
    entries = [locked_entry(entry) for entry in waits_of(contact)]
    for entry in entries:
        for offer in WaitingOffer.objects.select_for_update().filter(entry=entry, answer=Answer.OPEN):
            let_go(offer, Answer.WITHDRAWN)
        if entry.ended_at is None:
            end_entry(entry, Ended.REMOVED)
            write_waiting_entry(system(), "waiting.ended", entry, after={"because": Ended.REMOVED})
    WaitingEntry.objects.filter(pk__in=[entry.pk for entry in entries]).delete()
    return len(entries)


HOLDINGS = (Holding(told=told_visits, forget=forget_visits), Holding(told=told_waits, forget=forget_waits), GROUPS)
