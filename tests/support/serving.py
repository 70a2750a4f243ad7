"""The real application, in this process or in its own, and the invariants of its database."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg

from app import config
from app.config import ROOT
from app.ingest.responses import Ingest
from app.server import asgi
from tests.support.settings import SECRET

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
PAGE = "https://example.com/a"

# Every test with processes runs on the one that TEST_SERVER names; those of what servers do run on both.
SERVERS = ("hypercorn", "uvicorn")
DEFAULT_SERVER = os.environ.get("TEST_SERVER", "hypercorn")

Headers = Mapping[str, str | None]


@dataclass(frozen=True)
class Answer:
    """An answer of the application; headers by lower-case name."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body."""
        return json.loads(self.body)


class Api:
    """The application in this process: gate, Quart and database are real, but there is no socket."""

    def __init__(self, application: Any, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self.application, self.pool = application, pool
        self.visitors = 0

    async def send(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: Headers | None = None,
        *,
        query: bytes = b"",
        address: str = "203.0.113.7",
    ) -> Answer:
        """The answer to one request. A body is JSON by default; a header of None is not sent."""
        fields: dict[str, str | None] = {
            "user-agent": BROWSER,
            **({"content-type": "application/json"} if body is not None else {}),
        }
        fields |= {name.lower(): value for name, value in (headers or {}).items()}
        if body is not None:
            fields.setdefault("content-length", str(len(body)))
        fields = {name: value for name, value in fields.items() if value is not None}
        messages = [
            {"type": "http.request", "body": b"", "more_body": False}
        ]  # as Hypercorn sends it: data, then the end
        if body:
            messages.append({"type": "http.request", "body": body, "more_body": True})
        sent: list[dict[str, Any]] = []
        is_answered = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if messages:
                return messages.pop()
            # As with servers: the client disconnects once it has its answer.
            await is_answered.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            if message["type"] == "http.response.body" and not message.get("more_body"):
                is_answered.set()

        scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "scheme": "http",
            "method": method, "path": path, "raw_path": path.encode(), "query_string": query, "root_path": "",
            "headers": [(name.encode(), str(value).encode("latin-1")) for name, value in fields.items()],
            "client": (address, 40000), "server": ("127.0.0.1", 8000), "extensions": {}, "state": {},
        }  # fmt: skip
        await self.application(scope, receive, send)
        payload = b"".join(message["body"] for message in sent[1:])
        response_headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        # A file that is written while it is sent has no Content-Length.
        assert "content-disposition" in response_headers or int(response_headers.get("content-length", 0)) == len(
            payload
        )
        return Answer(sent[0]["status"], response_headers, payload)

    async def post(self, path: str, value: Any, headers: Headers | None = None, **more: Any) -> Answer:
        """The answer to a JSON body."""
        return await self.send("POST", path, json.dumps(value).encode(), headers, **more)

    async def create(
        self, widget_id: str, value: Any, key: str = PAGE, headers: Headers | None = None, **more: Any
    ) -> Answer:
        """Send a response to `/v1`, by default from a new visitor; None sends no token."""
        n = self.visitors = self.visitors + 1
        address = more.pop("address", "203.0.113.7" if "visitor" in more else f"198.51.{n // 250}.{n % 250}")
        visitor = more.pop("visitor", f"visitor-{n}")
        item = {"widget": widget_id, "page": key, "value": value, **more}
        if visitor is not None:
            item["visitor"] = visitor
        return await self.post("/v1/responses", item, headers, address=address)

    async def stored(self, widget_id: str, value: Any, key: str = PAGE, **more: Any) -> dict[str, Any]:
        """The result of a response that must be accepted."""
        answer = await self.create(widget_id, value, key, **more)
        assert answer.status in (200, 201), answer.body
        return answer.json()

    async def patch(self, response: dict[str, Any], value: Any, headers: Headers | None = None) -> Answer:
        """Edit a response with its token."""
        body = json.dumps({"value": value}).encode()
        token = {"feelback-token": response["revokable"]["token"], **(headers or {})}
        return await self.send("PATCH", f"/v1/responses/{response['id']}", body, token)

    async def delete(self, response: dict[str, Any], headers: Headers | None = None, **more: Any) -> Answer:
        """Delete a response with its token."""
        token = {"feelback-token": response["revokable"]["token"], **(headers or {})}
        return await self.send("DELETE", f"/v1/responses/{response['id']}", None, token, **more)

    async def stats(self, widget_id: str, *keys: str, headers: Headers | None = None) -> list[dict[str, Any]]:
        """The counts of pages, from `/v1`."""
        query = f"widget={widget_id}" + "".join(f"&page={quote(key, safe='')}" for key in keys or (PAGE,))
        answer = await self.send("GET", "/v1/stats", headers=headers, query=query.encode())
        assert answer.status == 200, answer.body
        return answer.json()["items"]

    async def counts(self, widget_id: str, key: str = PAGE) -> list[int]:
        """The counts of one page, in the order of its widget's options."""
        return list((await self.stats(widget_id, key))[0]["counts"].values())

    async def v0(self, call: str, argument: Any, headers: Headers | None = None, **more: Any) -> Answer:
        """The answer to a call of `/v0` with one argument."""
        return await self.post(f"/v0/feelbacks/{call}", [argument], headers, **more)


@contextlib.asynccontextmanager
async def running(settings: config.Settings, pool: "asyncpg.Pool[asyncpg.Record]") -> AsyncIterator[Api]:
    """The application, started and stopped as by a server."""
    application = asgi.create(settings, settings.database_url)
    orders: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    done: asyncio.Queue[dict[str, str]] = asyncio.Queue()
    life = asyncio.create_task(application({"type": "lifespan", "state": {}}, orders.get, done.put))
    await orders.put({"type": "lifespan.startup"})
    assert (await done.get())["type"] == "lifespan.startup.complete"
    try:
        yield Api(application, pool)
    finally:
        await orders.put({"type": "lifespan.shutdown"})
        assert (await done.get())["type"] == "lifespan.shutdown.complete"
        await life


