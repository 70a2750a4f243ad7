"""The version before this one serves while this one migrates and afterwards, and can be gone back to."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg
import psycopg
import pytest

from app import config
from app.config import ROOT
from app.database import functions, migrate
from tests.support import previous_version
from tests.support.load import Http, connected
from tests.support.serving import Server, check_tallies, serving
from tests.support.settings import SECRET

SENDERS = 6
PAGE = "https://example.com/a"
READER = "begin; select count(*) from response; select count(*) from placement; select count(*) from person"
# How long locks on tables are waited for, which is how long whoever comes later waits too.
WAITING = """
    select coalesce(max(extract(epoch from clock_timestamp() - waitstart)), 0)::float8
    from pg_locks where not granted and locktype = 'relation'
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def previous(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return previous_version.unpack(tmp_path_factory.mktemp("previous"))


def feelback(dsn: str, checkout: Path, *arguments: str) -> str:
    done = run(dsn, checkout, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def run(dsn: str, checkout: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    names = config.names()
    environ = {name: text for name, text in os.environ.items() if name not in names}
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments], cwd=checkout, capture_output=True, text=True, timeout=300,
        env={**environ, "DATABASE_URL": dsn, "SECRET_KEY": SECRET},
    )  # fmt: skip


@pytest.fixture
def widget(empty_database: str, previous: Path) -> str:
    """A widget in a database of the previous version."""
    feelback(empty_database, previous, "migrate")
    feelback(empty_database, previous, "project", "create", "Site", "--slug", "site", "--origin", "*")
    created = feelback(
        empty_database, previous, "widget", "create", "--project", "site", "--name", "V", "--type", "updown", "--json"
    )
    return str(json.loads(created)["id"])


class Visitor:
    """Sends, edits, deletes and reads for as long as it lasts, and notes every answer."""

    def __init__(self, http: Http, widget: str) -> None:
        self._http, self._widget = http, widget
        self.answers: Counter[tuple[str, int]] = Counter()
        self.stored: set[str] = set()
        self.times = [time.monotonic()]
        self.stopped = False

    async def run(self) -> None:
        while not self.stopped:
            response = {
                "widget": self._widget, "page": PAGE, "value": "+1", "visitor": str(uuid4()), "revokable": True,
            }  # fmt: skip
            created = await self._send("POST", "/v1/responses", response)
            if not created:
                await asyncio.sleep(0.05)
                continue
            self.times.append(time.monotonic())
            self.stored.add(created["id"])
            token = {"feelback-token": created["revokable"]["token"]}
            await self._send("PATCH", f"/v1/responses/{created['id']}", {"value": "-1"}, token)
            await self._send("GET", f"/v1/stats?widget={self._widget}&page={PAGE}")
            if len(self.stored) % 4 == 0:
                await self._send("DELETE", f"/v1/responses/{created['id']}", None, token)
                self.stored.discard(created["id"])
            await self._send("GET", f"/v1/widgets/{self._widget}")
            await self._send("GET", "/readyz")

    async def _send(self, method: str, path: str, body: object = None, headers: dict[str, str] | None = None) -> dict:
        answer = await self._http.send(method, path, body, headers)
        self.answers[
            method + " " + path.partition("?")[0].replace("responses/", "responses/…")[:16], answer.status
        ] += 1
        return answer.json() if answer.status in (200, 201) and path.startswith("/v1/") and answer.body else {}


async def send(server: Server, widget: str, action: object) -> Visitor:
    """What a visitor was answered while `action` ran, in a thread."""
    async with connected(server.port, SENDERS) as http:
        visitor = Visitor(http, widget)
        running = [asyncio.create_task(visitor.run()) for _ in range(SENDERS)]
        try:
            await asyncio.to_thread(action)  # type: ignore[arg-type]
        finally:
            visitor.stopped = True
            await asyncio.gather(*running)
    return visitor


@contextmanager
def sampled(dsn: str) -> Iterator[list[float]]:
    """How long locks were waited for, at most, until the context ends."""
    stop, longest = threading.Event(), [0.0]

    def sample() -> None:
        with closing(psycopg.connect(dsn, autocommit=True)) as connection:
            while not stop.wait(0.02):
                row = connection.execute(WAITING.encode()).fetchone()
                longest[0] = max(longest[0], row[0] if row else 0)

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield longest
    finally:
        stop.set()
        thread.join()


async def check(dsn: str, visitors: list[Visitor]) -> None:
    """Every answer was one of success, and everything acknowledged is there."""
    stored = set().union(*(visitor.stored for visitor in visitors))
    refused = {answer: n for visitor in visitors for answer, n in visitor.answers.items() if answer[1] >= 300}
    assert refused == {}
    assert len(stored) > 20
    connection = await asyncpg.connect(dsn)
    rows = {str(row[0]) for row in await connection.fetch("select id from response")}
    assert stored <= rows
    await check_tallies(connection)
    await connection.close()


async def test_it_serves_while_and_after_this_version_migrates(
    empty_database: str, previous: Path, widget: str
) -> None:
    environ = {"DATABASE_URL": empty_database, "LIMITS": "off", "SCHEDULER": "on"}
    visitors = []

    def migrate_beside_a_reader() -> None:
        # As a backup, an export or a report would, which read for minutes.
        with closing(psycopg.connect(empty_database)) as reader, sampled(empty_database) as longest:
            reader.execute(READER.encode())
            ending = threading.Timer(6, reader.rollback)
            ending.start()
            feelback(empty_database, ROOT, "migrate")
            ending.join()
        print(f"a lock was waited for {longest[0]:.2f} s at most")
        assert longest[0] < 1

    with serving(environ, checkout=previous) as server:
        visitors.append(await send(server, widget, migrate_beside_a_reader))
        visitors.append(await send(server, widget, lambda: time.sleep(2)))
    # A machine of the version before restarts, runs its jobs, and is deployed anew.
    with serving(environ, checkout=previous) as server:
        visitors.append(await send(server, widget, lambda: _run_jobs(empty_database, previous)))
    assert feelback(empty_database, previous, "migrate") == "0 migrations applied, functions unchanged\n"
    with serving(environ) as newer, serving(environ, checkout=previous) as older:
        visitors += await asyncio.gather(*(send(server, widget, lambda: time.sleep(2)) for server in (newer, older)))
    await check(empty_database, visitors)
    gaps = [b - a for visitor in visitors for a, b in zip(visitor.times, visitor.times[1:], strict=False)]
    print(f"{sum(len(visitor.times) for visitor in visitors)} acknowledged, longest gap {max(gaps):.2f} s")
    assert "reconciled" not in feelback(empty_database, ROOT, "reconcile")


def _run_jobs(dsn: str, checkout: Path) -> None:
    names = ("refresh stats", "refresh leaders", "close periods", "reconcile", "create partitions")
    for name in names:
        deadline = time.monotonic() + 60
        # The scheduler may be running it at this moment.
        while "is running" in (done := run(dsn, checkout, "jobs", "run", name)).stderr and time.monotonic() < deadline:
            time.sleep(0.2)
        assert "done" in done.stdout, done.stderr


async def test_this_version_is_rolled_back(empty_database: str, previous: Path, widget: str) -> None:
    environ = {"DATABASE_URL": empty_database, "LIMITS": "off"}
    feelback(empty_database, ROOT, "migrate")
    with serving(environ) as server:
        visitors = [await send(server, widget, lambda: time.sleep(1))]
    feelback(empty_database, ROOT, "migrate", "--to", "0080")
    feelback(empty_database, previous, "migrate")
    with serving(environ, checkout=previous) as server:
        visitors.append(await send(server, widget, lambda: _run_jobs(empty_database, previous)))
    feelback(empty_database, ROOT, "migrate")
    assert migrate.apply(empty_database, secret=SECRET).functions != functions.DEFAULT
    with serving(environ) as server:
        visitors.append(await send(server, widget, lambda: _run_jobs(empty_database, ROOT)))
    await check(empty_database, visitors)
