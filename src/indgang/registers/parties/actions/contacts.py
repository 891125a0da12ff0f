"""The people that an organisation knows at a company."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.identifiers.people import normal_phone
from indgang.foundation.journal import actions as journal
from indgang.registers.parties import permissions
from indgang.registers.parties.actions.changes import keep_change, kept_of, put_back, refuse_changed_since, standing_change, take_back
from indgang.registers.parties.actions.locks import locked_company
from indgang.registers.parties.errors import InvalidFacts, NotNow
from indgang.registers.parties.models import Change, Company, Contact, Sharing


@dataclass(frozen=True, kw_only=True)
class ContactFacts:
    """What is written down about somebody at a company."""

    name: str
    role: str = ""
    email: str = ""
    phone: str = ""
    started: dt.date | None = None
    sharing: str = Sharing.ORGANISATION

    def columns(self) -> Mapping[str, Any]:
        """As the record keeps them. Raises InvalidFacts without a name."""
        if not self.name.strip():
            raise InvalidFacts({"name": _("Write the name.")})
        texts = {"name": self.name.strip(), "role": self.role.strip(), "email": self.email.strip().lower()}
        return {**asdict(self), **texts, "phone": normal_phone(self.phone) or self.phone.strip()}


@transaction.atomic
def add_contact(*, actor: Actor, company: Company, facts: ContactFacts) -> Contact:
    """Write down somebody at a company, for the actor's organisation. Who is known so already is not written twice."""
    require(permissions.serve_companies, actor)
    require(lambda asking: facts.sharing in permissions.sharings_for(asking), actor)
    columns = facts.columns()
    locked_company(company)
    same = Contact.objects.filter(company=company, organisation=actor.organisation, ended=None, removed_at=None, **columns).first()
    if same:
        return same
    assert actor.organisation is not None
    contact = Contact.objects.create(company=company, organisation=actor.organisation, created_at=clock.now(), **columns)
    _write(actor, "contact.added", contact)
    return contact


@transaction.atomic
def change_contact(*, actor: Actor, contact: Contact, facts: ContactFacts) -> Contact:
    """Write down anew who they are."""
    contact = _locked(actor, contact)
    require(lambda asking: facts.sharing in permissions.sharings_for(asking), actor)
    columns = facts.columns()
    if facts.started and contact.ended and facts.started > contact.ended:
        raise InvalidFacts({"started": _("This is after the day on which it ended.")})
    changed = [name for name, value in columns.items() if getattr(contact, name) != value]
    before = kept_of(contact, changed)
    for name in changed:
        setattr(contact, name, columns[name])
    if changed:
        contact.save(update_fields=changed)
        keep_change(actor=actor, record=contact, before=before, after=kept_of(contact, (*columns, "ended")))
        _write(actor, "contact.changed", contact, after={"fields": changed})
    return contact


@transaction.atomic
def take_back_change_of_contact(*, actor: Actor, change: Change) -> None:
    """They are as they were before. Raises NotNow where somebody changed them again or removed them. Twice changes nothing."""
    standing = standing_change(actor, change)
    if standing is None or standing.contact is None:
        return
    contact = _locked(actor, standing.contact)
    require(lambda asking: standing.before.get("sharing", contact.sharing) in permissions.sharings_for(asking), actor)
    refuse_changed_since(contact, standing)
    put_back(contact, standing.before)
    contact.save(update_fields=list(standing.before))
    _write(actor, "contact.change-taken-back", contact, after={"fields": sorted(standing.before)})
    take_back(standing)


@transaction.atomic
def end_contact(*, actor: Actor, contact: Contact, on: dt.date | None = None) -> Contact:
    """They are not the company's contact any more, from that day on (default: today)."""
    contact = _locked(actor, contact)
    if contact.ended is None:
        contact.ended = max(on or clock.today(), contact.started or dt.date.min)
        contact.save(update_fields=["ended"])
        _write(actor, "contact.ended", contact, after={"ended": contact.ended})
    return contact


@transaction.atomic
def undo_end_contact(*, actor: Actor, contact: Contact) -> Contact:
    """They still are."""
    contact = _locked(actor, contact)
    if contact.ended is not None:
        before, contact.ended = contact.ended, None
        contact.save(update_fields=["ended"])
        _write(actor, "contact.end-undone", contact, before={"ended": before})
    return contact


@transaction.atomic
def remove_contact(*, actor: Actor, contact: Contact) -> Contact:
    """They were written down by mistake."""
    contact = _locked(actor, contact, removed=True)
    if contact.removed_at is None:
        contact.removed_at = clock.now()
        contact.save(update_fields=["removed_at"])
        _write(actor, "contact.removed", contact)
    return contact


@transaction.atomic
def bring_back_contact(*, actor: Actor, contact: Contact) -> Contact:
    """It was no mistake."""
    contact = _locked(actor, contact, removed=True)
    if contact.removed_at is not None:
        contact.removed_at = None
        contact.save(update_fields=["removed_at"])
        _write(actor, "contact.brought-back", contact)
    return contact


def _locked(actor: Actor, contact: Contact, *, removed: bool = False) -> Contact:
    """The row as it is now, kept from others until the end. Raises NotNow where a colleague has removed it meanwhile."""
    contact = Contact.objects.select_for_update(of=("self",)).select_related("company", "organisation").get(pk=contact.pk)
    require(permissions.keep(contact), actor)
    if contact.removed_at is not None and not removed:
        raise NotNow(_("This contact was removed meanwhile. Nothing was changed."))
    return contact


def _write(actor: Actor, verb: str, contact: Contact, **facts: Any) -> None:
    journal.record(
        actor=actor,
        verb=verb,
        subject=contact,
        organisation=contact.organisation,
        circle=permissions.circle_of(contact.sharing),
        about=[contact.company],
        **facts,
    )
