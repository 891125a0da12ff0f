"""Companies: which of them are in use."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Model, Q

from indgang.registers.parties.models import Change, Company, Double, Judgement, Move, Tie

GO_ALONG = {Change, Company, Double, Move, Tie}  # these only tell of the company itself, and go with it


def in_use(ids: Collection[int], model: type[Model] = Company) -> set[int]:
    """Which of these companies (or establishments) something else refers to, whatever room keeps it, or somebody has judged.

    What that is is not said: it may be confidential, and to say it of others would tell which are.
    """
    found: set[int] = set()
    for relation in model._meta.related_objects:
        if relation.related_model not in GO_ALONG:
            field = relation.field.name
            found.update(relation.related_model._base_manager.filter(**{f"{field}__in": ids}).values_list(field, flat=True))
    if model is Company:
        judged = Double.objects.exclude(judgement=Judgement.PROBABLE).filter(Q(one__in=ids) | Q(other__in=ids))
        found.update(number for pair in judged.values_list("one_id", "other_id") for number in pair)
    return found & set(ids)
