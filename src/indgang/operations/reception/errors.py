"""What reception answers when it cannot do what was asked. Every message says what to do, in the language of the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from indgang.operations.reception.queries.itineraries import PlannedItinerary


class ReceptionError(Exception):
    """Something was asked for that cannot be done. `message` is for the person who asked."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class InvalidRequest(ReceptionError):
    """Some fields cannot be used; `fields` maps each to its message."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        super().__init__(" ".join(fields.values()))
        self.fields = dict(fields)


class OfferRefused(ReceptionError):
    """The offer has run out or is not one that this house made."""


class TooManyBookings(ReceptionError):
    """The e-mail address or the party has as many bookings ahead as one may have."""


class NotNow(ReceptionError):
    """The step is not where this could be done with it: it has been cancelled, ended, called by a colleague, ..."""


class NotAtDesk(NotNow):
    """The step is at that desk no more: a colleague did something else with it, or it was done in another window."""


class NotThere(NotNow):
    """The step or its whole journey is gone: the table that it came with was taken back meanwhile."""

    def __init__(self) -> None:
        super().__init__(_("This visit is not there any more. Look at the line again."))


class AlreadyBooked(NotNow):
    """The same people have another visit at that time."""


class PlacesGone(ReceptionError):
    """Somebody else took one of the places meanwhile. `alternatives` are up to three fresh itineraries."""

    def __init__(self, message: str, alternatives: tuple[PlannedItinerary, ...] = ()) -> None:
        super().__init__(message)
        self.alternatives = alternatives


class GroupChanged(ReceptionError):
    """Some of a group's times could not be had any more. Nothing was written, and `people` were planned anew."""

    def __init__(self, message: str, people: Sequence[str]) -> None:
        super().__init__(message)
        self.people = list(people)
