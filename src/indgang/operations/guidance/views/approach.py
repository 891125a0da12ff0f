"""Who approaches whom: the division of labour in words, and the way to everything that belongs to it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from indgang.foundation.access.decorators import StaffRequest
from indgang.foundation.database import clock
from indgang.operations.guidance.approach_words import OF_PARTY, field_in_words, share_in_words
from indgang.operations.guidance.queries.approach import planned_by
from indgang.operations.guidance.queries.division import InForce, division_in_force
from indgang.operations.guidance.queries.notices import notices_visible_to
from indgang.operations.guidance.rules.approach import SHARES
from indgang.operations.guidance.views.answers import shown


@shown
def approach(request: StaffRequest) -> HttpResponse:
    """The division in force, and what one has announced oneself."""
    own, today = request.actor.organisation, clock.today()
    division = division_in_force(own.region, today) if own else None
    shares = division.rules.shares if division else {}
    limit = division.rules.employees_up_to if division else 0
    context = {
        "division": division,
        "shares": [(share_in_words(share, limit), OF_PARTY[shares[share]]) for share in SHARES if share in shares],
        "specialised": [field_in_words(one) for one in sorted(division.rules.specialised)] if division else [],
        "planned": [(one, field_in_words(one.field)) for one in planned_by(request.actor, today)],
        "year": today.year,
        "unread": _unread(request, division),
    }
    return render(request, "guidance/approach/approach.html", context)


def _unread(request: StaffRequest, division: InForce | None) -> int | None:
    """How much is new for the office; None for whoever is of none."""
    offices = {one.pk for one in division.offices.values()} if division else set()
    if offices.isdisjoint(request.actor.organisation_ids):
        return None
    return notices_visible_to(request.actor).filter(read_at=None).count()
