"""The answers after visits, as the page of statistics shows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.documents.sections import Section
from indgang.foundation.identity.models import Role
from indgang.foundation.measures.counting import Share
from indgang.foundation.measures.declared import Scope
from indgang.foundation.ui.tables import Column, Table
from indgang.foundation.ui.words import number_in_words, share_in_words
from indgang.operations.reception.queries.after_visit import texts_of_answers
from indgang.operations.reception.statistics_answers import answers_of


def after_visits(actor: Actor, scope: Scope) -> dict[str, Any]:
    """What was answered on these days. What people wrote is for the leaders of the house's host."""
    house = scope.house
    if not hasattr(house, "after_visit"):
        return {"asks": False}
    answers = answers_of(scope)
    leads = house.id in actor.houses_as(Role.LEADER, host=True)
    tables = [{"title": one.heading, "table": _table(one), "pictures": one.pictures} for one in answers.sections]
    texts = texts_of_answers(house, scope.first, scope.last) if leads else []
    return {"asks": True, "number": answers.number, "tables": tables, "texts": texts}


def _table(section: Section) -> Table | None:
    rows = [(line.name, *line.values) for line in section.lines]
    shares = [share for _name, _count, share in rows if isinstance(share, Share)]
    if not shares:
        return None
    columns = [
        Column("answer", _("Answer"), lambda row: row[0]),
        Column("number", section.columns[0], lambda row: number_in_words(row[1]), number=True),
        Column("share", section.columns[1], lambda row: share_in_words(row[2].value), number=True),
    ]
    caption = _("%(question)s (n = %(number)s)") % {"question": section.heading, "number": number_in_words(shares[0].whole)}
    return Table(columns=columns, rows=rows, caption=caption, name=section.key)
