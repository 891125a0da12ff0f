"""Interpreters and rooms of the made-up parties that sit at a desk: what they booked, where nobody else has it still."""

from __future__ import annotations

from indgang.foundation.places.models import House
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import AT_A_DESK


def take_what_is_booked(house: House) -> int:
    """Give the parties at the desks what is booked for them; how many got something. Within a transaction."""
    present = Visit.objects.filter(journey__house=house, status__in=AT_A_DESK).select_related("appointment").order_by("called_at", "pk")
    visits = list(present)
    taken = {number for visit in visits for number in (visit.interpreter_id, visit.room_id)}
    changed = []
    for visit in visits:
        booked = getattr(visit, "appointment", None)
        if booked is None or visit.interpreter_id or visit.room_id:
            continue
        visit.interpreter_id, visit.room_id = (one if one not in taken else None for one in (booked.interpreter_id, booked.room_id))
        if visit.interpreter_id or visit.room_id:
            taken |= {visit.interpreter_id, visit.room_id}
            changed.append(visit)
    return Visit.objects.bulk_update(changed, ["interpreter", "room"])
