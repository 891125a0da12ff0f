"""What the journal says of courses and deliveries, in words: one sentence for each verb."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.journal.models import Entry
from indgang.operations.guidance.models import Category, DeliveryKind
from indgang.registers.parties.wording import fields_in_words

# %(what)s is the category and the fields of a course, or what kind of delivery it was.
SENTENCES = {
    "course.begun": gettext_lazy("Guidance course begun: %(what)s."),
    "course.changed": gettext_lazy("Guidance course corrected."),
    "course.ended": gettext_lazy("Guidance course ended."),
    "course.reopened": gettext_lazy("Guidance course goes on after all."),
    "course.removed": gettext_lazy("Guidance course removed: it was registered by mistake."),
    "course.brought-back": gettext_lazy("Guidance course brought back."),
    "course-contact.noted": gettext_lazy("Contact in a course."),
    "course-contact.changed": gettext_lazy("Contact in a course corrected."),
    "course-contact.removed": gettext_lazy("Contact in a course removed."),
    "course-contact.brought-back": gettext_lazy("Contact in a course brought back."),
    "next-step.agreed": gettext_lazy("Next step agreed."),
    "next-step.changed": gettext_lazy("Next step changed."),
    "next-step.done": gettext_lazy("Next step done."),
    "next-step.undone": gettext_lazy("Next step not done after all."),
    "next-step.removed": gettext_lazy("Next step removed."),
    "next-step.brought-back": gettext_lazy("Next step brought back."),
    "delivery.registered": gettext_lazy("Registered: %(what)s."),
    "delivery.changed": gettext_lazy("What was delivered was corrected."),
    "delivery.removed": gettext_lazy("What was delivered was removed: it was registered by mistake."),
    "delivery.brought-back": gettext_lazy("What was delivered was brought back."),
}


def sentence(entry: Entry) -> str:
    """What happened; "" for a verb of another room."""
    words = SENTENCES.get(entry.verb)
    return str(words) % {"what": _what(entry)} if words else ""


def _what(entry: Entry) -> str:
    category, kind = str(entry.after.get("category", "")), str(entry.after.get("kind", ""))
    if kind in DeliveryKind.values:
        return str(DeliveryKind(kind).label)
    if category not in Category.values:
        return _("guidance")
    fields = fields_in_words([str(field) for field in entry.after.get("fields") or ()])
    label = str(Category(category).label)
    return _("%(what)s in %(fields)s") % {"what": label, "fields": fields} if fields else label
