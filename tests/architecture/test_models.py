"""A foreign key given as a string slips past the import contracts; here it does not."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from tests.architecture.plan import may_point


def test_models_point_down_the_stairs_only() -> None:
    ours = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("indgang.")]
    assert ours
    wrong = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in ours
        for field in [*model._meta.fields, *model._meta.many_to_many]
        if isinstance(field.related_model, type) and issubclass(field.related_model, models.Model)
        if field.related_model.__module__.startswith("indgang.") and not may_point(model.__module__, field.related_model.__module__)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("lower", "upper"),
    [
        ("indgang.foundation.places.models", "indgang.foundation.identity.models"),
        ("indgang.foundation.journal.models", "indgang.registers.parties.models"),
        ("indgang.registers.parties.models", "indgang.operations.reception.models.journey"),
    ],
)
def test_the_check_tells_up_from_down(lower: str, upper: str) -> None:
    assert may_point(upper, lower)
    assert not may_point(lower, upper)


def test_neighbours_on_operations_share_no_door() -> None:
    assert not may_point("indgang.operations.guidance.models", "indgang.operations.reception.models")
    assert may_point("indgang.operations.reception.models.links", "indgang.operations.reception.models.journey")
