"""Which cluster keeps which id when records come and go. An id is never given to anything else."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

LETTERS = bytes.maketrans(b"ILOU", b"0189")  # none that is read as another: base 32 has no 0, 1, 8 and 9


@dataclass(frozen=True)
class Succession:
    """The id of each cluster, in their order; and for each id of before that is gone, the id where most of its records are now (its heir),
    None where no record is left."""

    ids: list[str]
    heirs: dict[str, str | None]


def succeeded(
    clusters: Sequence[Sequence[Any]],
    before: Mapping[str, Collection[Any]],
    used: Collection[str],
    name: Callable[[Sequence[Any], int], str],
) -> Succession:
    """Ids for the clusters (each sorted).

    An id of before goes with most of its records, of equal parts with the one that has the first record. Where several ids meet, the one
    that brings most records stays, of equals the first; the others end. `used` are ids that ended earlier. `name` proposes the id of a new
    cluster, and another one with each further attempt.
    """
    place_of = {record: place for place, cluster in enumerate(clusters) for record in cluster}
    claims: dict[int, list[tuple[int, str]]] = {}
    went: dict[str, int | None] = {}
    for key, records in before.items():
        parts = Counter(place_of[record] for record in records if record in place_of)
        best = min(parts, key=lambda place: (-parts[place], clusters[place][0]), default=None)
        went[key] = best
        if best is not None:
            claims.setdefault(best, []).append((-parts[best], key))
    kept = {place: min(claimed)[1] for place, claimed in claims.items()}
    taken = {*before, *used}
    ids: list[str] = []
    for place, cluster in enumerate(clusters):
        proposed = (name(cluster, attempt) for attempt in count())
        key = kept[place] if place in kept else next(one for one in proposed if one not in taken)
        taken.add(key)
        ids.append(key)
    heirs = {key: None if place is None else ids[place] for key, place in went.items() if place is None or ids[place] != key}
    return Succession(ids, heirs)


def readable(content: bytes, attempt: int = 0) -> str:
    """An id that a person can read out, such as C-7KQ4-MXR2, made of a digest of a record: the same record, the same id."""
    digest = content if attempt == 0 else hashlib.sha256(content + attempt.to_bytes(4)).digest()
    letters = base64.b32encode(digest[:5]).translate(LETTERS).decode()
    return f"C-{letters[:4]}-{letters[4:]}"
