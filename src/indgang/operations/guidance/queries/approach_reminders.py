"""What of who approaches whom needs somebody now: for the page of their day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indgang.foundation.access.actors import Actor
from indgang.foundation.database import clock
from indgang.foundation.identity.models import Organisation
from indgang.operations.guidance.models import Duty, PlannedContact
from indgang.operations.guidance.queries.approach import planned_by, planned_contacts
from indgang.operations.guidance.queries.division import division_in_force
from indgang.operations.guidance.queries.duties import duties_visible_to, old_duties_of
from indgang.operations.guidance.queries.notices import notices_visible_to
from indgang.operations.guidance.queries.outreach import OfficeYear, year_of_offices
from indgang.registers.parties.permissions import see_companies, serve_openly


@dataclass(frozen=True)
class Reminders:
    """`unread`: how much the hub has told the actor's office. `meetings`: offices whose meetings need somebody. `old`: own entries to
    confirm. `collisions`: own announced contacts with a company that another organisation is going to contact too, and who that is."""

    year: int
    unread: int
    meetings: Sequence[OfficeYear]
    old: Sequence[Duty]
    collisions: Sequence[tuple[PlannedContact, Organisation]]


def approach_reminders(actor: Actor) -> Reminders | None:
    """What needs the actor; None for whoever does not work with companies."""
    if actor.kind != "staff" or actor.organisation is None or not see_companies(actor):
        return None
    today = clock.today()
    return Reminders(
        year=today.year,
        unread=notices_visible_to(actor).filter(office=actor.organisation, read_at=None).count(),
        meetings=_meetings(actor),
        old=old_duties_of(actor, today),
        collisions=_collisions(actor),
    )


def _meetings(actor: Actor) -> list[OfficeYear]:
    """Of an office its own; of the hub those whose contact person the actor is, or all where they are nobody's (to leaders: every one)."""
    own, today = actor.organisation, clock.today()
    division = division_in_force(own.region, today) if own and serve_openly(actor) else None
    if division is None or own is None or (own != division.hub and own not in division.offices.values()):
        return []
    rows = [row for row in year_of_offices(actor, division, today.year, today) if any(line.due for line in row.meetings)]
    if own != division.hub:
        return [row for row in rows if row.office == own]
    mine = set(duties_visible_to(actor).filter(user=actor.user, kind="contact").values_list("office", flat=True))
    return [row for row in rows if row.office.pk in mine] if mine else rows


def _collisions(actor: Actor) -> list[tuple[PlannedContact, Organisation]]:
    today = clock.today()
    own = {contact.company_id: contact for contact in planned_by(actor, today)}
    mine = actor.organisation.pk if actor.organisation else None
    others = planned_contacts(actor, own, today) if own else []
    found = {one.company_id: one.organisation for one in others if one.organisation_id != mine}
    return [(own[company], organisation) for company, organisation in found.items()]
