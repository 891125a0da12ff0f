"""What a day in the house looks like from outside: a short text that changes with every row that a page of the day may show.

It is made of the versions of the rows (PostgreSQL's xmin and ctid), not of chosen columns, so that a column that a page shows one day is
in it already. One query, however long the day; PostgreSQL does the adding up, so that asking costs next to nothing.
"""

from __future__ import annotations

import datetime as dt

from django.db import connection

from indgang.foundation.database import clock
from indgang.foundation.places.models import House
from indgang.operations.reception.queries.journeys import day_of

BOARD_SECONDS = 60  # waiting times on the board are told in minutes by the clock on the wall
LINE_SECONDS = 10  # whoever has waited long enough moves up in the line at any moment
VERSION = "{0}.xmin::text || {0}.ctid::text"

# Who is in the house or has been, is booked for today, or sits at a desk since another day.
TODAY = """
    WITH today AS MATERIALIZED (
        SELECT v.journey_id FROM reception_appointment a
            JOIN reception_visit v ON v.id = a.visit_id JOIN reception_journey j ON j.id = v.journey_id
            WHERE lower(a.period) >= %(begins)s AND lower(a.period) < %(ends)s AND j.house_id = %(house)s
        UNION SELECT v.journey_id FROM reception_visit v JOIN reception_journey j ON j.id = v.journey_id
            WHERE v.arrived_at >= %(begins)s AND v.arrived_at < %(ends)s AND j.house_id = %(house)s
        UNION SELECT v.journey_id FROM reception_desk d JOIN reception_visit v ON v.desk_id = d.id
            WHERE d.house_id = %(house)s AND v.status IN ('called', 'serving')
    )
"""
# Rows of the day, then what the house says about itself.
ROWS = {
    "v": "FROM today t JOIN reception_visit v ON v.journey_id = t.journey_id",
    "a": "FROM today t JOIN reception_visit v ON v.journey_id = t.journey_id JOIN reception_appointment a ON a.visit_id = v.id",
    "j": "FROM today t JOIN reception_journey j ON j.id = t.journey_id",
    "n": "FROM today t JOIN reception_ticket n ON n.journey_id = t.journey_id",
    "c": "FROM today t JOIN reception_journey j ON j.id = t.journey_id JOIN parties_person c ON c.id = j.contact_id",
    "r": "FROM today t JOIN reception_traveller r ON r.journey_id = t.journey_id",
    "p": "FROM today t JOIN reception_traveller r ON r.journey_id = t.journey_id JOIN parties_person p ON p.id = r.person_id",
    "d": "FROM reception_desk d WHERE d.house_id = %(house)s",
    "s": "FROM reception_desk d JOIN reception_desk_services s ON s.desk_id = d.id WHERE d.house_id = %(house)s",
    "o": "FROM reception_service o WHERE o.region_id = %(region)s",
    "l": "FROM reception_linesetting l WHERE l.house_id = %(house)s",
    "h": "FROM reception_priority h WHERE h.house_id = %(house)s",
}
PARTS = ", ".join(f"(SELECT string_agg({VERSION.format(name)}, ' ' ORDER BY {name}.id) {rows})" for name, rows in ROWS.items())
STATE = f"{TODAY} SELECT md5(concat_ws('|', {PARTS}))"


def state_of_day(house: House, date: dt.date | None = None) -> str:
    """Changes with every change to a row of the day."""
    begins, ends = day_of(house.zone, date or clock.today(house.zone))
    with connection.cursor() as cursor:
        cursor.execute(STATE, {"house": house.pk, "region": house.region_id, "begins": begins, "ends": ends})
        state: str = cursor.fetchone()[0]
    return f"{begins:%Y%m%d}.{state}"


def state_now(house: House, seconds: int) -> str:
    """The state of today, and which stretch of so many seconds of the clock it is: what a page shows may change with time alone."""
    return f"{int(clock.now().timestamp()) // seconds}.{state_of_day(house)}"
