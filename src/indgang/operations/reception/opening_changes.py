"""A change of hours, desks, interpreters and rooms, closures or sessions as plain data: what stood before and what is to stand after.

It travels signed through the page that lists the bookings it would leave outside the hours, and comes back from the journal to be undone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from django.core import signing
from django.utils.translation import gettext as _

from indgang.operations.reception.errors import OfferRefused

Kind = Literal["hours", "desk", "closure", "session", "house", "resource", "holidays"]
State = dict[str, Any]
_SALT = "reception.opening-change"

# (kind, something stood before, something stands after): the journal's verb
VERBS: dict[tuple[str, bool, bool], str] = {
    ("hours", True, True): "hours.changed",
    ("desk", False, True): "desk.added",
    ("desk", True, True): "desk.changed",
    ("desk", True, False): "desk.removed",
    ("closure", False, True): "closure.added",
    ("closure", True, False): "closure.lifted",
    ("session", False, True): "session.added",
    ("session again", False, True): "session.held-again",
    ("session", True, True): "session.changed",
    ("session", True, False): "session.ended",
    ("house", True, True): "house.time-changed",
    ("resource", False, True): "resource.added",
    ("resource", True, True): "resource.changed",
    ("resource", True, False): "resource.removed",
    ("holidays", False, True): "holidays.read",
    ("holidays", True, False): "holidays.taken-back",
}


@dataclass(frozen=True)
class Change:
    """`desk` or `resource` (a key) of hours, desks and resources; `number` of a closure or session that exists. None: nothing stands.

    hours: {"rows": [[weekday, opens, closes, valid_from, valid_until]]}, none where those of the house are followed. desk, resource,
    closure, session and house (its first and last day): the columns by name, dates and times in ISO 8601, others by key. holidays (read
    from a file, closing the whole house): {"days": [names, first and last day]}.
    """

    kind: Kind
    house: str
    desk: str
    number: int
    before: State | None
    after: State | None
    resource: str = ""

    @property
    def verb(self) -> str:
        """What the journal calls it."""
        ended_before = self.kind == "session" and self.number and self.before is None
        return VERBS["session again" if ended_before else self.kind, self.before is not None, self.after is not None]

    @property
    def undone(self) -> Change:
        """The change back."""
        return replace(self, before=self.after, after=self.before)


def signed(change: Change) -> str:
    """The change as an opaque text."""
    return signing.dumps(asdict(change), salt=_SALT, compress=True)


def read_change(text: str) -> Change:
    """The change behind the text. Raises OfferRefused when it was tampered with."""
    try:
        return Change(**signing.loads(text, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        raise OfferRefused(_("This page is out of date. Make the change again.")) from None
