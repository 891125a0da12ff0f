"""How a status looks: one word, one shape and one tone, the same on every page. Shapes are drawn in ui/components/shape.html."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Look:
    """The word, the shape and the tone (a class `i-tone-<tone>`) of a status."""

    word: str | Promise
    shape: str
    tone: str


LOOKS = {
    "planned": Look(_("Planned"), "ring", "quiet"),
    "waiting": Look(_("Waiting"), "hourglass", "wait"),
    "called": Look(_("On the way"), "arrow", "go"),
    "serving": Look(_("At the desk"), "disc", "go"),
    "done": Look(_("Done"), "tick", "good"),
    "ended": Look(_("Ended"), "disc", "quiet"),
    "no-show": Look(_("Did not come"), "slash", "quiet"),
    "not-noted": Look(_("Not noted"), "ring", "wait"),
    "came": Look(pgettext_lazy("outcome", "Came"), "tick", "quiet"),
    "not-served": Look(_("Not served"), "slash", "bad"),
    "left-open": Look(_("Done, end not recorded"), "tick", "wait"),
    "cancelled": Look(_("Cancelled"), "cross", "quiet"),
    "documents-missing": Look(_("Documents missing"), "page", "wait"),
    "refused": Look(pgettext_lazy("outcome", "Refused"), "bar", "bad"),
    "sent-on": Look(_("Sent on"), "arrow", "quiet"),
    "late": Look(_("Late"), "warning", "bad"),
    "elsewhere": Look(_("Somewhere else"), "pin", "quiet"),
}


def look_of(status: str) -> Look:
    """The look of a status; an unknown one is shown by its own name."""
    return LOOKS.get(str(status)) or Look(str(status), "ring", "quiet")
