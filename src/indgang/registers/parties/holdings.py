"""What is kept about somebody at a company, found by how they are reached."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Q, QuerySet

from indgang.foundation.privacy.holdings import Facts, Holding, facts_of
from indgang.registers.parties.models import Change, Consent, Contact


def contacts_reached_at(contact: str) -> QuerySet[Contact]:
    """Those who gave this address or number to any organisation, those that were taken away and those that were changed since too."""
    reached = Q(email__iexact=contact) | Q(phone=contact)
    before = Change.objects.filter(Q(before__email__iexact=contact) | Q(before__phone=contact), ~Q(contact=None))
    by_now = reached & ~Q(email="", phone="")
    return Contact.objects.filter(by_now | Q(pk__in=before.values("contact"))).order_by("pk")


def told_contacts(contact: str) -> Iterator[tuple[str, Facts]]:
    """Who they are, at which company, to which organisation; and what they agreed to for it."""
    for row in contacts_reached_at(contact).select_related("company", "organisation"):
        yield "parties.contact", {"company": row.company.name, "kept_by": row.organisation.title, **facts_of(row)}
        for change in row.changes.filter(taken_back_at=None).order_by("pk"):
            yield "parties.change", {"company": row.company.name, "kept_by": row.organisation.title, **facts_of(change)}
        for consent in row.consents.select_related("company", "organisation").order_by("pk"):
            yield "parties.consent", {"company": consent.company.name, "kept_by": consent.organisation.title, **facts_of(consent)}


@transaction.atomic
def forget_contacts(contact: str) -> int:
    """Delete them, what was changed of them, and the consents that they gave for their company: nobody can be asked about those."""
    ids = list(contacts_reached_at(contact).values_list("pk", flat=True))
    consents = Consent.objects.filter(contact__in=ids).delete()[0]
    return consents + Contact.objects.filter(pk__in=ids).delete()[0]


CONTACTS = Holding(told=told_contacts, forget=forget_contacts)
