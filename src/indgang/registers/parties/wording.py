"""Companies and who deals with them, in words, in the language of the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from indgang.foundation.ui.words import number_in_words, short_day
from indgang.registers.parties.models import Company, Field, Tie, TieKind
from indgang.registers.parties.rules.sizes import size_class


def tie_in_words(tie: Tie, *, on_its_day: bool = False) -> str:
    """Such as "guidance course in finance since 3.3.2026, consultant N.N."; who it is stands before it. `on_its_day`: the first day stands
    there already, so what began and ended on it does not say it again."""
    what = within(str(TieKind(tie.kind).label)) if tie.kind in TieKind.values else tie.kind
    if tie.fields:
        what = _("%(what)s in %(fields)s") % {"what": what, "fields": fields_in_words(tie.fields)}
    when = "" if on_its_day and tie.ended == tie.started else time_in_words(tie.started, tie.ended)
    told = _("%(what)s %(when)s") % {"what": what, "when": when} if when else what
    return _("%(told)s, consultant %(name)s") % {"told": told, "name": tie.consultant} if tie.consultant else told


def fields_in_words(fields: Sequence[str]) -> str:
    """Such as "finance and innovation"."""
    return get_text_list([within(str(Field(field).label)) if field in Field.values else field for field in fields], _("and"))


def time_in_words(started: dt.date, ended: dt.date | None) -> str:
    """Such as "since 3.3.2026", "3.3.2026" or "3.3.2026 - 5.5.2026"."""
    if ended is None:
        return _("since %(day)s") % {"day": short_day(started)}
    return short_day(started) if ended == started else f"{short_day(started)} - {short_day(ended)}"


def within(words: str) -> str:
    """Words that stand within a sentence: without their capital, unless it is that of an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


def size_in_words(company: Company) -> str:
    """Such as "20-49 employees"; "" where it is not known."""
    if company.employees is None:
        return ""
    if not company.employees:
        return _("no employees")
    size = size_class(company.employees)
    return ngettext("%(size)s employee", "%(size)s employees", company.employees) % {"size": size}


def employees_in_words(company: Company) -> str:
    """Such as "37 (20-49)"."""
    if company.employees is None:
        return ""
    size, exactly = size_class(company.employees), number_in_words(company.employees)
    return exactly if size == exactly else f"{exactly} ({size})"


def place_in_words(company: Company) -> str:
    """The city, and the municipality where that is another word."""
    municipality = company.municipality.title if company.municipality else ""
    named = dict.fromkeys(filter(None, (company.city, municipality)))
    return ", ".join(named)


def cvr_in_words(cvr: str | None) -> str:
    """In pairs, as it is read aloud."""
    return " ".join(cvr[at : at + 2] for at in range(0, len(cvr), 2)) if cvr else ""
