"""Who acts, and what ingestion, screens and API keys read, in a database that is distributed over nodes."""

import re
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import asyncpg
import psycopg
import pytest

from app.database import db, roles
from app.database.ids import uuid_v7
from app.database.tenant import ACTOR, TenantPool
from app.queries import (
    api_keys,
    inbox,
    ingestion,
    members,
    overview,
    pages,
    placements,
    projects,
    responses,
    tallies,
    widget_lookups,
    widget_settings,
    widgets,
)
from app.queries.filters import PageFilter
from app.queries.inbox import MessageFilter
from app.queries.overview import WindowQuery
from tests.support import citus
from tests.support.settings import CITUS, SECRET
from tests.support.sql_world import Widget, World

# As ingestion and its jobs would have stored them.
STORED = (
    """insert into page (account_id, id, project_id, key, created_at)
    values (%(account)s, %(page)s, %(project)s, '/a', now())""",
    """insert into placement (account_id, id, widget_id, key, created_at, page_id)
    values (%(account)s, %(placement)s, %(widget)s, '/a', now(), %(page)s)""",
    """insert into response (account_id, id, widget_id, placement_id, option_no, counted_on, created_at, body)
    values (%(account)s, %(response)s, %(widget)s, %(placement)s, 1, current_date, now(), 'Thanks')""",
    """insert into message_state (account_id, response_id, project_id, widget_id, moved_at)
    values (%(account)s, %(response)s, %(project)s, %(widget)s, now())""",
    "insert into tally (account_id, placement_id, option_no, count) values (%(account)s, %(placement)s, 1, 1)",
    """insert into tally_day (account_id, placement_id, day, option_no, count)
    values (%(account)s, %(placement)s, current_date, 1, 1)""",
    """insert into project_day (account_id, project_id, day, count)
    values (%(account)s, %(project)s, current_date, 1)""",
    """insert into widget_day (account_id, project_id, day, widget_id, option_no, count)
    values (%(account)s, %(project)s, current_date, %(widget)s, 1, 1)""",
)


@dataclass(frozen=True)
class Site:
    """An account with a widget that has a response on a page, and the hash of an API key."""

    widget: Widget
    person_id: uuid.UUID
    slug: str
    placement_id: uuid.UUID
    response_id: uuid.UUID
    key_hash: bytes


class OneConnection:
    """Stands for a pool."""

    def __init__(self, connection: Any) -> None:
        self.connection, self.fetchval, self.fetchrow = connection, connection.fetchval, connection.fetchrow

    async def fetch(self, sql: str, *args: Any, with_retry_flag: bool = False) -> Any:
        """Rows; with the flag, of a statement that has not been executed before."""
        return await self.connection.fetch(sql, *args, *([False] if with_retry_flag else []))

    @asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        """The connection."""
        yield self.connection


@dataclass
class Nodes:
    """A distributed database with two sites, and what its nodes are asked."""

    dsn: str
    sites: list[Site]
    shards: dict[str, str | None]
    log: list[str] = field(default_factory=list)

    @asynccontextmanager
    async def pool(self, role: str) -> AsyncIterator[Any]:
        """A pool of one connection, which logs what it asks nodes; a real one takes none back that has a listener."""
        connection = await asyncpg.connect(roles.url(self.dsn, role, SECRET))
        connection.add_log_listener(lambda _, message: self.log.append(message.message))
        await connection.execute("set citus.log_remote_commands = on")
        yield OneConnection(connection)
        await connection.close()

    def used(self) -> set[str]:
        """The ranges of the hash of the account for which nodes were asked since the last call."""
        names = {name for text in self.log for name in re.findall(r"_(\d{6,})\b", text)}
        self.log.clear()
        return {shard for name in names if (shard := self.shards.get(name)) is not None}


