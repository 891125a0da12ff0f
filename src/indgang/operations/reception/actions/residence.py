"""Where a party lives, noted or put right by whoever receives it: the charge to the municipalities is reckoned from it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.journal.drafts import name_of
from indgang.foundation.journal.models import Entry
from indgang.foundation.places.models import House, Municipality
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.changes import locked
from indgang.operations.reception.actions.entries import write_journey_entry
from indgang.operations.reception.actions.retention import PEOPLE_KEPT
from indgang.operations.reception.errors import InvalidRequest, NotNow
from indgang.operations.reception.models import Journey
from indgang.operations.reception.models.journey import IMPORTED
from indgang.operations.reception.queries.told import NOTHING, told_of
from indgang.operations.reception.wishes import known_municipality
from indgang.registers.parties.actions.people import note_municipality_of

NOTED = "journey.municipality-set"


@transaction.atomic
def note_municipality(*, actor: Actor, journey: Journey, code: str) -> bool:
    """They live in that municipality; "" = elsewhere, or not known. Whether that is news.

    Raises InvalidRequest when none like that is known here, and NotNow when it is no longer known who the party was.
    """
    return _noted(actor, locked(journey), NOTED, code)


@transaction.atomic
def undo_municipality(*, actor: Actor, journey: Journey, noted: str, before: str) -> None:
    """Where they live is again what it was before it was noted; where nobody had noted it, what tables say by now. Raises NotNow when
    somebody has noted something else since."""
    journey = locked(journey)
    if code_of(journey) != noted:
        raise NotNow(_("Somebody has changed the municipality since. It stays as it is."))
    entries = Entry.objects.filter(subject_type=name_of(journey)[0], subject_id=str(journey.pk), verb=NOTED)
    note = entries.filter(after__municipality=noted).order_by("-id").first()
    had_noted = bool(note and note.before.get("noted"))
    _noted(actor, journey, "journey.municipality-undone", before if had_noted or journey.source != IMPORTED else _told(journey), had_noted)


def code_of(journey: Journey) -> str:
    """The code of the municipality they live in; "" = not known."""
    return journey.municipality.code if journey.municipality else ""


def municipality_named(house: House, code: str) -> Municipality | None:
    """Any that is known, also of another region; None where nothing is given. Raises InvalidRequest naming `municipality` and those of the
    house's region where there is none like that."""
    fields: dict[str, str] = {}
    known = known_municipality(house, code, fields)
    if fields:
        raise InvalidRequest(fields)
    return known


def _told(journey: Journey) -> str:
    return told_of([journey]).get(journey.pk, NOTHING).municipality


def _noted(actor: Actor, journey: Journey, verb: str, code: str, had_noted: bool | None = None) -> bool:
    """To note what tables say is to leave it to them. `had_noted`: whether people had, before the note that is undone; None = none is."""
    require(permissions.note_residence(journey), actor)
    if (journey.contact and journey.contact.anonymised_at) or journey.created_at < clock.now() - PEOPLE_KEPT:
        raise NotNow(_("It is no longer known who this party was, so the municipality stays as it is."))
    before, municipality = code_of(journey), municipality_named(journey.house, code)
    journey.municipality = municipality
    had, journey.municipality_noted = journey.municipality_noted, code_of(journey) != _told(journey) if had_noted is None else had_noted
    if code_of(journey) == before and had == journey.municipality_noted:
        return False
    journey.save(update_fields=["municipality", "municipality_noted"])
    people = {*journey.travellers.values_list("person", flat=True), *([journey.contact_id] if journey.contact_id else [])}
    note_municipality_of(people=people, municipality=municipality)
    write_journey_entry(actor, verb, journey, before={"municipality": before, "noted": had}, after={"municipality": code_of(journey)})
    return True
