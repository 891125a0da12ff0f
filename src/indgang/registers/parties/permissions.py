"""Who may do what with companies. Each is a predicate for `access.actors.require`."""

from __future__ import annotations

from collections.abc import Callable

from django.db.models import Q

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import WITH_COMPANIES, Role
from indgang.foundation.journal.models import Circle
from indgang.registers.parties.models import CompanyNote, Consent, Contact, Sharing

SERVING = (Role.CONSULTANT, Role.EARLY_WARNING, Role.LEADER)
OPENLY = (Role.CONSULTANT, Role.LEADER)  # whoever works with Early Warning alone registers nothing by which others see whom they deal with


def see_companies(actor: Actor) -> bool:
    """Find companies and see their facts: everyone who works with companies, in any organisation."""
    return actor.has_role(*WITH_COMPANIES)


def serve_companies(actor: Actor) -> bool:
    """Register what is done with companies, for the organisation the actor acts for."""
    return actor.organisation is not None and actor.has_role(*SERVING, organisation_id=actor.organisation.pk)


def in_team(actor: Actor) -> bool:
    """Work with Early Warning cases, for the organisation the actor acts for."""
    return actor.organisation is not None and actor.has_role(Role.EARLY_WARNING, organisation_id=actor.organisation.pk)


def keep_doubles(actor: Actor) -> bool:
    """Say that two records are the same company, or are not."""
    return actor.has_role(*SERVING)


def teams_of(actor: Actor) -> frozenset[int]:
    """The organisations whose confidential cases the actor knows. The program itself, too, tells nobody of them."""
    return actor.organisations_as(Role.EARLY_WARNING)


def shared_with(actor: Actor) -> Q:
    """A condition on what has `organisation` and `sharing`: what the actor may see of it."""
    if actor.kind == "system":
        return ~Q(sharing=Sharing.TEAM)
    own = Q(sharing=Sharing.ORGANISATION, organisation__in=actor.organisations_as(*WITH_COMPANIES))
    team = Q(sharing=Sharing.TEAM, organisation__in=teams_of(actor))
    return own | team | Q(sharing=Sharing.COMPANIES) if see_companies(actor) else Q(pk__in=())


def open_ties(actor: Actor) -> Q:
    """A condition on ties: those the actor may know of."""
    if actor.kind == "system":
        return Q(confidential=False)
    return Q(confidential=False) | Q(organisation__in=teams_of(actor)) if see_companies(actor) else Q(pk__in=())


def sharings_for(actor: Actor) -> tuple[Sharing, ...]:
    """Whom an actor may share what they write with. Whoever works with Early Warning alone writes for that team: that they deal with a
    company at all is nobody else's to know."""
    if actor.kind == "system" or actor.organisation is None:
        return (Sharing.ORGANISATION, Sharing.COMPANIES)
    open_ones = (Sharing.ORGANISATION, Sharing.COMPANIES) if serve_openly(actor) else ()
    return (*open_ones, Sharing.TEAM) if in_team(actor) else open_ones


def serve_openly(actor: Actor) -> bool:
    """Do something with companies that others may know of, for the organisation the actor acts for."""
    return actor.organisation is not None and actor.has_role(*OPENLY, organisation_id=actor.organisation.pk)


def keep(record: Contact | CompanyNote | Consent) -> Callable[[Actor], bool]:
    """Change what an organisation keeps about a company: a colleague of that organisation, within the circle of the record."""

    def allowed(actor: Actor) -> bool:
        mine = actor.organisation is not None and actor.organisation.pk == record.organisation_id and serve_companies(actor)
        return mine and (record.sharing != Sharing.TEAM or in_team(actor))

    return allowed


def circle_of(sharing: str) -> Circle:
    """Who may read in the journal of what is shared so."""
    return {Sharing.COMPANIES: Circle.COMPANIES, Sharing.TEAM: Circle.TEAM}.get(Sharing(sharing), Circle.ORGANISATION)
