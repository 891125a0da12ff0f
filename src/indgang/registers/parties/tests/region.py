"""Who serves companies in the tests' region: the hub, an office, the operator; and numbers for companies."""

from __future__ import annotations

from itertools import count

from indgang.foundation.access.actors import Actor, staff
from indgang.foundation.identity.models import User
from indgang.foundation.identity.tests.factories import colleague
from indgang.registers.parties.tests.factories import company, municipality, organisation

__all__ = ["HUB", "OFFICE", "OPERATOR", "at_work", "company", "cvr_number", "member", "municipality"]

_numbers = count(1)
WEIGHTS = (2, 7, 6, 5, 4, 3, 2)
HUB, OFFICE, OPERATOR = "erhvervshus-nordjylland", "erhvervskontor-hjoerring", "ihnd"
TITLES = {HUB: "Business Hub", OFFICE: "Thisted Office", OPERATOR: "International House"}


def member(key: str, *roles: str, name: str = "") -> User:
    """Somebody who works in that organisation."""
    works_for = organisation(key, title_da=TITLES.get(key, key), title_en=TITLES.get(key, key), is_operator=key == OPERATOR)
    user = colleague(works_for, *roles, email=f"{'-'.join(roles)}{next(_numbers)}@{key}.example")
    user.name = name or f"Colleague {user.pk}"
    user.save()
    return user


def at_work(key: str, *roles: str, name: str = "") -> Actor:
    """The same, as the actor behind what they do."""
    return staff(member(key, *roles, name=name))


def cvr_number(number: int) -> str:
    """The first CVR number from that one on whose check digit is right."""
    while True:
        weighed = sum(int(digit) * weight for digit, weight in zip(f"{number:07d}", WEIGHTS, strict=True))
        if weighed % 11 != 1:
            return f"{number:07d}{-weighed % 11}"
        number += 1
