"""Screening visits in words: their state as a status, and what the journal says of them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from indgang.operations.guidance.models import Screening, ScreeningState

LOOKS = {
    ScreeningState.REQUESTED: ("waiting", _("Asked for")),
    ScreeningState.PLANNED: ("planned", _("Planned")),
    ScreeningState.HELD: ("done", _("Held")),
    ScreeningState.CANCELLED: ("cancelled", _("Cancelled")),
}
SENTENCES = {
    "screening.requested": _("The company asked for a screening visit."),
    "screening.confirmed": _("The company confirmed that it wants a screening visit."),
    "screening.planned": _("Screening visit planned for %(day)s."),
    "screening.changed": _("Screening visit changed: %(day)s."),
    "screening.filled-in": _("Screening visit filled in."),
    "screening.summarised": _("The summary of the screening visit was written."),
    "screening.held": _("Screening visit held."),
    "screening.hold-undone": _("The screening visit was not held yet after all."),
    "screening.cancelled": _("Screening visit cancelled."),
    "screening.cancel-undone": _("The screening visit takes place after all."),
    "result.shared": _("The result of the screening visit was shared, as the company agreed."),
    "result.share-withdrawn": _("The result of the screening visit is no longer shared."),
    "lead.recorded": _("Passed on after the screening visit, as the company agreed."),
    "lead.withdrawn": _("Not passed on after all."),
    "lead.withdrawal-undone": _("Passed on again."),
    "wheel.filled-in": _("The sustainability wheel was filled in."),
    "wheel.removed": _("A sustainability wheel was removed."),
    "wheel.brought-back": _("A sustainability wheel was brought back."),
}


def look(screening: Screening) -> tuple[str, str]:
    """The key of its status, and the word for it."""
    key, word = LOOKS[ScreeningState(screening.state)]
    return key, str(word)
