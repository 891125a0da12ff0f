"""Looking through the register for records that may be the same company."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils.module_loading import import_string

from indgang.foundation.linkage.rules.clusters import Decisions
from indgang.foundation.linkage.rules.meanings import Column, Meaning
from indgang.registers.parties.actions.locks import JUDGEMENTS, lock
from indgang.registers.parties.models import Company, Double, Judgement
from indgang.registers.parties.queries.doubles import judged_so_far
from indgang.registers.parties.rules.doubles import Groups, Pair

COMPARED: Mapping[str, Meaning] = {
    "name": Meaning.ORGANISATION,
    "cvr": Meaning.IDENTIFIER,
    "address": Meaning.STREET,
    "postcode": Meaning.POSTCODE,
    "city": Meaning.CITY,
    "municipality__code": Meaning.AREA,
    "phone": Meaning.PHONE,
    "email": Meaning.EMAIL,
}
LINKING = "indgang.foundation.linkage.linking"  # brings DuckDB along; whoever looks for no doubles need not load it


def find_doubles() -> int:
    """Propose pairs that are probably the same, as far as nobody has judged them; say how many are proposed.

    What was proposed and does not look the same any more goes; judgements, and the ids of pairs, stay. A record with a number is the only
    one of its company that has one, so one of each pair has none: where every record has its number, there is nothing to look for.
    """
    found = _probable() if Company.objects.filter(cvr=None).exclude(name="").exists() else {}
    with transaction.atomic():
        lock(JUDGEMENTS)
        groups = Groups(judged_so_far(found))
        return _propose({pair: likely for pair, likely in found.items() if groups.is_open(pair)})


def _probable() -> dict[Pair, float]:
    """The strongest link of every record in a cluster, as pairs of ids."""
    link, known_as = import_string(f"{LINKING}.link"), import_string(f"{LINKING}.Known")
    rows = list(Company.objects.exclude(name="").order_by("pk").values_list("pk", *COMPARED).iterator(chunk_size=5_000))
    ids = [row[0] for row in rows]
    place = {number: at for at, number in enumerate(ids)}
    judged = judged_so_far()
    decisions = Decisions(*(_at(pairs, place) for pairs in (judged.same, judged.different)))
    columns = [Column(header, meaning) for header, meaning in COMPARED.items()]
    said = ([value or None for value in row[1:]] for row in rows)
    found = link(list(COMPARED), said, columns, known_as(decisions=decisions)).strongest
    pairs = ((ids[here], ids[one.place], one.probability) for here, one in found.items())
    return {(min(one, other), max(one, other)): likely for one, other, likely in pairs}


def _at(pairs: Iterable[Pair], place: Mapping[int, int]) -> frozenset[Pair]:
    return frozenset((place[one], place[other]) for one, other in pairs if one in place and other in place)


def _propose(found: Mapping[Pair, float]) -> int:
    standing = {(double.one_id, double.other_id): double for double in Double.objects.all()}
    proposed = {pair: double for pair, double in standing.items() if double.judgement == Judgement.PROBABLE}
    Double.objects.filter(pk__in=[double.pk for pair, double in proposed.items() if pair not in found]).delete()
    changed = [double for pair, double in proposed.items() if pair in found and double.probability != found[pair]]
    for double in changed:
        double.probability = found[double.one_id, double.other_id]
    Double.objects.bulk_update(changed, ["probability"], batch_size=500)
    new = [Double(one_id=one, other_id=other, probability=likely) for (one, other), likely in found.items() if (one, other) not in standing]
    Double.objects.bulk_create(new, batch_size=500)
    return len(new) + len(proposed.keys() & found.keys())
