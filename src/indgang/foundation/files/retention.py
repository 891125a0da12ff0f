"""What is forgotten of files that were handed in, and when."""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path

from django.db.models import QuerySet

from indgang.foundation.database import clock
from indgang.foundation.files.actions import alone_in, folder
from indgang.foundation.files.models import StoredFile
from indgang.foundation.privacy.retention import Retention

KEPT = dt.timedelta(days=365)


def files_to_forget() -> QuerySet[StoredFile]:
    """Files that were handed in a year ago."""
    return StoredFile.objects.filter(created_at__lt=clock.now() - KEPT)


def remove_content_nobody_names() -> None:
    """Content that no row names and that was written a year ago: its row is gone, or it never had one because the program was killed or the
    import refused. The year goes by the time on the disk, which is fresh whenever somebody hands the same content in again.
    """
    place = folder()
    for part in sorted(place.iterdir()) if place.is_dir() else []:
        content = [path for path in ([part] if part.is_file() else part.iterdir()) if _is_old(path)]
        named = set(StoredFile.objects.filter(digest__in=[path.name for path in content]).values_list("digest", flat=True))
        with alone_in(place):
            for path in content:
                if path.name not in named and _is_old(path):
                    path.unlink()


def _is_old(path: Path) -> bool:
    return path.exists() and time.time() - path.stat().st_mtime > KEPT.total_seconds()


RETENTION = (
    Retention(
        models=("files.storedfile",),
        due=files_to_forget,
        forget=lambda files: files.delete(),
        afterwards=remove_content_nobody_names,
    ),
)