Reader = Callable[[TenantPool, Site], Awaitable[Any]]
MEMBERS: dict[str, Reader] = {
    "the projects": lambda tenant, _: projects.account_projects(tenant),
    "a project": lambda tenant, site: projects.project(tenant, site.slug),
    "the overview": lambda tenant, site: overview.project_overview(tenant, site.slug, WindowQuery()),
    "a window": lambda tenant, site: overview.project_window(tenant, site.slug, WindowQuery(name="7d")),
    "the pages": lambda tenant, site: pages.page_list(
        tenant, site.slug, WindowQuery(), PageFilter(), sort="responses", is_rising=False, limit=10, offset=0
    ),
    "the inbox": lambda tenant, site: inbox.inbox_messages(
        tenant, site.widget.project_id, MessageFilter(), None, None, 10
    ),
    "a search": lambda tenant, site: inbox.inbox_messages(
        tenant, site.widget.project_id, MessageFilter(search="thanks"), None, None, 10
    ),
    "a message": lambda tenant, site: inbox.inbox_message(tenant, site.widget.project_id, site.response_id),
    "a widget": lambda tenant, site: widgets.widget(tenant, site.slug, site.widget.id),
    "settings of a widget": lambda tenant, site: widget_settings.widget_settings(tenant, site.widget.project_id),
    "choices of widgets": lambda tenant, site: responses.widget_choices(tenant, site.widget.project_id),
    "the members": lambda tenant, _: members.members(tenant, "", 10, 0),
}


