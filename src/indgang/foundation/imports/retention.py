"""What is forgotten of imports, and when. What they brought in belongs to the rooms they brought it to."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from indgang.foundation.database import clock
from indgang.foundation.imports.models import ROWS_KEPT, Batch, BatchRow
from indgang.foundation.privacy.retention import Retention

WHO_KEPT = dt.timedelta(days=5 * 365)


def rows_to_forget() -> QuerySet[BatchRow]:
    """What imports of a year ago changed: they can no longer be taken back."""
    return BatchRow.objects.filter(batch__created_at__lt=clock.now() - ROWS_KEPT)


def batches_to_forget() -> QuerySet[Batch]:
    """Imports of five years ago that still say who made them. Their counts stay."""
    return Batch.objects.filter(created_at__lt=clock.now() - WHO_KEPT).exclude(user=None)


RETENTION = (
    Retention(models=("imports.batchrow",), due=rows_to_forget, forget=lambda rows: rows.delete()),
    Retention(models=("imports.batch",), due=batches_to_forget, forget=lambda batches: batches.update(user=None)),
)
