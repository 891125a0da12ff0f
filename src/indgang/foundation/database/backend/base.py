"""Django's PostgreSQL backend, except that the embedded server is started by the first connection that needs it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db.backends.postgresql import base

from indgang.foundation.database import embedded


class DatabaseWrapper(base.DatabaseWrapper):
    """Asks the embedded server for its socket instead of reading host and port from the settings."""

    def get_connection_params(self) -> dict[str, Any]:
        """Psycopg keyword arguments; starts the server named by the setting `EMBEDDED_HOME` when it does not run."""
        parameters = super().get_connection_params()
        parameters.update(embedded.connection_parameters(Path(self.settings_dict["EMBEDDED_HOME"])))
        return parameters
