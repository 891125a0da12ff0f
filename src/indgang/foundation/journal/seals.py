"""Sealing entries in hash-linked batches, and checking every seal.

An entry's digest is the SHA-256 over all its stored columns, the ciphertext of personal text included, each written as its length and its
bytes (so no two different entries read the same). A seal's digest is the SHA-256 over its number, its time, the digest of the seal
before it and each entry's id and digest. Erasing a person destroys a key, not a ciphertext: the seals hold.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from indgang.foundation.database import clock
from indgang.foundation.journal.models import Entry, Pending, Seal

FORM = b"indgang journal seal 1"
FIRST = "0" * 64
DIGEST_BYTES = 32
LOCK = 0x6A6F75726E616C  # "journal": one sealer at a time
ENTRIES_PER_SEAL = 5_000

# Every stored column as text that depends on no session setting. A test compares the names with the model's.
CANONICAL = {
    "id": "id::text",
    "at": """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')""",
    "verb": "verb",
    "actor_kind": "actor_kind",
    "user_id": "user_id::text",
    "organisation_id": "organisation_id::text",
    "house_id": "house_id::text",
    "circle": "circle",
    "subject_type": "subject_type",
    "subject_id": "subject_id",
    "about": "to_json(about)::text",
    "before": "before::text",
    "after": "after::text",
    "personal_text": "encode(personal_text, 'hex')",
    "vault_subject_id": "vault_subject_id::text",
}
READ_ENTRIES = f"SELECT {', '.join(CANONICAL.values())} FROM journal_entry WHERE id = ANY(%s)"

# Set operations and grouping sort or hash whatever the planner believes about the size of an array; a join might not.
NEITHER = """
SELECT id FROM journal_entry EXCEPT (SELECT unnest(entry_ids) FROM journal_seal UNION ALL SELECT entry_id FROM journal_pending)
ORDER BY id LIMIT 1
"""
TWICE = "SELECT id FROM journal_seal, unnest(entry_ids) AS id GROUP BY id HAVING count(*) > 1 ORDER BY id LIMIT 1"
PENDING_BUT_GONE = "SELECT entry_id FROM journal_pending EXCEPT SELECT id FROM journal_entry ORDER BY entry_id LIMIT 1"


@dataclass(frozen=True)
class Verdict:
    """Whether the journal is untouched; if not, `message` names the first place found. `head` is the digest of the last seal."""

    ok: bool
    message: str
    entries: int
    sealed: int
    head: str


@transaction.atomic
def seal() -> Seal | None:
    """Seal the entries that wait, at most 5,000, oldest first; None when none wait.

    A pending entry that is gone stays pending, so that `verify` keeps naming it.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    waiting = list(Pending.objects.order_by("entry_id").values_list("entry_id", flat=True)[:ENTRIES_PER_SEAL])
    digests = _digests(waiting)
    ids = sorted(digests)
    if not ids:
        return None
    last = Seal.objects.order_by("number").last()
    draft = Seal(
        number=last.number + 1 if last else 1,
        sealed_at=clock.now(),
        entry_ids=ids,
        entry_digests=b"".join(digests[number] for number in ids),
        previous_digest=last.digest if last else FIRST,
    )
    draft.digest = _digest_of(draft)
    draft.save(force_insert=True)
    Pending.objects.filter(entry_id__in=ids).delete()
    return draft


def seal_all() -> int:
    """Seal until nothing waits; how many seals that took."""
    made = 0
    while seal() is not None:
        made += 1
    return made


def verify(*, noted_head: str = "") -> Verdict:
    """Recompute every seal and compare. Changes nothing and seals nothing.

    `noted_head` is a head digest written down earlier, outside the database: the chain must still contain it, or its end was cut off.
    """
    sealed, head, fault = _verify_seals(noted_head)
    fault = fault or _verify_rest()
    entries = Entry.objects.count()
    if fault:
        return Verdict(ok=False, message=fault, entries=entries, sealed=sealed, head=head)
    message = f"Untouched: {entries} entries, {sealed} of them sealed."
    return Verdict(ok=True, message=message, entries=entries, sealed=sealed, head=head)


def _verify_seals(noted_head: str) -> tuple[int, str, str]:
    """How many entries are sealed, the last seal's digest, and the first fault in the chain (or nothing)."""
    sealed, previous, number, noted = 0, FIRST, 0, noted_head in {"", FIRST}
    for batch in _batches(Seal.objects.order_by("number").iterator(chunk_size=200)):
        digests = _digests([entry for made in batch for entry in made.entry_ids])
        for made in batch:
            fault = _fault_in(made, number + 1, previous, digests)
            if fault:
                return sealed, previous, fault
            sealed, previous, number = sealed + len(made.entry_ids), made.digest, made.number
            noted = noted or made.digest == noted_head
    return sealed, previous, "" if noted else f"No seal has the digest {noted_head}: the end of the journal was cut off or rewritten."


