"""What organisations keep about companies, as far as somebody may see it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.registers.parties.models import Company, CompanyNote, Consent, Contact
from indgang.registers.parties.permissions import see_companies, shared_with


def companies_visible_to(actor: Actor) -> QuerySet[Company]:
    """Every company, for whoever works with companies; none for anybody else."""
    return Company.objects.all() if actor.kind == "system" or see_companies(actor) else Company.objects.none()


def contacts_visible_to(actor: Actor) -> QuerySet[Contact]:
    """The contacts that the actor's organisations wrote down, or others shared."""
    return Contact.objects.filter(shared_with(actor), removed_at=None)


def notes_visible_to(actor: Actor) -> QuerySet[CompanyNote]:
    """The notes likewise."""
    return CompanyNote.objects.filter(shared_with(actor), removed_at=None)


def consents_visible_to(actor: Actor) -> QuerySet[Consent]:
    """The consents likewise: those that stand, and those that were taken back."""
    return Consent.objects.filter(shared_with(actor))


def removed_by(actor: Actor, model: type[Contact] | type[CompanyNote]) -> QuerySet[Contact] | QuerySet[CompanyNote]:
    """What was removed and can be brought back: of the organisation that the actor acts for alone."""
    return model._default_manager.filter(shared_with(actor), Q(organisation=actor.organisation))
