"""The table behind Django's database cache, as `createcachetable` makes it: log-in attempts are counted there for all processes together."""

from django.db import migrations

CREATE = """
    CREATE TABLE cache (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL, expires timestamp with time zone NOT NULL);
    CREATE INDEX cache_expires ON cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [migrations.RunSQL(CREATE, "DROP TABLE cache;")]
