"""What is forgotten of employers' groups: the contact and what was said of each employee. The visits are kept as any other."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q, QuerySet

from indgang.foundation.database import clock
from indgang.operations.reception.models import Appointment, Employee, EmployerBooking, WaitingEntry

GROUPS_KEPT = dt.timedelta(days=30)
UNCONFIRMED_KEPT = dt.timedelta(days=1)


def groups_to_forget() -> QuerySet[EmployerBooking]:
    """Groups whose last visit ended thirty days ago, in which nobody waits for a time, and those whose link nobody opened in a day."""
    now = clock.now()
    mine = Q(visit__journey__employee__booking=OuterRef("pk"))
    recent = Appointment.objects.filter(mine, period__endswith__gt=now - GROUPS_KEPT)
    waits = WaitingEntry.objects.filter(pk__in=Employee.objects.filter(booking=OuterRef(OuterRef("pk"))).values("waiting"), ended_at=None)
    planned = Q(last_day__isnull=False, last_day__gte=(now - GROUPS_KEPT).date())
    over = Q(created_at__lt=now - GROUPS_KEPT) & ~Exists(recent) & ~Exists(waits) & ~planned
    never_opened = Q(confirmed_at=None, created_at__lt=now - UNCONFIRMED_KEPT)
    return EmployerBooking.objects.filter(over | never_opened, forgotten_at=None)


def forget_groups(groups: QuerySet[EmployerBooking]) -> None:
    """Delete what was said of the employees, and make the contact anonymous. The company stays for the count of who booked."""
    chosen = list(groups.values_list("pk", flat=True))
    Employee.objects.filter(booking__in=chosen).delete()
    EmployerBooking.objects.filter(pk__in=chosen).update(name="", email="", phone="", cvr="", forgotten_at=clock.now())
