"""What companies agreed to, and took back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.foundation.journal import actions as journal
from indgang.registers.parties import permissions
from indgang.registers.parties.actions.locks import locked_company
from indgang.registers.parties.errors import InvalidFacts
from indgang.registers.parties.models import Company, Consent, Contact, Sharing


@transaction.atomic
def give_consent(*, actor: Actor, company: Company, kind: str, how: str, contact: Contact | None = None) -> Consent:
    """Note that a company agreed to something, towards the actor's organisation. One that stands already is not noted twice."""
    require(permissions.serve_openly, actor)
    if not how.strip():
        raise InvalidFacts({"how": _("Write who said so, and where: a consent must be shown.")})
    locked_company(company)
    if contact and contact.sharing == Sharing.TEAM:  # all colleagues see a consent, and so whom it holds for
        raise InvalidFacts(
            {"contact": _("Only the Early Warning team knows this contact. Note the consent for the company, or for somebody else.")}
        )
    said = {"company": company, "organisation": actor.organisation, "kind": kind, "contact": contact, "withdrawn_at": None}
    standing = Consent.objects.filter(**said).first()
    if standing:
        return standing
    consent = Consent.objects.create(**said, how=how.strip(), given_at=clock.now())
    _write(actor, "consent.given", consent)
    return consent


@transaction.atomic
def withdraw_consent(*, actor: Actor, consent: Consent) -> Consent:
    """The company takes it back, as easily as it gave it."""
    consent = _locked(actor, consent)
    if consent.withdrawn_at is None:
        consent.withdrawn_at = clock.now()
        consent.save(update_fields=["withdrawn_at"])
        _write(actor, "consent.withdrawn", consent)
    return consent


@transaction.atomic
def undo_withdraw_consent(*, actor: Actor, consent: Consent) -> Consent:
    """That it was taken back was noted by mistake. Where the company has agreed anew meanwhile, that consent stands."""
    consent = _locked(actor, consent)
    said = {"company": consent.company, "organisation": consent.organisation, "kind": consent.kind, "contact": consent.contact_id}
    anew = Consent.objects.filter(**said, withdrawn_at=None).exclude(pk=consent.pk).first()
    if consent.withdrawn_at is None or anew:
        return anew or consent
    consent.withdrawn_at = None
    consent.save(update_fields=["withdrawn_at"])
    _write(actor, "consent.withdrawal-undone", consent)
    return consent


def _locked(actor: Actor, consent: Consent) -> Consent:
    locked_company(consent.company)
    found = Consent.objects.select_for_update(of=("self",)).select_related("company", "organisation").get(pk=consent.pk)
    require(permissions.keep(found), actor)
    require(permissions.serve_openly, actor)
    return found


def _write(actor: Actor, verb: str, consent: Consent) -> None:
    facts: dict[str, Any] = {"kind": consent.kind}
    circle = permissions.circle_of(consent.sharing)
    journal.record(
        actor=actor, verb=verb, subject=consent, organisation=consent.organisation, circle=circle, about=[consent.company], after=facts
    )
