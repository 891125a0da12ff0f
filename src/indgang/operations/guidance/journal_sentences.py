"""What the journal says of courses, deliveries and screening visits, in words: one sentence for each verb, in the language of the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.journal.models import Entry
from indgang.operations.guidance.models import Category, DeliveryKind, How
from indgang.operations.guidance.screening_words import SENTENCES as OF_SCREENINGS
from indgang.registers.parties.models import Field

SENTENCES = {
    "course.begun": gettext_lazy("Guidance course begun: %(course)s."),
    "course.changed": gettext_lazy("Guidance course corrected: %(what)s."),
    "course.ended": gettext_lazy("Guidance course ended on %(day)s."),
    "course.reopened": gettext_lazy("Guidance course opened again."),
    "course.removed": gettext_lazy("Guidance course removed: it was registered by mistake."),
    "course.brought-back": gettext_lazy("Guidance course brought back."),
    "course-contact.noted": gettext_lazy("In contact on %(day)s: %(how)s."),
    "course-contact.changed": gettext_lazy("What was noted of a contact was corrected: %(day)s, %(how)s."),
    "course-contact.removed": gettext_lazy("A contact that was noted by mistake was removed: %(day)s, %(how)s."),
    "course-contact.brought-back": gettext_lazy("A contact was brought back: %(day)s, %(how)s."),
    "next-step.agreed": gettext_lazy("Next step agreed%(until)s."),
    "next-step.changed": gettext_lazy("A next step was agreed otherwise%(until)s."),
    "next-step.done": gettext_lazy("A next step is done."),
    "next-step.undone": gettext_lazy("A next step is not done after all."),
    "next-step.removed": gettext_lazy("A next step was removed."),
    "next-step.brought-back": gettext_lazy("A next step was brought back%(until)s."),
    "delivery.registered": gettext_lazy("%(kind)s given on %(day)s."),
    "delivery.changed": gettext_lazy("What was given was corrected: %(kind)s, %(day)s."),
    "delivery.removed": gettext_lazy("Removed, registered by mistake: %(kind)s, %(day)s."),
    "delivery.brought-back": gettext_lazy("Brought back: %(kind)s, %(day)s."),
    "approach.announced": gettext_lazy("Announced that the company is contacted on %(day)s."),
    "approach.moved": gettext_lazy("The contact that was announced is on %(day)s instead."),
    "approach.taken-back": gettext_lazy("A contact that was announced was taken back."),
    "grey-zone.decided": gettext_lazy("Decided who approaches the company."),
}
NAMES = {
    "category": gettext_lazy("category"),
    "fields": gettext_lazy("fields"),
    "started": gettext_lazy("first day"),
    "ended": gettext_lazy("last day"),
    "hours": gettext_lazy("hours"),
    "purpose": gettext_lazy("purpose"),
    "consultant": gettext_lazy("consultant"),
    "establishment": gettext_lazy("establishment"),
}


def sentence(entry: Entry) -> str:
    """What happened; "" for a verb of another room."""
    words = SENTENCES.get(entry.verb) or OF_SCREENINGS.get(entry.verb)
    if words is None:
        return ""
    facts = {**entry.before, **entry.after}
    due = _day(facts.get("due"))
    return str(words) % {
        "course": _course(facts),
        "what": ", ".join(str(NAMES.get(name, name)) for name in facts.get("changed", ())),
        "day": _day(facts.get("ended") or facts.get("on") or facts.get("date")),
        "how": _label(How, facts.get("how")),
        "kind": _label(DeliveryKind, facts.get("kind")),
        "until": _(", until %(day)s") % {"day": due} if due else "",
    }


def _course(facts: Mapping[str, Any]) -> str:
    fields = fields_in_words(facts.get("fields", ()))
    category = _label(Category, facts.get("category"))
    return _("%(category)s, %(fields)s") % {"category": category, "fields": fields} if fields else category


def fields_in_words(fields: Iterable[str]) -> str:
    """Fields of guidance as people say them."""
    return ", ".join(_label(Field, field) for field in fields)


def _label(choices: Any, value: Any) -> str:
    return str(choices(value).label) if value in choices.values else str(value or "")


def _day(value: Any) -> str:
    return date_format(dt.date.fromisoformat(str(value)), "SHORT_DATE_FORMAT") if value else ""
