"""How a step ended, as a clerk says it: what must be said with each outcome."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from indgang.operations.reception.errors import InvalidRequest
from indgang.operations.reception.models import Visit
from indgang.operations.reception.models.journey import Outcome

DOCUMENTS_AT_MOST = 20
MISSING = ("missing", "missing_other")


def checked_missing(outcome: str, missing: Sequence[str], note: str) -> list[str]:
    """The missing documents, tidied. Raises InvalidRequest where something is to be said that is not, or does not belong there."""
    if outcome not in Outcome.values:
        raise InvalidRequest({"outcome": _("Choose how the step ended: done, documents missing or refused.")})
    named = [" ".join(text.split())[:200] for text in missing if text.strip()][:DOCUMENTS_AT_MOST]
    if outcome == Outcome.DOCUMENTS_MISSING and not named:
        raise InvalidRequest({"missing": _("Say which documents are missing, so that the party can bring them.")})
    if outcome != Outcome.DOCUMENTS_MISSING and named:
        raise InvalidRequest({"missing": _("Documents are missing only when the outcome is “documents missing”. Leave this empty.")})
    if outcome == Outcome.REFUSED and not note.strip():
        raise InvalidRequest({"note": _("Write why it was refused. Only your authority and the floorwalker can read it.")})
    return named


def missing_in_journal(visit: Visit) -> dict[str, Any] | None:
    """What the journal keeps of the documents that were missing, under the contact's key; None where none were."""
    return {name: getattr(visit, name) for name in MISSING if getattr(visit, name)} or None
