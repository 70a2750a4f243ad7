"""Everything that must run while cases are measured: a durable Postgres, and the servers."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from app import config
from app.database import migrate
from app.database.embedded import cluster, postgres, programs
from tests.programs.bench import cpu, pgbench, seed, servers, waline
from tests.programs.bench.cases import POLICIES
from tests.programs.bench.seed import Seeded
from tests.programs.bench.servers import Server
from tests.support.settings import SECRET

# Room for pgbench's clients beside the servers' connections; all else is as in production.
OPTIONS = {"max_connections": "200"}
DURABLE = ("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")


@dataclass(frozen=True)
class Stage:
    """What runs, and how to reach it; `seeded` is by the name of the server that uses it."""

    dsn: str
    connection: psycopg.Connection
    postmaster: int
    servers: dict[str, Server]
    seeded: dict[str, Seeded]
    pgbench: str | None
    facts: dict[str, str]


@contextlib.contextmanager
def stage(
    wanted: set[str], *, workers: int, rows: int, folder: Path | None, waline_folder: Path | None
) -> Iterator[Stage]:
    """The stage with the `wanted` servers; "small" has `rows` responses in its database, "large" a hundred times as
    many.

    The database lies in a new folder inside `folder`, by default the system's for temporary files.
    """
    with contextlib.ExitStack() as stack:
        home = Path(tempfile.mkdtemp(prefix="feelback-bench-", dir=folder))
        stack.callback(shutil.rmtree, home, ignore_errors=True)
        home.chmod(0o755)  # the database's user must get through
        settings = config.load({"FEELBACK_DATA": str(home / "data"), "PGBIN": os.environ.get("PGBIN", "")})
        dsn = stack.enter_context(cluster.use(settings, OPTIONS))
        connection = stack.enter_context(contextlib.closing(psycopg.connect(dsn, autocommit=True)))
        seeded = {"": _seeded(dsn, rows)}
        running: dict[str, Server] = {}
        for name in sorted(wanted - {""}):
            own, seeded[name] = dsn, seeded[""]
            if name in ("small", "large"):
                own = urlunsplit(urlsplit(dsn)._replace(path=f"/bench_{name}"))
                connection.execute(f"create database bench_{name}".encode())
                seeded[name] = _seeded(own, rows if name == "small" else 100 * rows)
            kind = "uvicorn" if name.endswith("uvicorn") else "hypercorn"
            env = {**servers.environment(own, workers, kind), "BENCH_ACCOUNT": str(seeded[name].account)}
            log = home / f"{name}.log"
            module = name.partition("_")[0]
            if name == "waline":
                assert waline_folder
                start = waline.running(waline_folder, dsn, log)
            elif module in ("noop", "stock", "naive", "least"):
                start = servers.stand_in(module, env, log)
            else:
                start = servers.ours(env, log)
            running[name] = stack.enter_context(start)
        postmaster = postgres.process(postgres.home(settings.feelback_data))
        assert postmaster
        yield Stage(
            dsn,
            connection,
            postmaster,
            running,
            seeded,
            pgbench.find(programs.find(settings.pgbin)),
            _facts(connection, home),
        )


def _seeded(dsn: str, rows: int) -> Seeded:
    migrate.apply(dsn, secret=SECRET)
    with contextlib.closing(psycopg.connect(dsn, autocommit=True)) as connection:
        seeded = seed.seed(connection, POLICIES)
        seed.add_rows(connection, seeded.account, seeded.widgets["reads"], rows)
    return seeded


def _facts(connection: psycopg.Connection, home: Path) -> dict[str, str]:
    settings = {}
    for name in ("server_version", *DURABLE):
        row = connection.execute(f"show {name}".encode()).fetchone()
        assert row
        settings[name] = row[0]
    return {**settings, "filesystem": cpu.filesystem(home)}
