"""The worker process that `indgang serve` starts: it runs the jobs."""

from __future__ import annotations

import os
import sys

import django
from django.utils.module_loading import import_string

from indgang.config import lifeline

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "indgang.config.settings")
    django.setup()
    lifeline.follow(int(sys.argv[1]))
    import_string("indgang.foundation.jobs.work.run_worker")()
