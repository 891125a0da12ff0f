"""Where the tests live: loaded by pytest before the settings are read (`-p` in pyproject.toml).

Without INDGANG_HOME the tests make a home of their own, with its own embedded server, and remove it at the end. TEST_DATABASE_URL names
a server to use instead.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if os.environ.get("TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
else:
    os.environ.pop("DATABASE_URL", None)

if not os.environ.get("INDGANG_HOME"):
    os.environ["INDGANG_HOME"] = tempfile.mkdtemp(prefix="indgang-tests-")
    if "PYTEST_XDIST_WORKER" not in os.environ:
        atexit.register(shutil.rmtree, os.environ["INDGANG_HOME"], ignore_errors=True)

os.environ.pop("INDGANG_CLOCK", None)
# Tests need no safety against power cuts; libpq hands this to the server with every connection.
os.environ["PGOPTIONS"] = "-c synchronous_commit=off"
