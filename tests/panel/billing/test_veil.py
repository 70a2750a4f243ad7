"""Messages beyond the plan: kept, counted, and told by nobody, in any page, call or mail, until they may be."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from app.database import db
from app.database.tenant import TenantPool
from app.site import demo_project
from tests.panel.permissions.cases import Call, Route
from tests.panel.permissions.conftest import CALLS, ROUTES
from tests.support.billing_world import World

Pool = asyncpg.Pool
FUNCTIONS = Path(__file__).parents[3] / "sql" / "functions"
SECRET = "Zanzibar"
# What stores, moves, counts or deletes messages, and tells nobody of their words.
SILENT = {
    "change_feelbacks", "check_form_fields", "delete_expired_feelbacks", "delete_visitor", "demo_signals",
    "discard_feelback", "discard_test_feelbacks", "gather_messages", "ingest_feelbacks", "ingest_test_feelback",
    "load_demo", "message_words", "new_messages", "remove_feelback", "unveiled", "veiled_messages",
}  # fmt: skip


def test_every_function_that_reads_messages_knows_the_veil() -> None:
    readers = {
        path.stem: path.read_text()
        for path in FUNCTIONS.glob("*/*.sql")
        if re.search(r"public\.feelback(_edit)?\b", path.read_text())
        and re.search(r"\.(body|fields|context)\b", path.read_text())
    }
    assert len(readers) > 8
    assert len(LOOKING) > 8
    assert len(PAGES) > 5
    assert {name for name, text in readers.items() if "fn.veiled_from(" not in text} - SILENT == set()


@pytest.fixture
async def veiled(world: World) -> World:
    """The account's plan is used up, and then somebody writes: by message, tagged and as a form."""
    await world.pool.execute(
        """
        insert into usage (account_id, month, signals, full_at)
        values ($1, date_trunc('month', now() at time zone 'UTC'), 5000, now() - interval '1 minute')
        on conflict (account_id, month) do update set full_at = excluded.full_at
        """,
        world.account_id,
    )
    await world.pool.execute(
        """
        insert into feelback (
            account_id, id, content_set_id, content_id, option_no, counted_on, created_at, body, fields, context
        )
        select s.account_id, fn.uuid_v7(), s.id, c.id, 1, current_date, now(),
            case when s.type <> 'form' then $2 end,
            case when s.type = 'form' then jsonb_build_object('message', $2::text) end,
            jsonb_build_object('$user', $2::text || '@example.com', 'told', $2::text)
        from content_set as s
        cross join lateral (
            select id from content where account_id = s.account_id and content_set_id = s.id limit 1
        ) as c
        where s.account_id = $1 and s.type in ('message', 'tagged', 'form')
        """,
        world.account_id, SECRET,
    )  # fmt: skip
    return world


async def owner(world: World) -> TenantPool:
    id = await world.pool.fetchval("select id from person where email = $1", demo_project.EMAIL)
    return TenantPool(world.app.extensions["pool"], world.account_id, id)


async def filled(world: World, sql: str, ids: str) -> str:
    known: dict[str, UUID] = {"account": world.account_id}
    known["project"] = await world.pool.fetchval("select id from project where account_id = $1", world.account_id)
    known["set"] = await world.pool.fetchval(
        "select id from content_set where account_id = $1 and type = 'message'", world.account_id
    )
    if ids:
        known |= dict(await world.pool.fetchrow(ids, world.account_id) or {})
    return re.sub(r"\{(\w+)\}", lambda found: f"'{known[found[1]]}'", sql)


LOOKING = [
    call for call in CALLS if call.sql.startswith("select * from") and re.search("{(project|set)}|'demo'", call.sql)
]
PAGES = [route for route in ROUTES if route.method == "GET" and route.rule.startswith("/projects/")]


@pytest.mark.parametrize("call", LOOKING, ids=lambda call: re.findall(r"fn\.(\w+)", call.sql)[0])
async def test_no_function_tells(veiled: World, call: Call) -> None:
    async with db._acquire(await owner(veiled)) as asked:
        rows = await asked.fetch(await filled(veiled, call.sql, call.ids))
    assert SECRET not in repr([tuple(row.values()) for row in rows])


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.rule)
async def test_no_page_tells(veiled: World, route: Route) -> None:
    ids = {"slug": "demo"}
    if route.ids:
        ids |= dict(await veiled.pool.fetchrow(route.ids, veiled.account_id) or {})
    await veiled.owner.get(re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), route.rule))
    assert SECRET not in veiled.owner.text


async def test_they_are_shown_to_be_there(veiled: World) -> None:
    await veiled.owner.get("/billing")
    assert "3 messages</strong> that came since are kept" in veiled.owner.text
    await veiled.owner.get("/projects/demo")
    assert "Veiled: it came when" in veiled.owner.text
    assert "signals are used up" in veiled.owner.text
    assert "3 messages that came since are kept" in veiled.owner.text
    project = await veiled.pool.fetchval("select id from project where account_id = $1", veiled.account_id)
    sql = "select count from fn.recap_attention($1, $2, 'week', '2026-11-16') where kind = 'veiled'"
    assert await veiled.pool.fetchval(sql, veiled.account_id, project) == 3
    said = await veiled.pool.fetch(
        "select * from fn.recap_messages($1, $2, current_date - 7, current_date, 100)", veiled.account_id, project
    )
    assert said
    assert SECRET not in repr(said)


async def test_searching_does_not_find_what_is_veiled(veiled: World) -> None:
    project = await veiled.pool.fetchval("select id from project where account_id = $1", veiled.account_id)
    asked = (
        "select * from fn.found_messages($1, $2, 'all', null, 'zanz', null, null, 10)",
        "select * from fn.project_feelbacks($1, $2, _text => 'zanz')",
        "select * from fn.feelbacks($1, $2, _text => 'zanz') where items_json <> '[]'",
    )
    for sql in asked:
        assert await veiled.pool.fetch(sql, veiled.account_id, project) == []
    await veiled.pool.execute("update usage set full_at = null")
    for sql in asked:
        assert await veiled.pool.fetch(sql, veiled.account_id, project) != []


async def test_a_larger_plan_unveils_at_once(veiled: World) -> None:
    await veiled.subscribe("growth")
    await veiled.owner.get("/projects/demo")
    assert SECRET in veiled.owner.text
    assert await veiled.pool.fetchval("select fn.veiled_messages($1)", veiled.account_id) == 0


async def test_the_next_month_unveils(veiled: World) -> None:
    later = datetime.now(UTC).replace(day=1) + timedelta(days=32)
    sql = "select fn.veiled_messages($1, null, $2)"
    assert await veiled.pool.fetchval(sql, veiled.account_id, datetime.now(UTC)) == 3
    assert await veiled.pool.fetchval(sql, veiled.account_id, later) == 0
