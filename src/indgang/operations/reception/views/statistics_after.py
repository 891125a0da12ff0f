"""The answers after visits, as the page of statistics shows them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from indgang.foundation.access.actors import Actor
from indgang.foundation.identity.models import Role
from indgang.foundation.measures.declared import Scope
from indgang.foundation.ui.tables import Column, Table
from indgang.foundation.ui.words import number_in_words, share_in_words
from indgang.operations.reception.queries.after_visit import Figure, figures_of_answers, texts_of_answers
from indgang.operations.reception.rules.after_visit import FEWEST
from indgang.operations.reception.views.after_visit import option_words


def after_visits(actor: Actor, scope: Scope) -> dict[str, Any]:
    """What was answered on these days. What people wrote is for the leaders of the house's host."""
    house = scope.house
    if not hasattr(house, "after_visit"):
        return {"asks": False}
    number, figures = figures_of_answers(house, scope.first, scope.last)
    leads = house.id in actor.houses_as(Role.LEADER, host=True)
    tables = [{"title": one.question.title, "table": _table(one)} for one in figures]
    texts = texts_of_answers(house, scope.first, scope.last) if leads and number >= FEWEST else []
    return {"asks": True, "number": number, "fewest": FEWEST, "tables": tables, "texts": texts}


def _table(figure: Figure) -> Table | None:
    counted = figure.counted
    if counted.of is None:
        return None
    words = option_words()
    rows = [(words[option], count) for option, count in counted.of.items()]
    columns = [
        Column("answer", _("Answer"), lambda row: row[0]),
        Column("number", _("Number"), lambda row: number_in_words(row[1]), number=True),
        Column("share", _("Share"), lambda row: share_in_words(row[1] / counted.n), number=True),
    ]
    caption = _("%(question)s (n = %(number)s)") % {"question": figure.question.title, "number": number_in_words(counted.n)}
    return Table(columns=columns, rows=rows, caption=caption, name=f"after-{figure.question.key}")
