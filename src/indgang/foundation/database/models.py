"""The table behind Django's cache, as a model: it is about people, so what it holds and for how long is said here like everywhere else."""

from __future__ import annotations

from django.db import models

from indgang.foundation.database.personal import Personal


class CacheRow(models.Model):
    """A count with an end, such as how often somebody tried to log in. Written by Django's database cache, by the machine's own time."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField()

    personal = Personal(
        fields=("cache_key", "value"),
        what="The network address that somebody tries from, and how often.",
        purpose="To stop somebody who tries many passwords or codes: the network address and how often.",
        kept="Some minutes, then removed within a day.",
    )

    class Meta:
        managed = False
        db_table = "cache"
        verbose_name = "log-in attempt"