def settings(dsn: str, **overrides: str) -> config.Settings:
    """Settings for a database; `overrides` are environment variables in lower case."""
    return config.load(
        {"DATABASE_URL": dsn, "SECRET_KEY": SECRET, **{name.upper(): text for name, text in overrides.items()}}
    )


@dataclass
class Server:
    """The application behind a socket."""

    port: int

    @property
    def url(self) -> str:
        """Its URL."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> int:
        """Stop it as SIGTERM does; returns the exit status."""
        raise NotImplementedError


@dataclass
class Processes(Server):
    """The application in its own processes."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def stop(self) -> int:
        """Stop it; returns the exit status."""
        self.process.terminate()
        return self.process.wait(60)

    def kill(self) -> None:
        """Kill every process of the server at once, but not the database."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for pid in [self.process.pid, *map(int, children)]:
            if b"app.database.embedded.cluster" not in _command(pid):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        self.process.wait(10)


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(
    environ: Mapping[str, str], command: tuple[str, ...] = ("-m", "app", "serve"), checkout: Path = ROOT
) -> Iterator[Processes]:
    """A server with these settings, of a checkout, on a free port, until the context ends."""
    with tempfile.NamedTemporaryFile("wb", suffix=".log") as log:
        port = free_port()
        names = {name.upper() for name in config.names()}
        inherited = {name: text for name, text in os.environ.items() if name not in names}
        process = subprocess.Popen(
            [sys.executable, *command],
            cwd=checkout, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            env={
                **inherited, "SECRET_KEY": SECRET, "SCHEDULER": "off", "PORT": str(port), "SERVER": DEFAULT_SERVER,
                **environ,
            },
        )  # fmt: skip
        server = Processes(port, process, Path(log.name))
        try:
            end = time.monotonic() + 60
            while b"\nready " not in b"\n" + server.log.read_bytes():
                assert process.poll() is None, server.log.read_text()
                assert time.monotonic() < end, server.log.read_text()
                time.sleep(0.05)
            yield server
        finally:
            if process.poll() is None:
                server.stop()


DIFFERENCES = {
    "tally": """
        select * from (
            select account_id, placement_id, option_no, count(*) as n from response
            where counted_on is not null group by 1, 2, 3
        ) as f full join (select * from tally where count <> 0) as t using (account_id, placement_id, option_no)
        where f.n is distinct from t.count""",
    "tally_day": """
        select * from (
            select account_id, placement_id, counted_on as day, option_no, count(*) as n from response
            where counted_on is not null group by 1, 2, 3, 4
        ) as f full join (select * from tally_day where count <> 0) as t using (account_id, placement_id, day,
        option_no)
        where f.n is distinct from t.count""",
    "reason_tally": """
        select * from (
            select account_id, placement_id, no as reason_no, count(*) as n from response, unnest(reason_nos) as r (no)
            where counted_on is not null group by 1, 2, 3
        ) as f full join (select * from reason_tally where count <> 0) as t using (account_id, placement_id, reason_no)
        where f.n is distinct from t.count""",
    "reason_tally_day": """
        select * from (
            select account_id, placement_id, counted_on as day, no as reason_no, count(*) as n
            from response, unnest(reason_nos) as r (no)
            where counted_on is not null group by 1, 2, 3, 4
        ) as f full join (select * from reason_tally_day where count <> 0) as t using (account_id, placement_id, day,
        reason_no)
        where f.n is distinct from t.count""",
    "placements": """
        select s.id, s.placements, count(c.id) from widget as s
        left join placement as c on c.account_id = s.account_id and c.widget_id = s.id
        group by s.account_id, s.id having s.placements <> count(c.id)""",
    "visit": """
        select v.* from visit as v left join response as f on f.account_id = v.account_id and f.id = v.response_id
        where f.id is null and v.expires_at > now() and v.response_id <> '00000000-0000-0000-0000-000000000000'""",
    "address_visit": """
        -- Visits do not say of which address they are: of each page, no fewer are counted than there are.
        select * from (
            select account_id, placement_id, sum(visits) as n from address_visit group by 1, 2
        ) as a join (
            select v.account_id, v.placement_id, count(*) as n from visit as v
            join placement as c on c.account_id = v.account_id and c.id = v.placement_id
            join widget as w on w.account_id = c.account_id and w.id = c.widget_id
            join response as r on r.account_id = v.account_id and r.id = v.response_id
            where v.expires_at < 'infinity' and w.visitor_policy = 'visitor'
                and w.type not in ('message', 'tagged', 'form') and r.counted_on is not null
                -- Merges leave them where they were counted.
                and not exists (
                    select from page_merge as m
                    where m.account_id = c.account_id and c.page_id in (m.source_id, m.target_id)
                )
            group by 1, 2
        ) as v using (account_id, placement_id)
        where a.n < v.n""",
}


async def check_tallies(pool: "asyncpg.Pool[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]") -> None:
    """Assert that every counter equals a plain count of the rows."""
    for name, sql in DIFFERENCES.items():
        rows = await pool.fetch(sql)
        assert not rows, f"{name} differs from the rows: {[dict(row) for row in rows[:5]]}"


MakeApi = Callable[..., Awaitable[Api]]


def ingest_of(api: Api) -> Ingest:
    """The application's ingestion."""
    ingest = api.application.inner.ingest  # of the gate behind the check of hosts
    assert isinstance(ingest, Ingest)
    return ingest
