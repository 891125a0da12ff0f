"""Records that may be the same company: what people judged, and what is left to judge."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from indgang.foundation.access.actors import Actor
from indgang.registers.parties.models import Company, Double, Judgement
from indgang.registers.parties.permissions import see_companies
from indgang.registers.parties.rules.doubles import Judged, Pair, open_pairs


def doubles_visible_to(actor: Actor) -> QuerySet[Double]:
    """The pairs, for whoever works with companies: they tell of nothing but the register."""
    known = Double.objects.select_related("one__municipality", "other__municipality")
    return known if actor.kind == "system" or see_companies(actor) else known.none()


def judged_so_far(beside: Iterable[Pair] = (), *, without: Double | None = None) -> Judged:
    """Everything that people judged, with the numbers of all these records and of those in the pairs `beside`."""
    rows = Double.objects.exclude(judgement=Judgement.PROBABLE).values_list("pk", "one_id", "other_id", "judgement")
    same: list[Pair] = []
    different: list[Pair] = []
    for number, one, other, judgement in rows:
        if without is None or number != without.pk:
            (same if judgement == Judgement.SAME else different).append((one, other))
    records = {record for pair in (*same, *different, *beside) for record in pair}
    numbers = Company.objects.filter(pk__in=records).exclude(cvr=None).values_list("pk", "cvr")
    return Judged(same, different, {record: number for record, number in numbers if number})


def left_to_judge(actor: Actor) -> list[int]:
    """The pairs that somebody still has to judge, the likeliest first: their ids, in as many queries however many they are."""
    rows = doubles_visible_to(actor).filter(judgement=Judgement.PROBABLE).order_by("-probability", "pk").values_list("one", "other", "pk")
    numbered = {(one, other): number for one, other, number in rows}
    return [numbered[pair] for pair in open_pairs(numbered, judged_so_far(numbered))]


def judged_lately(actor: Actor, at_most: int) -> list[Double]:
    """What was judged last, the newest first. Who did so is not theirs to know."""
    judged = doubles_visible_to(actor).exclude(judgement=Judgement.PROBABLE)
    return list(judged.order_by("-decided_at", "-pk")[:at_most])


def same_companies(ids: Collection[int]) -> dict[int, set[int]]:
    """Of these companies: every record judged the same, themselves among them."""
    root = dict(Company.objects.filter(pk__in=ids).values_list("pk", "same_as"))
    tops = {number: same or number for number, same in root.items()}
    members: dict[int, set[int]] = {top: {top} for top in tops.values()}
    for number, top in Company.objects.filter(Q(same_as__in=members)).values_list("pk", "same_as"):
        members[top or number].add(number)
    return {number: members[top] for number, top in tops.items()}
