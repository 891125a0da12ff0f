"""A region with a few municipalities, organisations that serve companies there, colleagues, and companies."""

from __future__ import annotations

from itertools import count
from typing import Any

from indgang.foundation.access.actors import Actor, staff, system
from indgang.foundation.identity.models import Membership, Organisation, Role, User
from indgang.foundation.places.models import Municipality, Region
from indgang.registers.parties.actions.words import Vocabulary
from indgang.registers.parties.models import Company

PLACES = {"851": "Aalborg", "825": "Læsø", "787": "Thisted"}
CVRS = ("30000005", "30000013", "30000021", "30000048", "30000056", "30000064")  # made up, with right check digits
_numbers = count(1)


def region() -> Region:
    """The region with its municipalities; there once."""
    found, made = Region.objects.get_or_create(key="north-denmark", defaults={"title_da": "Nordjylland"})
    if made:
        Municipality.objects.bulk_create(
            Municipality(region=found, key=f"m{code}", code=code, title_da=title, title_en=title) for code, title in PLACES.items()
        )
    return found


def municipality(code: str) -> Municipality:
    """One of them."""
    region()
    return Municipality.objects.get(code=code)


def organisation(key: str = "erhvervshus-nordjylland", **fields: Any) -> Organisation:
    """An organisation that serves companies; there once."""
    facts = {"title_da": key.replace("-", " ").capitalize(), "kind": "business-hub", **fields}
    return Organisation.objects.get_or_create(region=region(), key=key, defaults=facts)[0]


def operator() -> Actor:
    """The region's operator, as a command on the server."""
    return system(organisation("ihnd", is_operator=True))


def colleague(role: str = Role.CONSULTANT, of: str = "erhvervshus-nordjylland", also: str = "") -> Actor:
    """Somebody who works there, in one role or in two."""
    user = User.objects.create_user(f"colleague{next(_numbers)}@example.org")
    for one in filter(None, (role, also)):
        Membership.objects.create(user=user, organisation=organisation(of), role=one)
    return staff(user)


def company(name: str = "Fjordens Bageri ApS", cvr: str | None = None, code: str | None = "851", **facts: Any) -> Company:
    """A company in the register, as a table left it."""
    made = Company(name=name, cvr=cvr, municipality=municipality(code) if code else None, **facts)
    Vocabulary().learn([made])
    made.save()
    return made
