"""Messages over quota are stored and counted, but hidden on every page, call and mail until the plan allows them."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.http.context import services
from app.site import demo_project
from tests.panel.permissions.cases import Call, Route
from tests.support.billing_world import World
from tests.support.permission_cases import CALLS, ROUTES, function_name

Pool = asyncpg.Pool
SECRET = "Zanzibar"
# In the type of a function's result; the rows of the others hold only numbers, times and ids.
ROOM_FOR_WORDS = r"\m(text|json|jsonb|bytea|record)\M"
# Functions that show the words of messages, found by calling each one while no message is over quota.
# It quotes messages of the pages with the most unhappy visitors: which those are depends on the hour.
MAY_SHOW_WORDS = {"project_window"}
SHOW_WORDS = {
    "exported_responses", "response", "responses", "inbox_message", "inbox_messages", "project_responses",
    "project_overview", "page_overview", "widget_reasons",
}  # fmt: skip
# Functions that act for the installation and whose rows have room for words (text, JSON or bytes), but hold none.
WITHOUT_WORDS = {
    "billing_customers", "claim_billing_event", "claim_export", "claim_mail", "cut_key", "defused", "demo_project",
    "ingest_account_responses", "ingest_api_key", "ingest_placement", "ingest_responses", "ingest_widget",
    "ingest_test_response", "installation",
    "installation_accounts", "installation_insights", "installation_jobs", "invitation", "stored_mail", "key_actor",
    "link", "mails", "offered_plans", "overdue_jobs", "demo_widgets", "person_by_email", "person_sessions",
    "person_sign_in", "presets", "recap_invitation", "second_step", "session_actor", "update_subscription",
    "consent_project", "tallies", "day_salt", "work_channels", "job_starts", "reconcile_steps", "vote_accounts",
    "device_people", "person_devices", "backup_state", "installation_backups", "continue_merge", "page_addresses",
    "ingest_merged_response", "customer_orders",
    "installation_billing_issues", "reason_tallies", "ingest_passage", "mark_delivery", "mail_delivery",
    "mark_issue", "new_tallies", "ungathered_messages", "hook_secret", "opt_out_project", "encrypted_visitor_key",
}  # fmt: skip
# Those whose rows hold some: test_searches_do_not_match_hidden_messages calls the one, and
# test_the_number_of_hidden_messages_is_shown calls fn.recap_messages, from which recaps take their messages, and
# test_events_hide_them claims deliveries, and test_no_issue_is_opened_for_them claims issues.
INSTALLATION_WORDS = {"matching_messages", "mailed_recap", "claim_delivery", "claim_issue"}


@pytest.fixture
async def hidden(world: World) -> World:
    """An account over quota that then gets a message, a tagged message and a form."""
    await world.pool.execute(
        """
        insert into usage (account_id, month, responses, full_at)
        values ($1, date_trunc('month', now() at time zone 'UTC'), 5000, now() - interval '1 minute')
        on conflict (account_id, month) do update set full_at = excluded.full_at
        """,
        world.account_id,
    )
    await world.pool.execute(
        """
        insert into response (
            account_id, id, widget_id, placement_id, option_no, counted_on, created_at, body, fields, context,
            visitor
        )
        select s.account_id, fn.uuid_v7(), s.id, c.id, 1, current_date, now(),
            case when s.type <> 'form' then $2 end,
            case when s.type = 'form' then jsonb_build_object('message', $2::text) end,
            jsonb_build_object('$user', $2::text || '@example.com', 'name', $2::text), sha256('visitor')
        from widget as s
        cross join lateral (
            select id from placement where account_id = s.account_id and widget_id = s.id order by page_id limit 1
        ) as c
        where s.account_id = $1 and s.type in ('message', 'tagged', 'form')
        """,
        world.account_id, SECRET,
    )  # fmt: skip
    # A page looks for its messages on the days that its tallies know.
    await world.pool.execute(
        """
        insert into tally_day (account_id, placement_id, day, option_no, count)
        select account_id, placement_id, counted_on, option_no, 1 from response where visitor = sha256('visitor')
        on conflict do nothing
        """
    )
    # A widget shows the messages that came with a reason.
    await world.pool.execute(
        """
        insert into reason (account_id, widget_id, no, option_no, position, value, label)
        select account_id, widget_id, 1, option_no, 1, 'a', 'A' from response where visitor = sha256('visitor')
        """
    )
    await world.pool.execute("update response set reason_nos = '{1}' where visitor = sha256('visitor')")
    await world.pool.execute(
        """
        insert into reason_tally_day (account_id, placement_id, day, reason_no, count)
        select account_id, placement_id, counted_on, 1, 1 from response where visitor = sha256('visitor')
        """
    )
    await world.pool.execute(
        """
        insert into reason_tally (account_id, placement_id, reason_no, count)
        select account_id, placement_id, 1, 1 from response where visitor = sha256('visitor')
        """
    )
    return world


async def owner(world: World) -> TenantPool:
    id = await world.pool.fetchval("select id from person where email = $1", demo_project.EMAIL)
    return TenantPool(services(world.app).pool, world.account_id, id)


async def filled(world: World, sql: str, ids: str) -> str:
    known: dict[str, UUID] = {"account": world.account_id}
    known["project"] = await world.pool.fetchval("select id from project where account_id = $1", world.account_id)
    known["widget"] = await world.pool.fetchval(
        "select id from widget where account_id = $1 and type = 'message'", world.account_id
    )
    known["member"] = await world.pool.fetchval("select person_id from member where account_id = $1", world.account_id)
    if ids:
        known |= dict(await world.pool.fetchrow(ids, world.account_id) or {})
    # The page that has the message.
    known["page"] = await world.pool.fetchval(
        "select page_id from placement where account_id = $1 and widget_id = $2 order by page_id limit 1",
        world.account_id, known["widget"],
    )  # fmt: skip
    return re.sub(r"\{(\w+)\}", lambda match: f"'{known[match[1]]}'", sql)


PAGES = [route for route in ROUTES if route.method == "GET" and route.rule.startswith("/projects/")]
assert len(PAGES) > 5


@pytest.mark.parametrize("call", CALLS, ids=function_name)
async def test_functions_hide_words_over_quota(hidden: World, call: Call) -> None:
    name = function_name(call)
    room = "select bool_or(pg_get_function_result(oid) ~ $2) from pg_proc where proname = $1"
    if not await hidden.pool.fetchval(room, name, ROOM_FOR_WORDS):
        assert name not in SHOW_WORDS
        return
    sql = await filled(hidden, call.sql, call.ids)
    assert SECRET not in await result(hidden, sql)
    await hidden.pool.execute("update usage set full_at = null")
    if name not in MAY_SHOW_WORDS:
        assert (SECRET in await result(hidden, sql)) == (name in SHOW_WORDS)


async def result(world: World, sql: str) -> str:
    """The result of a statement as the owner of the account, rolled back."""
    async with db._acquire(await owner(world)) as connection:
        transaction = connection.transaction()
        await transaction.start()
        rows = await connection.fetch(sql)
        await transaction.rollback()
    return repr([tuple(row.values()) for row in rows])


async def test_every_function_with_room_for_words_is_known(hidden: World) -> None:
    rows = await hidden.pool.fetch(
        """
        select distinct c.name from fn.callable as c
        join pg_proc as p on p.pronamespace = 'fn'::regnamespace and p.proname = c.name
        where c.acts_as <> 'account' and c.caller not in ('owner', 'panel')
            and pg_get_function_result(p.oid) ~ $1
        """,
        ROOM_FOR_WORDS,
    )
    assert {row[0] for row in rows} == WITHOUT_WORDS | INSTALLATION_WORDS


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.rule)
async def test_no_page_shows_them(hidden: World, route: Route) -> None:
    ids = {"slug": "demo"}
    if route.ids:
        ids |= dict(await hidden.pool.fetchrow(route.ids, hidden.account_id) or {})
    await hidden.owner.get(re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(ids[match[1]]), route.rule))
    assert SECRET not in hidden.owner.text


async def test_the_number_of_hidden_messages_is_shown(hidden: World) -> None:
    await hidden.owner.get("/billing")
    assert "3 messages are hidden" in hidden.owner.text
    await hidden.owner.get("/projects/demo")
    assert "Hidden: it came when" in hidden.owner.text
    assert "your plan includes 2,000" in hidden.owner.text
    assert "3 messages are hidden" in hidden.owner.text
    project = await hidden.pool.fetchval("select id from project where account_id = $1", hidden.account_id)
    sql = "select count from fn.recap_attention($1, $2, 'week', '2026-11-16') where kind = 'hidden'"
    assert await hidden.pool.fetchval(sql, hidden.account_id, project) == 3
    messages = await hidden.pool.fetch(
        "select * from fn.recap_messages($1, $2, current_date - 7, current_date, 100)", hidden.account_id, project
    )
    assert messages
    assert SECRET not in repr(messages)


async def test_searches_do_not_match_hidden_messages(hidden: World) -> None:
    project = await hidden.pool.fetchval("select id from project where account_id = $1", hidden.account_id)
    queries = (
        "select * from fn.matching_messages($1, $2, 'all', null, 'zanz', null, null, 10)",
        "select * from fn.project_responses($1, $2, _text => 'zanz')",
        "select * from fn.responses($1, $2, _text => 'zanz') where items_json <> '[]'",
    )
    for sql in queries:
        assert await hidden.pool.fetch(sql, hidden.account_id, project) == []
    await hidden.pool.execute("update usage set full_at = null")
    for sql in queries:
        assert await hidden.pool.fetch(sql, hidden.account_id, project) != []


async def test_what_is_quoted_of_a_page_hides_them(hidden: World) -> None:
    await hidden.pool.execute(
        """select fn.add_tallies(
            array_agg(account_id), array_agg(placement_id), array_agg(option_no), array_agg(counted_on), array_agg(1)
        ) from response where context ->> 'name' = $1""",
        SECRET,
    )
    row = await hidden.pool.fetchrow(
        """select c.account_id, s.project_id, c.page_id, c.id from response as f
        join placement as c on c.account_id = f.account_id and c.id = f.placement_id
        join widget as s on s.account_id = f.account_id and s.id = c.widget_id where f.body = $1""",
        SECRET,
    )
    calls: tuple[tuple[str, tuple[UUID, ...]], ...] = (
        ("select fn.page_quotes($1, $2, current_date, current_date, 100)::text", (row["account_id"], row["page_id"])),
        (
            "select m::text from fn.page_messages($1, $2, 100, null, array[$3::uuid]) as m",
            (row["account_id"], row["project_id"], row["id"]),
        ),
    )
    for sql, arguments in calls:
        assert SECRET not in repr(await hidden.pool.fetch(sql, *arguments))
    await hidden.pool.execute("update usage set full_at = null")
    for sql, arguments in calls:
        assert SECRET in repr(await hidden.pool.fetch(sql, *arguments))


async def test_events_hide_them(hidden: World) -> None:
    await hidden.pool.execute(
        "insert into destination (account_id, id, project_id, name, type, url, secret, events, pace, created_at)"
        " select account_id, fn.uuid_v7(), id, 'Hook', 'webhook', 'https://a.example/', 'x', '{message.created}',"
        " 'each', now()"
        " from project where slug = 'demo'"
    )
    for row in await hidden.pool.fetch(
        "select f.account_id, w.project_id, f.id from response as f"
        " join widget as w on w.account_id = f.account_id and w.id = f.widget_id where f.context ->> 'name' = $1",
        SECRET,
    ):
        await hidden.pool.execute(
            "select fn.emit($1, $2, 'message.created', jsonb_build_object('responseId', $3::uuid))", *row
        )
    await hidden.pool.execute("select fn.match_events()")
    payload = await hidden.pool.fetchval("select payload from fn.claim_delivery(now() + interval '1 minute')")
    assert "Hidden: it came when" in payload
    assert SECRET not in payload


async def test_no_issue_is_opened_for_them(hidden: World) -> None:
    await hidden.pool.execute(
        "insert into tracker"
        " (account_id, project_id, type, url, path, token, hook_id, hook_secret, title, body, created_at)"
        " select account_id, id, 'github', 'https://github.com', 'a/b', 'x', fn.uuid_v7(), 'x', 't', 'b', now()"
        " from project where slug = 'demo'"
    )
    rows = await hidden.pool.fetch(
        "select w.project_id, f.id from response as f"
        " join widget as w on w.account_id = f.account_id and w.id = f.widget_id where f.context ->> 'name' = $1",
        SECRET,
    )
    assert len(rows) == 3
    for row in rows:
        with pytest.raises(FeelbackError, match="The message is hidden"):
            await db.value(await owner(hidden), "select fn.create_issue($1, $2, $3)", hidden.account_id, *row)
    assert await hidden.pool.fetch("select * from fn.claim_issue()") == []


async def test_an_upgrade_shows_them_at_once(hidden: World) -> None:
    await hidden.subscribe("growth")
    await hidden.owner.get("/projects/demo")
    assert SECRET in hidden.owner.text
    assert await hidden.pool.fetchval("select fn.hidden_messages($1)", hidden.account_id) == 0


async def test_they_are_shown_the_next_month(hidden: World) -> None:
    later = datetime.now(UTC).replace(day=1) + timedelta(days=32)
    sql = "select fn.hidden_messages($1, null, $2)"
    assert await hidden.pool.fetchval(sql, hidden.account_id, datetime.now(UTC)) == 3
    assert await hidden.pool.fetchval(sql, hidden.account_id, later) == 0
