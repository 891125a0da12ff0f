"""Notes about companies. Each says that its organisation was in contact; one of the Early Warning team says so to the team alone."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.journal import actions as journal
from indgang.registers.parties import permissions
from indgang.registers.parties.actions.changes import keep_change, kept_of, put_back, refuse_changed_since, standing_change, take_back
from indgang.registers.parties.actions.locks import locked_company
from indgang.registers.parties.actions.ties import tie, untie
from indgang.registers.parties.errors import InvalidFacts, NotNow
from indgang.registers.parties.models import Change, Company, CompanyNote, Sharing, Tie, TieKind

LENGTH = 4_000
CHANGED = ("text", "on", "sharing", "changed_at")


@transaction.atomic
def write_note(*, actor: Actor, company: Company, text: str, on: dt.date | None = None, sharing: str = Sharing.ORGANISATION) -> CompanyNote:
    """Write a note about a company, for the actor's organisation. The same words of the same author on the same day are one note."""
    require(permissions.serve_companies, actor)
    require(lambda asking: sharing in permissions.sharings_for(asking), actor)
    said = {"text": _checked(text), "on": _checked_day(on), "sharing": sharing}
    locked_company(company)
    same = CompanyNote.objects.filter(company=company, organisation=actor.organisation, author=actor.user, removed_at=None, **said).first()
    if same:
        return same
    assert actor.organisation is not None
    note = CompanyNote.objects.create(company=company, organisation=actor.organisation, author=actor.user, created_at=clock.now(), **said)
    _tell(note)
    _write(actor, "company-note.written", note)
    return note


@transaction.atomic
def change_note(*, actor: Actor, note: CompanyNote, text: str, on: dt.date, sharing: str) -> CompanyNote:
    """Write it anew, or share it with others."""
    note = _locked(actor, note)
    require(lambda asking: sharing in permissions.sharings_for(asking), actor)
    text, on = _checked(text), _checked_day(on)
    if (note.text, note.on, note.sharing) == (text, on, sharing):
        return note
    before = kept_of(note, CHANGED)
    note.text, note.on, note.sharing, note.changed_at = text, on, sharing, clock.now()
    note.save(update_fields=CHANGED)
    keep_change(actor=actor, record=note, before=before, after=kept_of(note, CHANGED))
    _tell(note)
    _write(actor, "company-note.changed", note)
    return note


@transaction.atomic
def take_back_change_of_note(*, actor: Actor, change: Change) -> None:
    """As it was before: what it says, of which day, and who may see it. Raises NotNow where it was changed again or removed. Twice changes
    nothing."""
    standing = standing_change(actor, change)
    if standing is None or standing.note is None:
        return
    note = _locked(actor, standing.note)
    require(lambda asking: standing.before["sharing"] in permissions.sharings_for(asking), actor)
    refuse_changed_since(note, standing)
    put_back(note, standing.before)
    note.save(update_fields=CHANGED)
    take_back(standing)
    _tell(note)
    _write(actor, "company-note.change-taken-back", note)


@transaction.atomic
def remove_note(*, actor: Actor, note: CompanyNote) -> CompanyNote:
    """Take it away; it can be brought back for a month."""
    note = _locked(actor, note, removed=True)
    if note.removed_at is None:
        note.removed_at = clock.now()
        note.save(update_fields=["removed_at"])
        untie([note])
        _write(actor, "company-note.removed", note)
    return note


@transaction.atomic
def bring_back_note(*, actor: Actor, note: CompanyNote) -> CompanyNote:
    """As it was."""
    note = _locked(actor, note, removed=True)
    if note.removed_at is not None:
        note.removed_at = None
        note.save(update_fields=["removed_at"])
        _tell(note)
        _write(actor, "company-note.brought-back", note)
    return note


def _checked(text: str) -> str:
    if not text.strip():
        raise InvalidFacts({"text": _("Write the note first.")})
    if len(text.strip()) > LENGTH:
        raise InvalidFacts({"text": _("The note is longer than %(length)s characters. Make two of it.") % {"length": LENGTH}})
    return text.strip()


def _checked_day(on: dt.date | None) -> dt.date:
    today = clock.today()
    if on is not None and on > today:
        raise InvalidFacts({"on": _("A note tells of what has been: choose today or an earlier day.")})
    return on or today


def _locked(actor: Actor, note: CompanyNote, *, removed: bool = False) -> CompanyNote:
    found = CompanyNote.objects.select_for_update(of=("self",)).select_related("company", "organisation", "author").get(pk=note.pk)
    require(permissions.keep(found), actor)
    if found.removed_at is not None and not removed:
        raise NotNow(_("This note was removed meanwhile. Nothing was changed."))
    return found


def tie_of(note: CompanyNote) -> Tie:
    """What a note says of who deals with the company: somebody was in contact that day."""
    return Tie(
        company=note.company,
        organisation=note.organisation,
        kind=TieKind.NOTE,
        consultant=note.author.name if note.author else "",
        started=note.on,
        ended=note.on,
        confidential=note.sharing == Sharing.TEAM,
    )


def _tell(note: CompanyNote) -> None:
    tie(note, tie_of(note))


def _write(actor: Actor, verb: str, note: CompanyNote) -> None:
    circle = permissions.circle_of(note.sharing)
    journal.record(actor=actor, verb=verb, subject=note, organisation=note.organisation, circle=circle, about=[note.company])
