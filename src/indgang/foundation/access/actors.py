"""The actor: whoever reads or changes something, as far as permissions care."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from indgang.foundation.identity.models import Membership, Organisation, Participation, User

Kind = Literal["staff", "citizen", "system", "anonymous"]


class NotAllowed(Exception):
    """The actor may not do or see this. On the web it becomes "not found": outsiders learn nothing, not even that it exists."""


@dataclass(frozen=True)
class Actor:
    """Somebody at work, a citizen behind a signed link, the program itself, or nobody known.

    `roles` are pairs (organisation id, role). `reference` is the journey a citizen's link opened. `house_ids` are the houses that the
    actor's organisations work in, `hosted_house_ids` those where one of them is the host. `posts` are triples (house id, role, as host): a
    role counts only in the houses of the organisation that gave it.
    """

    kind: Kind
    user: User | None = None
    organisation: Organisation | None = None
    roles: frozenset[tuple[int, str]] = frozenset()
    reference: str = ""
    house_ids: frozenset[int] = frozenset()
    hosted_house_ids: frozenset[int] = frozenset()
    posts: frozenset[tuple[int, str, bool]] = frozenset()

    @property
    def organisation_ids(self) -> frozenset[int]:
        """Every organisation the actor belongs to."""
        return frozenset(organisation for organisation, _role in self.roles)

    def has_role(self, *wanted: str, organisation_id: int | None = None) -> bool:
        """Whether the actor holds one of the roles, in that organisation or in any."""
        return any(role in wanted and organisation_id in (None, organisation) for organisation, role in self.roles)

    def houses_as(self, *wanted: str, host: bool = False) -> frozenset[int]:
        """The houses where the actor holds one of the roles; with `host`, in the organisation that hosts the house."""
        return frozenset(house for house, role, hosting in self.posts if role in wanted and (hosting or not host))

    def organisations_as(self, *wanted: str) -> frozenset[int]:
        """The organisations in which the actor holds one of the roles."""
        return frozenset(organisation for organisation, role in self.roles if role in wanted)


ANONYMOUS = Actor(kind="anonymous")


def staff(user: User, organisation: Organisation | None = None) -> Actor:
    """The actor for a logged-in user, acting for `organisation` (default: the first membership)."""
    running = list(Membership.objects.filter(user=user, ended_at=None).select_related("organisation__region").order_by("id"))
    acting = organisation or (running[0].organisation if running else None)
    houses = list(Participation.objects.filter(organisation__in={m.organisation_id for m in running}))
    return Actor(
        kind="staff",
        user=user,
        organisation=acting,
        roles=frozenset((m.organisation_id, m.role) for m in running),
        house_ids=frozenset(p.house_id for p in houses),
        hosted_house_ids=frozenset(p.house_id for p in houses if p.is_host),
        posts=frozenset((p.house_id, m.role, p.is_host) for p in houses for m in running if m.organisation_id == p.organisation_id),
    )


def citizen(reference: str) -> Actor:
    """Somebody who holds the key to one journey."""
    return Actor(kind="citizen", reference=reference)


def system(organisation: Organisation | None = None) -> Actor:
    """The program itself, or a command run on the server, for an organisation (the region's operator by default)."""
    return Actor(kind="system", organisation=organisation)


def require(allowed: Callable[[Actor], bool], actor: Actor) -> None:
    """Raise NotAllowed unless the permission holds. The program itself may do everything."""
    if actor.kind != "system" and not allowed(actor):
        raise NotAllowed
