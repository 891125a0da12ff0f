"""The table behind Django's database cache, as `createcachetable` makes it: log-in attempts are counted there for all processes together."""

from django.db import migrations, models

CREATE = """
    CREATE TABLE cache (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamp with time zone NOT NULL);
    CREATE INDEX cache_expires ON cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(CREATE, "DROP TABLE cache;"),
        migrations.CreateModel(
            name="CacheRow",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField()),
            ],
            options={"verbose_name": "log-in attempt", "db_table": "cache", "managed": False},
        ),
    ]
