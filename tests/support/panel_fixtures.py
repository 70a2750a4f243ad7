"""The panel on a database of its own with the demo, and browsers of people with different rights."""

import itertools
from collections.abc import Iterator
from contextlib import closing
from uuid import UUID

import asyncpg
import psycopg
import pytest
from quart import Quart

from app import config
from app.config import Settings
from app.http.context import services
from app.panel.sign_in import mailed
from app.server.quart_app import create_app
from app.site import demo_project
from tests.support import citus
from tests.support.browser import Browser
from tests.support.fake_stripe.settings import ENVIRONMENT
from tests.support.settings import CITUS, DEMO_PASSWORD, SECRET, database_url

Pool = asyncpg.Pool
_numbers = itertools.count()
IS_OF_YESTERDAY = """
    select exists (
        select from project_roll as r join project as p on p.account_id = r.account_id and p.id = r.project_id
        where r.through < (now() at time zone p.time_zone)::date
    )
"""


@pytest.fixture
def database(server: str, demo_template: str) -> Iterator[str]:
    """The DSN of a new database with the demo."""
    name = f"test_web_{next(_numbers)}"
    if CITUS:
        with citus.row_security(server), citus.clone(server, name, demo_template) as dsn:
            with closing(psycopg.connect(dsn)) as connection:
                row = connection.execute("select id from account where is_demo").fetchone()
            assert row is not None
            citus.act_for(dsn, row[0])
            yield dsn
        return
    _run(server, f"create database {name} template {demo_template} strategy file_copy")
    with closing(psycopg.connect(database_url(server, name), autocommit=True)) as connection:
        # Tests may go on after midnight, and the template does not.
        if connection.execute(IS_OF_YESTERDAY).fetchone() == (True,):
            connection.execute("call fn.refresh_stats()")
    yield database_url(server, name)
    _run(server, f"drop database {name} with (force)")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers to mail requests come without their usual delay."""
    monkeypatch.setattr(mailed, "RESPONSE_SECONDS", 0)


@pytest.fixture
def settings(database: str) -> Settings:
    """Settings with billing by a Stripe that cannot be reached; tests/panel/billing has one that can."""
    return config.load({"DATABASE_URL": database, "SECRET_KEY": SECRET, **ENVIRONMENT})


@pytest.fixture
def app(settings: Settings, app_pool: "Pool[asyncpg.Record]") -> Quart:
    """The application, as the server has it."""
    app = create_app(settings)
    services(app).pool = app_pool
    return app


@pytest.fixture
async def loaded(pool: "Pool[asyncpg.Record]") -> demo_project.Demo:
    """The demo."""
    return await demo_project.load(pool, DEMO_PASSWORD)


@pytest.fixture
def browser(app: Quart) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)


@pytest.fixture
async def owner(browser: Browser, pool: "Pool[asyncpg.Record]") -> Browser:
    """A browser in which the demo's owner is signed in."""
    await browser.enter(pool, await pool.fetchval("select id from person where email = $1", demo_project.EMAIL))
    return browser


@pytest.fixture
async def operator(app: Quart, pool: "Pool[asyncpg.Record]") -> Browser:
    """A browser in which the operator of the installation is signed in."""
    browser = Browser(app)
    await browser.enter(pool, await make_operator(pool))
    return browser


@pytest.fixture
async def teammate(app: Quart, pool: "Pool[asyncpg.Record]") -> Browser:
    """A browser in which a viewer of the demo's account is signed in."""
    id = await pool.fetchval(
        """with p as (
            insert into person (id, email) values (gen_random_uuid(), 'mate@example.com') returning id
        )
        insert into member (account_id, person_id, role)
        select a.account_id, p.id, 'viewer' from p, fn.demo_project($1) as a
        returning person_id""",
        demo_project.EMAIL,
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


async def make_operator(pool: "Pool[asyncpg.Record]") -> UUID:
    """A person with an account of their own who operates the installation."""
    id: UUID = await pool.fetchval("select person_id from fn.create_account('Ours', 'operator@example.com', null)")
    await pool.execute("select fn.update_operator('operator@example.com', true)")
    return id


def _run(server: str, command: str) -> None:
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute(command.encode())
