"""Building blocks for rooms' permissions: each function gives a predicate for `access.actors.require`."""

from __future__ import annotations

from collections.abc import Callable

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Organisation
from indgang.foundation.places.models import House

Permission = Callable[[Actor], bool]


def member_of(organisation: Organisation) -> Permission:
    """Whoever belongs to the organisation, in any role."""
    return lambda actor: organisation.pk in actor.organisation_ids


def role_in(organisation: Organisation, *roles: str) -> Permission:
    """Whoever holds one of the roles in that organisation."""
    return lambda actor: actor.has_role(*roles, organisation_id=organisation.pk)


def any_role(*roles: str) -> Permission:
    """Whoever holds one of the roles, wherever."""
    return lambda actor: actor.has_role(*roles)


def staff_of_house(house: House) -> Permission:
    """Whoever belongs to an organisation that works in the house."""
    return lambda actor: house.pk in actor.house_ids


def host_of(house: House) -> Permission:
    """Whoever belongs to the organisation that hosts the house."""
    return lambda actor: house.pk in actor.hosted_house_ids


def holder_of(reference: str) -> Permission:
    """The citizen whose link opened that journey."""
    return lambda actor: actor.kind == "citizen" and actor.reference == reference


def any_of(*permissions: Permission) -> Permission:
    """Whoever has one of the permissions."""
    return lambda actor: any(allowed(actor) for allowed in permissions)


def all_of(*permissions: Permission) -> Permission:
    """Whoever has all of the permissions."""
    return lambda actor: all(allowed(actor) for allowed in permissions)
