"""What the journal says of companies and of what is kept about them, in words: one sentence for each verb."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from indgang.foundation.journal.models import Entry
from indgang.registers.parties.models import ConsentKind, Judgement

# %(name)s is the contact, as long as it is kept; %(what)s what the entry tells of in its facts.
SENTENCES = {
    "company.created": gettext_lazy("Company written down."),
    "company.changed": gettext_lazy("Facts changed: %(what)s."),
    "company.change-taken-back": gettext_lazy("Facts are as before again: %(what)s."),
    "double.judged": gettext_lazy("Compared with another record: %(what)s."),
    "double.taken-back": gettext_lazy("A comparison with another record was taken back."),
    "contact.added": gettext_lazy("Contact added: %(name)s."),
    "contact.changed": gettext_lazy("Contact changed: %(name)s."),
    "contact.change-taken-back": gettext_lazy("A change of the contact was taken back: %(name)s."),
    "contact.ended": gettext_lazy("%(name)s is not a contact any more."),
    "contact.end-undone": gettext_lazy("%(name)s is still a contact."),
    "contact.removed": gettext_lazy("A contact that was noted by mistake was removed."),
    "contact.brought-back": gettext_lazy("Contact brought back: %(name)s."),
    "company-note.written": gettext_lazy("Note written."),
    "company-note.changed": gettext_lazy("Note changed."),
    "company-note.change-taken-back": gettext_lazy("A change of the note was taken back."),
    "company-note.removed": gettext_lazy("Note removed."),
    "company-note.brought-back": gettext_lazy("Note brought back."),
    "consent.given": gettext_lazy("Consent given: %(what)s."),
    "consent.withdrawn": gettext_lazy("Consent withdrawn: %(what)s."),
    "consent.withdrawal-undone": gettext_lazy("Consent still stands: %(what)s."),
}
NAMES = {
    "name": gettext_lazy("name"),
    "municipality": gettext_lazy("municipality"),
    "industry_code": gettext_lazy("industry"),
    "industry_version": gettext_lazy("industry"),
    "employees": gettext_lazy("employees"),
    "founded": gettext_lazy("founded"),
    "advertising_protected": gettext_lazy("advertising protection"),
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("telephone"),
    "address": gettext_lazy("address"),
    "postcode": gettext_lazy("postcode"),
    "city": gettext_lazy("city"),
    "foreign_employees": gettext_lazy("employees from abroad"),
    "cvr": gettext_lazy("CVR number"),
    "role": gettext_lazy("role"),
    "started": gettext_lazy("since when"),
    "text": gettext_lazy("what it says"),
    "on": gettext_lazy("day"),
    "sharing": gettext_lazy("who may see it"),
}


def sentence(entry: Entry, name: str = "") -> str:
    """What happened; "" for a verb of another room."""
    words = SENTENCES.get(entry.verb)
    return str(words) % {"name": name or _("Somebody"), "what": _what(entry)} if words else ""


def _what(entry: Entry) -> str:
    if entry.verb.startswith("consent."):
        kind = str(entry.after.get("kind", ""))
        return str(ConsentKind(kind).label) if kind in ConsentKind.values else kind
    if entry.verb.startswith("double."):
        judgement = str(entry.after.get("judgement", ""))
        return str(Judgement(judgement).label) if judgement in Judgement.values else judgement
    return fields_in_words([*entry.before.get("columns", ()), *entry.after.get("columns", ())])


def fields_in_words(fields: Iterable[str]) -> str:
    """Names of a company's columns, as people say them, each once."""
    return ", ".join(dict.fromkeys(str(NAMES.get(field, field)) for field in fields))
