"""Made-up letters and their senders."""

from __future__ import annotations

from typing import Any

from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.foundation.mail.actions import write_letter
from indgang.foundation.mail.models import Letter
from indgang.foundation.places.models import Region


def operator(key: str = "entrance") -> Organisation:
    """A region's operator."""
    region, _ = Region.objects.get_or_create(key=f"region-{key}", defaults={"title_da": "Regionen", "title_en": "The region"})
    values = {"region": region, "kind": "house", "is_operator": True, "title_da": "Indgangen, Nord", "title_en": "The Entrance, North"}
    return Organisation.objects.get_or_create(key=key, defaults=values)[0]


def letter(**values: Any) -> Letter:
    """A letter in the outbox."""
    usual: dict[str, Any] = {"key": f"letter:{Letter.objects.count()}", "to": "amira@example.org", "language": "en"}
    usual |= {"subject": "Your visit", "text": "Dear Amira,\n\nsee you on Tuesday.\n", "organisation": operator()}
    return write_letter(**(usual | values))


def member(role: str, organisation: Organisation) -> User:
    """Somebody with that role."""
    user = User.objects.create_user(f"{role}.{organisation.key}.{User.objects.count()}@example.org", "correct horse battery")
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user


def leader(organisation: Organisation | None = None) -> User:
    """Somebody who leads the operator."""
    return member(Role.LEADER, organisation or operator())
