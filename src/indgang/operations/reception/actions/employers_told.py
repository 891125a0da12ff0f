"""Telling those who booked for their employees that the house has moved some of their visits."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from indgang.operations.reception import employer_letters
from indgang.operations.reception.actions.employers import group_now
from indgang.operations.reception.models import EmployerBooking, Journey


def lock_groups_of(journeys: Iterable[Journey]) -> list[EmployerBooking]:
    """The groups that some of the visits were booked in, locked. Whoever changes visits of a group locks it before them."""
    rows = EmployerBooking.objects.filter(employees__journey__in=list(journeys), forgotten_at=None).exclude(email="").values("pk")
    groups = EmployerBooking.objects.select_for_update(of=("self",)).filter(pk__in=rows)
    return list(groups.select_related("house__region").order_by("pk"))


def tell_employers(groups: Iterable[EmployerBooking], moved: Collection[Journey]) -> set[UUID]:
    """Write the overview to the contact of each group in which a visit was moved; the visits whose employer knows."""
    told: set[UUID] = set()
    numbers = {journey.pk for journey in moved}
    for group in groups:
        theirs = numbers & set(group.employees.filter(journey__in=numbers).values_list("journey", flat=True))
        if theirs:
            group.overviews += 1
            group.save(update_fields=["overviews"])
            employer_letters.send_overview(booking=group, rows=group_now(group))
            told |= theirs
    return told
