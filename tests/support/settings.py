"""Settings of the servers that tests run on."""

import os
from urllib.parse import urlsplit, urlunsplit

PGBIN = os.environ.get("TEST_PGBIN", "")

# The folder of a program `cluster` that starts a Citus cluster (docs/scaling.md), to run the tests on one.
CITUS = os.environ.get("TEST_CITUS", "")

# Throw-away data needs no fsync; tests of durability start their own server.
OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

SECRET = "only-for-tests-only-for-tests-only-for-tests"
DEMO_PASSWORD = "feelback-demo"


def database_url(server: str, name: str) -> str:
    """The DSN of the database `name` on the same server."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
