"""What the processes of an idle installation load: libraries that few of them need cost each of them memory."""

import subprocess
import sys

import pytest

HEAVY = {"apprise", "httpcore", "matplotlib", "prometheus_client", "segno", "sentry_sdk", "stripe"}


ROLES = "app.__main__, app.database.roles"
LOADED = {
    "web process": ("app.__main__, app.server.web_process, app.server.hypercorn_server", {"psycopg", "uvicorn"}),
    "worker": (f"{ROLES}, app.worker.process", {"psycopg", "quart"}),
    "scheduler": (f"{ROLES}, app.database.scheduler", {"asyncpg", "cryptography", "quart"}),
    "supervisor": (
        "app.__main__, app.database.embedded.cluster, app.server.supervisor",
        {"quart", "psycopg", "asyncpg", "cryptography"},
    ),
    "guardian of the database": ("app.database.embedded.cluster", {"asyncio", "asyncpg", "psycopg", "quart"}),
}


@pytest.mark.parametrize("process", LOADED)
def test_a_process_loads_only_what_it_needs(process: str) -> None:
    modules, others = LOADED[process]
    command = [sys.executable, "-c", f"import sys, {modules}; print(*sys.modules)"]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert (HEAVY | others).isdisjoint(loaded)
