"""A step of a party that came on an earlier day: all that can be told of it is how it ended. Each action that would do more asks here."""

from __future__ import annotations

from indgang.operations.reception.desk_words import only_its_end
from indgang.operations.reception.errors import NotNow
from indgang.operations.reception.models import Visit


def refuse_for_an_earlier_day(visit: Visit) -> None:
    """Raise NotNow where the party came on a day that is over: its times are of that day, and no new ones are added to them."""
    why = only_its_end(visit)
    if why:
        raise NotNow(why)
