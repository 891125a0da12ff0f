"""Where a party lives, noted or put right by whoever receives it: the charge to the municipalities is reckoned from it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.places.models import House, Municipality
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.changes import locked
from indgang.operations.reception.actions.entries import write_journey_entry
from indgang.operations.reception.actions.retention import PEOPLE_KEPT
from indgang.operations.reception.errors import InvalidRequest, NotNow
from indgang.operations.reception.models import Journey
from indgang.operations.reception.queries.told import NOTHING, told_of
from indgang.operations.reception.wishes import known_municipality
from indgang.registers.parties.actions import note_municipality_of

NOTED = "journey.municipality-set"


@transaction.atomic
def note_municipality(*, actor: Actor, journey: Journey, code: str) -> bool:
    """They live in that municipality; "" = elsewhere, or not known. Whether that is news.

    Raises InvalidRequest when none like that is known here, and NotNow when it is no longer known who the party was.
    """
    return _noted(actor, locked(journey), NOTED, code)


@transaction.atomic
def undo_municipality(*, actor: Actor, journey: Journey, noted: str, before: str) -> None:
    """Where they live is again what it was before it was noted. Raises NotNow when somebody has noted something else since."""
    journey = locked(journey)
    if code_of(journey) != noted:
        raise NotNow(_("Somebody has changed the municipality since. It stays as it is."))
    _noted(actor, journey, "journey.municipality-undone", before)


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


def _noted(actor: Actor, journey: Journey, verb: str, code: str) -> bool:
    require(permissions.note_residence(journey), actor)
    if (journey.contact and journey.contact.anonymised_at) or journey.created_at < clock.now() - PEOPLE_KEPT:
        raise NotNow(_("It is no longer known who this party was, so the municipality stays as it is."))
    before, municipality = code_of(journey), municipality_named(journey.house, code)
    journey.municipality = municipality
    if code_of(journey) == before:
        return False
    journey.municipality_noted = verb == NOTED or code_of(journey) != told_of([journey]).get(journey.pk, NOTHING).municipality
    journey.save(update_fields=["municipality", "municipality_noted"])
    people = {*journey.travellers.values_list("person", flat=True), *([journey.contact_id] if journey.contact_id else [])}
    note_municipality_of(people=people, municipality=municipality)
    write_journey_entry(actor, verb, journey, before={"municipality": before}, after={"municipality": code_of(journey)})
    return True
