"""A job that is deferred notifies nobody: the worker looks for jobs itself (work.py).

Transactions that notify commit one after another in PostgreSQL, each waiting for the disk alone, and every booking defers a job.
"""

from django.db import migrations

SILENT = "ALTER TABLE procrastinate_jobs DISABLE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1"
NOTIFYING = "ALTER TABLE procrastinate_jobs ENABLE TRIGGER procrastinate_jobs_notify_queue_job_inserted_v1"


class Migration(migrations.Migration):
    dependencies = [("procrastinate", "0041_post_retry_failed_job")]
    operations = [migrations.RunSQL(SILENT, NOTIFYING)]
