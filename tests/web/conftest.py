"""The panel on a database of its own with the demo in it, and the people who come to see it."""

import asyncio
import itertools
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import psycopg
import pytest
from quart import Quart

from app import config, db, demo
from app.config import Settings
from app.web import create_app, mailed
from tests.conftest import SECRET
from tests.fake_stripe.settings import ENVIRONMENT
from tests.web.browser import Browser

Pool = asyncpg.Pool
_numbers = itertools.count()


@pytest.fixture(scope="session")
def demo_template(server: str, template: str) -> str:
    """The name of a database with the demo in it, to be cloned."""
    name = f"{template}_demo"

    async def load() -> None:
        pool = await db.connect(_url(server, name))
        await demo.load(pool)
        await pool.close()

    _run(server, f"create database {name} template {template} strategy file_copy")
    asyncio.run(load())
    return name


@pytest.fixture
def database(server: str, demo_template: str) -> Iterator[str]:
    """How to connect to a new database with the demo in it."""
    name = f"test_web_{next(_numbers)}"
    _run(server, f"create database {name} template {demo_template} strategy file_copy")
    yield _url(server, name)
    _run(server, f"drop database {name} with (force)")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the answer to a mail that was asked for."""
    monkeypatch.setattr(mailed, "ANSWER_SECONDS", 0)


@pytest.fixture
def settings(database: str) -> Settings:
    """Settings of a server that takes money, by a Stripe that is away; tests/web/billing has one that is there."""
    return config.load({"DATABASE_URL": database, "SECRET_KEY": SECRET, **ENVIRONMENT})


@pytest.fixture
def app(settings: Settings, app_pool: "Pool[asyncpg.Record]") -> Quart:
    """The application, as the server has it."""
    app = create_app(settings)
    app.extensions["pool"] = app_pool
    return app


@pytest.fixture
async def loaded(pool: "Pool[asyncpg.Record]") -> demo.Demo:
    """The demo."""
    return await demo.load(pool)


@pytest.fixture
def browser(app: Quart) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
async def owner(browser: Browser, pool: "Pool[asyncpg.Record]") -> Browser:
    """A browser in which the demo's owner is signed in."""
    await browser.enter(pool, await pool.fetchval("select id from person where email = $1", demo.EMAIL))
    return browser


@pytest.fixture
async def teammate(app: Quart, pool: "Pool[asyncpg.Record]") -> Browser:
    """A browser in which somebody is signed in who may only look at the demo's account."""
    id = await pool.fetchval(
        """with p as (
            insert into person (id, email) values (gen_random_uuid(), 'mate@example.com') returning id
        )
        insert into member (account_id, person_id, role)
        select a.account_id, p.id, 'viewer' from p, fn.demo_project($1) as a
        returning person_id""",
        demo.EMAIL,
    )
    browser = Browser(app)
    await browser.enter(pool, id)
    return browser


@pytest.fixture
async def stranger(app: Quart, pool: "Pool[asyncpg.Record]") -> Browser:
    """A browser in which the owner of another account is signed in."""
    sql = "select person_id from fn.create_account('Others', 'stranger@example.com', null)"
    browser = Browser(app)
    await browser.enter(pool, await pool.fetchval(sql))
    return browser


def _url(server: str, name: str) -> str:
    return urlunsplit(urlsplit(server)._replace(path=f"/{name}"))


def _run(server: str, command: str) -> None:
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(command.encode())