def _fault_in(made: Seal, number: int, previous: str, digests: dict[int, bytes]) -> str:
    """What is wrong with this seal, or nothing."""
    if made.number != number:
        return f"Seal {number} is missing: seal {made.number} comes where it should be."
    if made.previous_digest != previous:
        return f"Seal {made.number} does not follow seal {number - 1}: the chain is broken there."
    if made.digest != _digest_of(made):
        return f"Seal {made.number} of {made.sealed_at.isoformat()} was changed: its digest does not fit."
    stored = bytes(made.entry_digests)
    for place, entry_id in enumerate(made.entry_ids):
        if entry_id not in digests:
            return f"Entry {entry_id} is missing: seal {made.number} of {made.sealed_at.isoformat()} covers it."
        if digests[entry_id] != stored[place * DIGEST_BYTES : (place + 1) * DIGEST_BYTES]:
            return f"Entry {entry_id} was changed after seal {made.number} of {made.sealed_at.isoformat()}."
    return ""


def _verify_rest() -> str:
    """Entries outside the seals: each must wait for one, and whatever waits must be there."""
    with connection.cursor() as cursor:
        cursor.execute(NEITHER)
        if row := cursor.fetchone():
            return f"Entry {row[0]} is neither sealed nor waiting for a seal."
        cursor.execute(TWICE)
        if row := cursor.fetchone():
            return f"Entry {row[0]} is sealed more than once."
        cursor.execute(PENDING_BUT_GONE)
        if row := cursor.fetchone():
            return f"Entry {row[0]} is missing: it waits for a seal but is no longer there."
    return ""


def _batches(seals: Iterator[Seal]) -> Iterator[list[Seal]]:
    """Seals in groups of some 5,000 entries: few queries, flat memory."""
    batch: list[Seal] = []
    entries = 0
    for made in seals:
        batch.append(made)
        entries += len(made.entry_ids)
        if entries >= ENTRIES_PER_SEAL:
            yield batch
            batch, entries = [], 0
    if batch:
        yield batch


def _digests(entry_ids: Sequence[int]) -> dict[int, bytes]:
    """The digest of each of those entries that is there."""
    with connection.cursor() as cursor:
        cursor.execute(READ_ENTRIES, [list(entry_ids)])
        return {int(row[0]): hashlib.sha256(_joined(row)).digest() for row in cursor}


def _joined(values: Sequence[Any]) -> bytes:
    """Texts as one unambiguous run of bytes; NULL differs from empty."""
    parts = [b"-" if value is None else b"%d:%b" % (len(raw := value.encode()), raw) for value in values]
    return b",".join(parts)


def _digest_of(made: Seal) -> str:
    """What the seal's digest must be."""
    head = [str(made.number), made.sealed_at.astimezone(dt.UTC).isoformat(), made.previous_digest, ",".join(map(str, made.entry_ids))]
    return hashlib.sha256(FORM + _joined(head) + bytes(made.entry_digests)).hexdigest()
