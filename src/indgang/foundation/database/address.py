"""Where the database is: the server in DATABASE_URL, or the embedded one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from indgang.foundation.database import embedded


def database_settings(environ: Mapping[str, str]) -> dict[str, Any]:
    """Django's settings for the one database.

    Raises ImproperlyConfigured when DATABASE_URL names something other than a PostgreSQL server.
    """
    url = environ.get("DATABASE_URL", "")
    if not url:
        return {
            "ENGINE": "indgang.foundation.database.backend",
            "NAME": "postgres",
            "EMBEDDED_HOME": str(embedded.home(dict(environ))),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL must look like postgresql://user:password@host:5432/database")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
