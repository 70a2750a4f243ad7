"""(j): the server of Waline, in a database of its own on the same Postgres.

At each request it asks a service on the internet how people may sign in. Here one on this machine answers that at once.
It decides itself how many processes it has, whatever --workers says.
"""

import contextlib
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

from tests.programs.bench import servers
from tests.programs.bench.seed import KEYS
from tests.programs.bench.servers import Server

PACKAGE = "node_modules/@waline/vercel"
DATABASE = "waline"
COUNTER = f"""
create table wl_counter (
    id serial primary key, url varchar(255) not null default '', time integer,
    {", ".join(f"reaction{n} integer" for n in range(9))},
    createdat timestamp(0) default now(), updatedat timestamp(0) default now()
)
"""


@contextlib.contextmanager
def running(folder: Path, dsn: str, log: Path) -> Iterator[Server]:
    """Waline as npm has installed it in `folder`, with a row for each page; for a superuser's `dsn`."""
    own = urlunsplit(urlsplit(dsn)._replace(path=f"/{DATABASE}"))
    with contextlib.closing(psycopg.connect(dsn, autocommit=True)) as connection:
        connection.execute(f"create role {DATABASE} login superuser".encode())
        connection.execute(f"create database {DATABASE} owner {DATABASE}".encode())
        host, database_port = connection.info.host, str(connection.info.port)
    with contextlib.closing(psycopg.connect(own, autocommit=True)) as connection:
        connection.execute(f"set role {DATABASE}".encode())
        connection.execute(COUNTER.encode())
        connection.execute("insert into wl_counter (url) select unnest(%s::text[])", [KEYS])
    with _Service(("127.0.0.1", 0), _NoServices) as service:
        threading.Thread(target=service.serve_forever, daemon=True).start()
        port = servers.free_port()
        env = {
            "PG_DB": DATABASE, "PG_USER": DATABASE, "PG_PASSWORD": "none", "PG_HOST": host,
            "PG_PORT": database_port, "OAUTH_URL": f"http://127.0.0.1:{service.server_port}",
        }  # fmt: skip
        command = ["node", str(folder / PACKAGE / "vanilla.js"), str(port)]
        try:
            with servers.processes([command], env, log) as pids:
                yield servers.when_ready(Server(port, pids), log, "/api/article?path=/&type=reaction0")
        finally:
            service.shutdown()


def counted(dsn: str) -> int:
    """How many reactions Waline has counted so far."""
    own = urlunsplit(urlsplit(dsn)._replace(path=f"/{DATABASE}"))
    with contextlib.closing(psycopg.connect(own, autocommit=True)) as connection:
        row = connection.execute("select coalesce(sum(reaction0), 0) from wl_counter").fetchone()
    assert row
    return int(row[0])


class _Service(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        pass  # the server that asks goes away when its load ends


class _NoServices(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = b'{"services":[]}'
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass
