"""A group that comes together: checked in with one click, and back with one."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor, require
from indgang.foundation.database import clock
from indgang.operations.reception import permissions
from indgang.operations.reception.actions.employers import write_group_entry
from indgang.operations.reception.actions.floor import check_in_journey, undo_check_in
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import EmployerBooking, Journey, Visit
from indgang.operations.reception.models.journey import IN_THE_HOUSE, Status
from indgang.operations.reception.queries.journeys import day_of
from indgang.operations.reception.queries.undoing import can_undo_check_in


def _of_group(booking: EmployerBooking, *statuses: str) -> list[Journey]:
    """The group's journeys with a step of today in one of these states, in one order, so that two colleagues never wait for each other."""
    begins, ends = day_of(booking.house.zone, clock.today(booking.house.zone))
    visits = Visit.objects.filter(status__in=statuses, appointment__freed_at=None)
    visits = visits.filter(appointment__period__startswith__gte=begins, appointment__period__startswith__lt=ends)
    journeys = Journey.objects.filter(employee__booking=booking, pk__in=visits.values("journey")).order_by("pk")
    return list(journeys.select_related("house__region", "contact"))


@transaction.atomic
def check_in_group(*, actor: Actor, booking: EmployerBooking) -> list[Journey]:
    """Everybody of the group who is expected today and not here yet has arrived. Raises NotNow when nobody is expected any more."""
    require(permissions.receive_people(booking.house), actor)
    here = {journey.pk for journey in _of_group(booking, *IN_THE_HOUSE, Status.DONE)}
    coming = [journey for journey in _of_group(booking, Status.PLANNED) if journey.pk not in here]
    if not coming:
        raise NotNow(_("Nobody of this group is expected any more today."))
    for journey in coming:
        check_in_journey(actor=actor, journey=journey)
    write_group_entry("employer.checked-in", booking, actor=actor, after={"people": len(coming)})
    return coming


@transaction.atomic
def undo_check_in_group(*, actor: Actor, booking: EmployerBooking, references: list[str]) -> list[Journey]:
    """Those that the click checked in are expected again; whoever a desk has called meanwhile stays. Raises NotNow when all were called."""
    require(permissions.receive_people(booking.house), actor)
    here = [journey for journey in _of_group(booking, Status.WAITING, Status.CANCELLED) if journey.reference in references]
    back = [journey for journey in here if can_undo_check_in(journey)]
    if not back:
        raise NotNow(_("The desks have called this group, so the check-in stands."))
    for journey in back:
        undo_check_in(actor=actor, journey=journey)
    write_group_entry("employer.check-in-undone", booking, actor=actor, after={"people": len(back)})
    return back
