"""What other rooms say of who deals with which company."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Model

from indgang.foundation.database.bulk import copy_in
from indgang.foundation.journal.drafts import tag_of
from indgang.registers.parties.models import Tie

WRITTEN = ("company", "organisation", "kind", "fields", "consultant", "started", "ended", "confidential")


def tie(source: Model, told: Tie) -> None:
    """Say it, or say it anew: `source` is the record behind it, `told` a tie without its source."""
    told.source = tag_of(source)
    Tie.objects.bulk_create([told], update_conflicts=True, unique_fields=["source"], update_fields=WRITTEN)


def tie_many(ties: Sequence[Tie]) -> None:
    """Write many new ones, with their sources, as fast as the database takes them."""
    copy_in(Tie, ties)


def tie_anew(ties: Sequence[Tie]) -> None:
    """Write many with their sources over those that are there."""
    Tie.objects.bulk_create(ties, update_conflicts=True, unique_fields=["source"], update_fields=WRITTEN, batch_size=500)


def untie(sources: Iterable[Model]) -> None:
    """Those records are gone, and what they said with them."""
    Tie.objects.filter(source__in=[tag_of(source) for source in sources]).delete()


def name_no_consultant(model: type[Model], ids: Collection[int]) -> None:
    """Who it was is not told any more of these records; that there was a contact is."""
    Tie.objects.filter(source__in=[f"{model._meta.label_lower}:{number}" for number in ids]).update(consultant="")


def untie_numbered(model: type[Model], ids: Collection[int]) -> None:
    """The records with these numbers are gone, and what they said with them."""
    Tie.objects.filter(source__in=[f"{model._meta.label_lower}:{number}" for number in ids]).delete()
