"""Settings of the servers that tests run on."""

import os
from urllib.parse import urlsplit, urlunsplit

PGBIN = os.environ.get("TEST_PGBIN", "")

# Throw-away data need no flushing; tests of durability start a server of their own.
OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}

SECRET = "only-for-tests-only-for-tests-only-for-tests"


def database_url(server: str, name: str) -> str:
    """How to connect to the database `name` on the server of another one's address."""
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
