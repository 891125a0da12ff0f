"""Companies by the people whom somebody knows there."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from indgang.registers.parties.models import Contact
from indgang.registers.parties.rules.words import inner_grams, likeness, near, slips_allowed, words_of

Met = dict[int, float]  # a company -> how well somebody there answers a word
MET_AT_MOST = 1_000


def people_answering(people: QuerySet[Contact], wanted: Sequence[str]) -> list[Met]:
    """Which companies answer each of the words through the name of one of these contacts; one query for all words together, so that a full
    name is not lost among its namesakes, and one for each."""
    conditions = [_like(word) for word in wanted]
    found: list[Met] = [{} for _word in wanted]
    together = Q()
    for condition in conditions:
        together &= condition
    for asked in [together, *conditions] if len(conditions) > 1 else conditions:
        for company, name in people.filter(asked).order_by("pk").values_list("company_id", "name")[:MET_AT_MOST]:
            words = words_of(name)
            for place, word in enumerate(wanted):
                rating = max((likeness(word, own) or 0.0 for own in words), default=0.0)
                if rating > found[place].get(company, 0.0):
                    found[place][company] = rating
    return found


def _like(wanted: str) -> Q:
    """A condition that an index answers; what it finds is compared afterwards."""
    if len(wanted) < 2:
        return Q(pk__in=())
    part = Q(traces__contains=inner_grams(wanted))
    return part | Q(traces__overlap=[f"~{key}" for key in near(wanted)]) if slips_allowed(wanted) else part
