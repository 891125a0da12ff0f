"""What a house does no more today because the desks that did it were closed for the rest of the day."""

from __future__ import annotations

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Desk, Service
from indgang.operations.reception.queries.closings import closed_now
from indgang.operations.reception.queries.waits import open_today


def services_closed_today(house: House, closed: list[Desk] | None = None) -> list[Service]:
    """The services of the desks that were closed for today (`closed`, where they are known) which no other desk does today.

    Who waits for one of these waits in vain, and is told so.
    """
    desks = [one.desk for one in closed_now(house) if one.until is None] if closed is None else closed
    if not desks:
        return []
    services = Service.objects.filter(desks__in=desks).exclude(desks__in=open_today(house))
    return list(services.select_related("authority").distinct().order_by("key"))
