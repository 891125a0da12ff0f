"""The words of the register that answer a word somebody looks for."""

from __future__ import annotations

from django.db.models import Q

from indgang.registers.parties.models import Word
from indgang.registers.parties.rules.words import GRAM, inner_grams, likeness, near, slips_allowed

LOOKED_AT = 2_000
USED = 100


def answering(wanted: str) -> dict[int, float]:
    """The words that are the same, begin so, have it in them or differ by a slip: {id: how well they answer}, the best at most."""
    found = Word.objects.filter(_like(wanted)).values_list("pk", "text")[:LOOKED_AT]
    rated = [(rating, number) for number, text in found if (rating := likeness(wanted, text)) is not None]
    exact = Word.objects.filter(text=wanted).values_list("pk", flat=True).first()
    best = sorted(rated, reverse=True)[:USED]
    return {number: rating for rating, number in best} | ({exact: 1.0} if exact else {})


def _like(wanted: str) -> Q:
    """A condition that an index answers."""
    if len(wanted) < GRAM:
        return Q(text__startswith=wanted)
    part = Q(grams__contains=inner_grams(wanted), text__contains=wanted)
    return part | Q(near__overlap=near(wanted)) if slips_allowed(wanted) else part
