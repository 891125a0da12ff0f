"""Somebody to write in the journal, and something to write about."""

from __future__ import annotations

from itertools import count

from indgang.foundation.access import actors
from indgang.foundation.identity.models import Membership, Organisation, Participation, Role, User
from indgang.foundation.journal.drafts import Draft
from indgang.foundation.places.models import House, Region

_numbers = count(1)


def region() -> Region:
    return Region.objects.create(key=f"region-{next(_numbers)}", title_da="Region")


def house() -> House:
    return House.objects.create(
        region=region(), key=f"house-{next(_numbers)}", title_da="Hus", address="Gade 1", postcode="9000", city="By"
    )


def organisation(*, works_in: House | None = None, is_host: bool = False, is_operator: bool = False) -> Organisation:
    made = Organisation.objects.create(
        region=works_in.region if works_in else region(),
        key=f"organisation-{next(_numbers)}",
        title_da="Myndighed",
        kind="authority",
        is_operator=is_operator,
    )
    if works_in:
        Participation.objects.create(house=works_in, organisation=made, is_host=is_host)
    return made


def member(of: Organisation, role: str = Role.CLERK) -> actors.Actor:
    user = User.objects.create_user(f"user{next(_numbers)}@example.org")
    Membership.objects.create(user=user, organisation=of, role=role)
    return actors.staff(user)


def drafts(number: int, *, about: House) -> list[Draft]:
    actor = actors.system()
    return [Draft(actor=actor, verb="house.painted", subject=about, house=about, after={"coat": coat}) for coat in range(number)]
