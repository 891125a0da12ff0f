"""Who works in a house in the made-up year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from indgang.foundation.access import actors
from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Organisation, User
from indgang.operations.reception.models import Desk


@dataclass(frozen=True)
class HouseStaff:
    """The desks of a house by id, the clerk of each, and the floorwalkers of the host."""

    host: Organisation
    desks: Mapping[int, Desk]
    clerks: Mapping[int, User]
    floorwalkers: Sequence[User]

    def actors(self) -> tuple[dict[int, Actor], list[Actor]]:
        """The clerks by desk, and the floorwalkers, as actors."""
        clerks = {desk: actors.staff(user, self.desks[desk].organisation) for desk, user in self.clerks.items()}
        return clerks, [actors.staff(user, self.host) for user in self.floorwalkers]
