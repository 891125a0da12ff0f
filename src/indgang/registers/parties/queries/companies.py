"""Companies: who leans on them."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Model

from indgang.registers.parties.models import Company, Double, Move, Tie

GO_ALONG = {Company, Double, Move, Tie}  # these only tell of the company itself, and go with it


def leaning_on(ids: Collection[int], model: type[Model] = Company) -> dict[int, str]:
    """Which of these companies (or establishments) something else refers to, whatever room keeps it, and what that is."""
    found: dict[int, str] = {}
    for relation in model._meta.related_objects:
        if relation.related_model in GO_ALONG:
            continue
        field = relation.field.name
        for number in relation.related_model._base_manager.filter(**{f"{field}__in": ids}).values_list(field, flat=True).distinct():
            found.setdefault(number, str(relation.related_model._meta.verbose_name))
    return found