@pytest.fixture(scope="module")
def nodes(server: str, template: str) -> Iterator[Nodes]:
    with citus.clone(server, "nodes", template) as dsn:
        world = World(dsn, has_clock=False)
        world.ask("select fn.create_partitions(now(), 0)")
        sites = [_site(world) for _ in range(2)]
        shards = dict(world.ask("select shardid::text, shardminvalue from pg_dist_shard"))
        world.close_connection()
        yield Nodes(dsn, sites, shards)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are new, and each node plans anew."""
    monkeypatch.setattr(db, "PATIENCE", 300)


@citus.needs_citus
async def test_a_screen_asks_one_node(nodes: Nodes) -> None:
    site = nodes.sites[0]
    shards = {}
    async with nodes.pool(roles.APP) as pool:
        tenant = TenantPool(pool, site.widget.account_id, site.person_id)
        nodes.used()
        for name, read in MEMBERS.items():
            assert await read(tenant, site), name
            shards[name] = nodes.used()
    assert shards == {name: {_shard(nodes, site)} for name in MEMBERS}


@citus.needs_citus
async def test_a_member_sees_their_account_only(nodes: Nodes) -> None:
    own, other = nodes.sites
    count = "select count(*) from public.widget where account_id = $1"
    async with nodes.pool(roles.APP) as pool:
        tenant = TenantPool(pool, own.widget.account_id, own.person_id)
        assert await db.value(tenant, count, own.widget.account_id) > 0
        assert await db.value(tenant, count, other.widget.account_id) == 0
        assert await db.value(tenant, "select array_agg(distinct account_id) from public.widget") == [
            own.widget.account_id
        ]
        assert await pool.fetchval(count, own.widget.account_id) == 0


@citus.needs_citus
async def test_a_look_up_of_a_widget_or_a_key_asks_one_node(nodes: Nodes) -> None:
    site = nodes.sites[0]
    async with nodes.pool(roles.INGEST) as pool:
        nodes.used()
        row = await widget_lookups.ingest_widget(pool, site.widget.id, datetime.now(UTC))
        assert row is not None
        assert row.account_id == site.widget.account_id
        assert nodes.used() == {_shard(nodes, site)}
        assert await api_keys.ingest_api_key(pool, site.key_hash) is not None
        assert nodes.used() == {_shard(nodes, site)}
        # It has no entry in the directory.
        assert await placements.ingest_placement(pool, site.placement_id) is not None
        assert len(nodes.used()) > 1
    async with nodes.pool(roles.APP) as pool:
        actor = await api_keys.key_actor(pool, site.key_hash, 100, timedelta(minutes=1))
        assert actor is not None
        assert nodes.used() == {_shard(nodes, site)}
        key = TenantPool(pool, actor.account_id, None, actor.api_key_id, actor.project_id)
        assert await widget_settings.widget_settings(key, site.widget.project_id)
        assert nodes.used() == {_shard(nodes, site)}


@citus.needs_citus
async def test_a_widget_is_created_on_one_node(nodes: Nodes) -> None:
    site = nodes.sites[0]
    async with nodes.pool(roles.APP) as pool:
        tenant = TenantPool(pool, site.widget.account_id, site.person_id)
        nodes.used()
        id = await widget_settings.create_widget(tenant, site.widget.project_id, "Another", "pulse")
        await widget_settings.update_widget(tenant, site.widget.project_id, id, {"name": "One more"})
        assert nodes.used() == {_shard(nodes, site)}
        entries = "select count(*) from public.directory where lookup_key = uuid_send($1)"
        assert await db.value(tenant, entries, id) == 1


@citus.needs_citus
async def test_a_batch_of_one_account_asks_one_node(nodes: Nodes) -> None:
    site = nodes.sites[0]
    async with nodes.pool(roles.INGEST) as pool:
        nodes.used()
        for _ in range(2):  # a new page, and one that is there
            assert await ingestion.ingest_responses(pool, [_vote(site)], 100, 100) == []
            assert nodes.used() == {_shard(nodes, site)}
            nodes.log.clear()
            assert await ingestion.ingest_responses(pool, [_vote(site)], 100, 100, site.widget.account_id) == []
            assert len([text for text in nodes.log if text.startswith("issuing")]) == 1, nodes.log
        (row,) = await tallies.tallies(pool, [site.widget.account_id], [site.widget.id], ["/b"])
        assert row.total == 4
        assert nodes.used() == {_shard(nodes, site)}


@citus.needs_citus
async def test_a_batch_of_several_accounts_is_refused(nodes: Nodes) -> None:
    async with nodes.pool(roles.INGEST) as pool:
        with pytest.raises(db.RowError, match="a batch is of one account"):
            await ingestion.ingest_responses(pool, [_vote(site) for site in nodes.sites], 100, 100)


@pytest.mark.skipif(bool(CITUS), reason="these are about one server")
async def test_the_actor_is_set_for_a_transaction(database: str) -> None:
    ids = [str(uuid.uuid4()) for _ in range(3)] + [""]
    names = ["account_id", "person_id", "api_key_id", "project_id"]
    actor = "select " + ", ".join(f"current_setting('feelback.{name}', true)" for name in names)
    connection = await asyncpg.connect(roles.url(database, roles.APP, SECRET))
    for mode in ("none", "local"):
        async with connection.transaction():
            await connection.execute("select set_config('citus.propagate_set_commands', $1, true)", mode)
            row = await connection.fetchrow(ACTOR, *ids)
            assert row is not None
            assert row[4] is (True if mode == "local" else None)  # who hands it on to nodes
            assert list(await connection.fetchrow(actor) or []) == ids
        assert not any(await connection.fetchrow(actor) or [])
    await connection.close()


def _site(world: World) -> Site:
    widget = world.widget(world.project(), "pulse")
    account, project = widget.account_id, widget.project_id
    hash = sha256(uuid.uuid4().bytes).digest()
    world.ask("select fn.create_api_key(%s, %s, 'manage', %s, 'abcd')", account, project, hash)
    ids = {name: uuid.uuid4() for name in ("page", "placement", "response")}
    ids["response"] = world.value("select fn.uuid_v7()")
    for statement in STORED:
        names = {**ids, "account": account, "project": project, "widget": widget.id}
        world.connection.execute(statement.encode(), names)
    person = world.value("select person_id from member where account_id = %s", account)
    slug = world.value("select slug from project where account_id = %s", account)
    return Site(widget, person, slug, ids["placement"], ids["response"], hash)


def _vote(site: Site) -> ingestion.Response:
    now = datetime.now(UTC)
    id, network = uuid_v7(round(now.timestamp() * 1000)), uuid.uuid4().bytes
    return ingestion.Response(
        site.widget.account_id, site.widget.id, "/b", uuid.UUID(bytes=id), round(now.timestamp() * 1000), now.date(), 1,
        None, None, None, network, network, None, network, network,
    )  # fmt: skip


def _shard(nodes: Nodes, site: Site) -> str:
    with psycopg.connect(nodes.dsn) as connection:
        row = connection.execute(
            "select get_shard_id_for_distribution_column('public.project', %s)::text", [site.widget.account_id]
        ).fetchone()
    assert row is not None
    shard = nodes.shards[row[0]]
    assert shard is not None
    return shard
