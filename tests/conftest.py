"""A real Postgres for the tests: a throw-away server, a template with the schema, and a clone of it for each test.

`TEST_PGBIN` is a folder of Postgres programs to run the tests on, such as /usr/lib/postgresql/15/bin. With `TEST_CITUS`
(see tests/support/citus.py) they run on a Citus cluster.
"""

import asyncio
import itertools
import os
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import asyncpg
import psycopg
import pytest

from app import config
from app.database import db, migrate, roles
from app.database.embedded import cluster
from app.site import demo_project
from tests.support import (  # noqa: F401 - ast_parse and compiled replace what is slow, and ast.parse where it has a fault
    ast_parse,
    citus,
    compiled,
)
from tests.support.settings import CITUS, DEMO_PASSWORD, OPTIONS, PGBIN, SECRET, database_url

pytest_plugins = ["tests.support.browser_reruns", "tests.support.lanes", "tests.support.skips"]
# Not in a regular user's PATH on Debian, and PgBouncer and debootstrap are in there.
os.environ["PATH"] += f"{os.pathsep}/usr/sbin"
_numbers = itertools.count()


@pytest.fixture
def data_folder() -> Iterator[Path]:
    """A data folder of its own that the server's user can reach, unlike pytest's."""
    with _folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The DSN of an empty database in the throw-away server."""
    with _folder() as folder:
        if CITUS:
            with citus.cluster(folder) as dsn:
                yield dsn
            return
        settings = config.load({"FEELBACK_DATA": str(folder), "PGBIN": PGBIN})
        with cluster.use(settings, OPTIONS) as dsn:
            yield dsn


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """The name of a database with the whole schema, of an installation that is claimed, to be cloned."""
    name = f"template_{migrate.schema_digest()[:16]}"
    if CITUS:
        citus.create_template(server, name)
        return name
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(f"create database {name}".encode())
    migrate.apply(database_url(server, name), secret=SECRET)
    with closing(psycopg.connect(database_url(server, name), autocommit=True)) as connection:
        connection.execute("update installation set claimed_at = now()")
    return name


@pytest.fixture(scope="session")
def demo_template(server: str, template: str) -> str:
    """The name of a database with the demo in it, to be cloned."""
    name = f"{template}_demo"

    async def load() -> None:
        pool = await db.connect(database_url(server, name))
        await demo_project.load(pool, DEMO_PASSWORD)
        await pool.close()

    if CITUS:
        citus.copy(server, name, template)
        asyncio.run(load())
        citus.close(server, name)
        return name
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(f"create database {name} template {template} strategy file_copy".encode())
    asyncio.run(load())
    return name


@pytest.fixture
def empty_database(server: str) -> Iterator[str]:
    """The DSN of a new, empty database."""
    yield from _database(server, "template1")


@pytest.fixture
def database(server: str, template: str) -> Iterator[str]:
    """The DSN of a new database with the schema."""
    yield from _database(server, template)


@pytest.fixture(scope="module")
def module_database(server: str, template: str) -> Iterator[str]:
    """The same for all tests of a file, which only read what one fixture stored."""
    yield from _database(server, template)


@pytest.fixture
async def pool(database: str) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """A pool on a new database with the schema in it."""
    # On a cluster two roles must not change the same rows in one transaction, and functions change them as the owner.
    pool = await db.connect(f"{database}?role={roles.OWNER}" if CITUS else database)
    yield pool
    await pool.close()


@pytest.fixture
async def app_pool(database: str) -> AsyncIterator["asyncpg.Pool[asyncpg.Record]"]:
    """The panel's pool on the same database, under row-level security."""
    pool = await db.connect(roles.url(database, roles.APP, SECRET))
    yield pool
    await pool.close()


@pytest.fixture
def settings(database: str) -> config.Settings:
    """Default settings of a server on the new database."""
    return config.load({"DATABASE_URL": database, "SECRET_KEY": SECRET})


def _database(server: str, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    if CITUS:
        with citus.clone(server, name, template) as dsn:
            yield dsn
        return
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(f"create database {name} template {template} strategy file_copy".encode())
        if template != "template1":  # rights on a database are not copied; as in role_creation.revoke_temporary
            connection.execute(f"revoke temporary on database {name} from public".encode())
            connection.execute(f"grant temporary on database {name} to {roles.OWNER}".encode())
        yield database_url(server, name)
        connection.execute(f"drop database {name} with (force)".encode())


def _memory() -> Path | None:
    # A clone is some 500 small files, which a file system in memory makes several times faster.
    memory = Path("/dev/shm")
    for old in memory.glob("feelback-test-*"):  # left behind by a killed run
        if old.stat().st_mtime < time.time() - 86_400:
            shutil.rmtree(old, ignore_errors=True)
    return memory if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 2**31 else None


class _folder:
    def __enter__(self) -> Path:
        self.path = Path(tempfile.mkdtemp(prefix="feelback-test-", dir=_memory()))
        self.path.chmod(0o755)
        return self.path

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
