"""Information and service: registered, changed, removed and brought back."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, NotAllowed, require
from indgang.foundation.database import clock
from indgang.operations.guidance import permissions
from indgang.operations.guidance.actions.courses import place_of
from indgang.operations.guidance.actions.keys import form_digest, free_reference
from indgang.operations.guidance.actions.told import tell_ties, write_entry
from indgang.operations.guidance.by_hand import as_told, note_by_hand
from indgang.operations.guidance.errors import NotNow
from indgang.operations.guidance.facts import DeliveryFacts, checked_delivery
from indgang.operations.guidance.models import Delivery
from indgang.registers.parties.models import Company
from indgang.registers.parties.queries.moves import municipality_of


@transaction.atomic
def register_delivery(*, actor: Actor, company: Company, facts: DeliveryFacts, request_key: str = "") -> Delivery:
    """Register that the actor's organisation informed or served a company. The same form again answers the delivery there is.

    Raises NotAllowed and InvalidRequest.
    """
    organisation = actor.organisation
    if organisation is None:
        raise NotAllowed
    require(permissions.deliver(organisation), actor)
    sent_as = form_digest(actor, "delivery", request_key, company.pk, facts)
    sent = Delivery.objects.filter(sent_as=sent_as).first() if sent_as else None
    if sent:
        return sent
    checked_delivery(facts, company)
    delivery = Delivery(reference=free_reference(Delivery), company=company, organisation=organisation, author=actor.user, sent_as=sent_as)
    _write(delivery, facts)
    tell_ties(delivery)
    write_entry(actor, "delivery.registered", delivery, delivery, after=facts_of(delivery))
    return delivery


@transaction.atomic
def change_delivery(*, actor: Actor, delivery: Delivery, facts: DeliveryFacts) -> Delivery:
    """Correct it. Twice changes nothing. Raises NotAllowed, InvalidRequest and NotNow."""
    delivery = _locked(actor, delivery)
    if delivery.removed_at:
        raise NotNow(_("This was removed. Bring it back first."))
    unit = facts.establishment.pk if facts.establishment else None
    said = (facts.kind, facts.date, facts.topic.strip(), unit)
    if (delivery.kind, delivery.date, delivery.topic, delivery.establishment_id) == said:
        return delivery
    checked_delivery(facts, delivery.company)
    before, had = facts_of(delivery), as_told(delivery)
    _write(delivery, facts)
    note_by_hand(delivery, had)
    delivery.save(update_fields=["by_hand"])
    tell_ties(delivery)
    write_entry(actor, "delivery.changed", delivery, delivery, before=before, after=facts_of(delivery))
    return delivery


@transaction.atomic
def remove_delivery(*, actor: Actor, delivery: Delivery) -> Delivery:
    """It was registered by mistake: it counts nowhere any more, and can be brought back. Twice changes nothing."""
    delivery = _locked(actor, delivery)
    if delivery.removed_at is None:
        delivery.removed_at = clock.now()
        delivery.save(update_fields=["removed_at"])
        tell_ties(delivery)
        write_entry(actor, "delivery.removed", delivery, delivery, before=facts_of(delivery))
    return delivery


@transaction.atomic
def bring_back_delivery(*, actor: Actor, delivery: Delivery) -> Delivery:
    """It was no mistake after all. Twice changes nothing."""
    delivery = _locked(actor, delivery)
    if delivery.removed_at is not None:
        delivery.removed_at = None
        delivery.save(update_fields=["removed_at"])
        tell_ties(delivery)
        write_entry(actor, "delivery.brought-back", delivery, delivery, after=facts_of(delivery))
    return delivery


def facts_of(delivery: Delivery) -> dict[str, Any]:
    """What the journal tells of it; its topic is forgotten in time and stands here alone."""
    return {"kind": delivery.kind, "date": delivery.date}


def _locked(actor: Actor, delivery: Delivery) -> Delivery:
    related = "organisation", "company__municipality", "establishment", "author"
    found = Delivery.objects.select_for_update(of=("self",)).select_related(*related).filter(pk=delivery.pk).first()
    if found is None:
        raise NotAllowed
    require(permissions.deliver(found.organisation), actor)
    return found


def _write(delivery: Delivery, facts: DeliveryFacts) -> None:
    moved = delivery.pk is None or delivery.date != facts.date
    delivery.kind, delivery.date, delivery.topic = facts.kind, facts.date, facts.topic.strip()
    delivery.establishment = facts.establishment
    if moved:
        delivery.municipality_id = municipality_of(delivery.company, facts.date)
    delivery.place_id = place_of(delivery)
    delivery.save()
