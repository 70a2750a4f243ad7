"""The server behind PgBouncer in transaction mode, with fewer connections to Postgres than it has itself."""

import asyncio
import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import asyncpg
import pytest

from app.database import db, roles
from app.database.tenant import TenantPool
from app.http.context import services
from app.server.quart_app import create_app
from app.site import demo_project
from tests.support import factories
from tests.support.browser import Browser
from tests.support.serving import check_tallies, running, settings
from tests.support.settings import DEMO_PASSWORD, SECRET
from tests.support.tenants import Tenant

Pool = asyncpg.Pool
pytestmark = pytest.mark.skipif(shutil.which("pgbouncer") is None, reason="there is no pgbouncer")
CONFIG = """
[databases]
* = host={sockets} port=5432
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users
pool_mode = transaction
default_pool_size = 2
logfile = {folder}/log
"""


@pytest.fixture(scope="session")
def pooler(server: str) -> Iterator[int]:
    """PgBouncer before the tests' server; the port that it listens on."""
    sockets = parse_qs(urlsplit(server).query)["host"][0]
    owner = os.stat(sockets).st_uid
    with tempfile.TemporaryDirectory(prefix="feelback-test-") as name:
        folder = Path(name)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (folder / "ini").write_text(CONFIG.format(sockets=sockets, folder=folder, port=port))
        (folder / "users").write_text(
            "".join(f'"{role}" "{roles.password(role, SECRET)}"\n' for role in (roles.APP, roles.INGEST))
        )
        for path in (folder, *folder.iterdir()):
            os.chown(path, owner, -1)
        other = owner if os.getuid() == 0 else None
        with subprocess.Popen(["pgbouncer", "-q", str(folder / "ini")], user=other) as process:
            deadline = time.monotonic() + 10
            while time.monotonic() < deadline:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.02)
            yield port
            process.terminate()


@pytest.fixture
def pool_url(pooler: int, database: str) -> str:
    """The address of the test's database through PgBouncer."""
    return f"postgresql://feelback@127.0.0.1:{pooler}{urlsplit(database).path}"


@pytest.fixture
async def pooled(pool_url: str) -> AsyncIterator["Pool[asyncpg.Record]"]:
    """The panel's pool through PgBouncer, with more connections than that has to Postgres."""
    pool = await db.connect(roles.url(pool_url, roles.APP, SECRET), max_size=8, is_pooled=True)
    yield pool
    await pool.close()


async def test_it_takes_responses(pool: "Pool[asyncpg.Record]", database: str, pool_url: str) -> None:
    widget = await factories.widget(pool, "updown")
    async with running(settings(database, database_pool_url=pool_url, limits="off"), pool) as api:
        responses = await asyncio.gather(*(api.stored(widget.id, "+1") for _ in range(200)))
        assert (await api.patch(responses[0], "-1")).status == 200
        assert (await api.delete(responses[1])).status == 204
        assert await api.counts(widget.id) == [198, 1]
        sockets = await pool.fetch(
            "select usename, count(*) from pg_stat_activity where starts_with(usename, 'feelback_') group by usename"
        )
        assert {row["usename"]: row["count"] <= 2 for row in sockets}.get("feelback_ingest") is True
    await check_tallies(pool)


async def test_it_keeps_actors_apart(
    pool: "Pool[asyncpg.Record]", pooled: "Pool[asyncpg.Record]", tenants: list[Tenant]
) -> None:
    async def own(tenant: Tenant) -> bool:
        acting = TenantPool(pooled, tenant.account_id, tenant.person_id)
        return bool(
            await db.value(acting, "select array_agg(id) = array[$1::uuid] from public.project", tenant.project.id)
        )

    async def nobody() -> bool:
        return await db.value(pooled, "select count(*) from public.project") == 0

    assert all(await asyncio.gather(*(ask for _ in range(100) for ask in (own(tenants[0]), nobody(), own(tenants[1])))))


async def test_it_shows_the_panel(
    pool: "Pool[asyncpg.Record]", pooled: "Pool[asyncpg.Record]", database: str, pool_url: str
) -> None:
    demo = await demo_project.load(pool, DEMO_PASSWORD)
    app = create_app(settings(database, database_pool_url=pool_url))
    services(app).pool = pooled
    browser = Browser(app)
    await browser.sign_in(demo.email, demo.password)
    for _ in range(10):
        assert (await browser.get("/projects/demo")).status_code == 200
    assert "Acorn" in browser.text
