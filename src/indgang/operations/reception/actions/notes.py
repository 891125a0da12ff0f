"""Notes about a step, and the reasons of refusals: for the author's own authority and the floorwalkers."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.journal.models import Circle
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.entries import write_entry
from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.models import Note, Visit


@transaction.atomic
def add_note(*, actor: Actor, visit: Visit, text: str, refusal: bool = False) -> Note:
    """Write a note about a step, for the author's own authority and the floorwalker. Raises InvalidRequest when it is empty."""
    require(permissions.work_in_house(visit.journey.house), actor)
    if not text.strip():
        raise InvalidRequest({"note": _("Write the note first.")})
    organisation = permissions.writing_for(actor, visit)
    note = Note.objects.create(
        visit=visit, organisation=organisation, author=actor.user, text=_as_noted(text), refusal=refusal, created_at=clock.now()
    )
    verb = "visit.refused" if refusal else "note.added"
    write_entry(actor, verb, visit, organisation=organisation, circle=Circle.ORGANISATION, personal={"note": note.text})
    return note


@transaction.atomic
def note_again(*, actor: Actor, visit: Visit, text: str, refusal: bool = False) -> Note:
    """The same for what was said when a step ended: the note stayed where that ending was undone, and now it is said anew."""
    visit.notes.filter(author=actor.user, text=_as_noted(text)).delete()
    return add_note(actor=actor, visit=visit, text=text, refusal=refusal)


def _as_noted(text: str) -> str:
    return text.strip()[:4000]
