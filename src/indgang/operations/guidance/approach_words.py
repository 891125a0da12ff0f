"""Who approaches whom, in words: whose a company is, and why."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from indgang.foundation.ui.words import number_in_words, short_day
from indgang.operations.guidance.queries.approach import Approach, Line
from indgang.registers.parties.models import Field

TO_BE_AGREED = gettext_lazy("To be agreed")
OF_PARTY: dict[str, str | Promise] = {
    "office": gettext_lazy("the municipality’s business office"),
    "hub": gettext_lazy("the hub"),
    "agreed": gettext_lazy("agreed case by case between the office and the hub"),
}


def share_in_words(share: str, employees_up_to: int) -> str:
    """What a kind of outreach is."""
    words = {
        "entrepreneur": _("Outreach to entrepreneurs"),
        "general": _("General guidance of companies with up to %(count)s employees"),
        "specialised": _("Specialised guidance of companies with up to %(count)s employees"),
        "large": _("Outreach to companies with more than %(count)s employees"),
    }
    return words[share] % {"count": number_in_words(employees_up_to)}


def field_in_words(field: str) -> str:
    """A field by its name; "" is general guidance."""
    return str(Field(field).label) if field in Field.values else field or _("General guidance")


def line_in_words(line: Line) -> str:
    """What the line is about."""
    if line.any:
        return _("Specialised, in one of the eight fields")
    if line.answer.share in ("entrepreneur", "large"):
        return _("Whatever it is about")
    return field_in_words(line.field)


def whose_in_words(line: Line) -> str:
    """Whose it is: the organisation's name, or that it is to be agreed."""
    return line.organisation.title if line.organisation else str(TO_BE_AGREED)


def why_in_words(line: Line, approach: Approach) -> str:
    """The reasons as sentences, the deciding one first, then the rule that follows from it."""
    division = approach.division
    sentences = [_reason(reason, line, approach) for reason in line.answer.reasons]
    if division and line.answer.share:
        whose = OF_PARTY[line.answer.instead or line.answer.whose]
        rule = {"what": share_in_words(line.answer.share, division.rules.employees_up_to), "whose": whose}
        sentences.append(_("%(what)s: %(whose)s.") % rule)
    return " ".join(sentence for sentence in sentences if sentence)


def _reason(reason: str, line: Line, approach: Approach) -> str:
    facts, rules = approach.facts, approach.division.rules if approach.division else None
    limit = rules.employees_up_to if rules else 0
    if reason in ("large", "small"):
        count = facts.employees or 0
        if not count:
            return _("It has no employees.")
        return ngettext("It has %(count)s employee.", "It has %(count)s employees.", count) % {"count": number_in_words(count)}
    if reason == "founded-lately" and facts.founded and rules:
        words = ngettext(
            "It was founded on %(day)s, less than %(years)s year ago.",
            "It was founded on %(day)s, less than %(years)s years ago.",
            rules.entrepreneur_years,
        )
        return words % {"day": short_day(facts.founded), "years": rules.entrepreneur_years}
    if reason == "no-office":
        return (
            _("Its municipality has no business office here.")
            if approach.company.municipality_id
            else _("It is not known in which municipality it is, and with that not which office’s it is.")
        )
    words_of = {
        "no-cvr": _("It has no CVR number yet: somebody who is about to start."),
        "size-unknown": _("How many people it employs is not known; it is taken for one with up to %(limit)s.") % {"limit": limit},
        "field-not-divided": _("The agreement does not say whose the field “%(field)s” is.") % {"field": field_in_words(line.field)},
        "no-division": _("No division of labour is stated for this region."),
    }
    return words_of.get(reason, "")
