"""Deleting an account: 14 days to cancel, then no table has a row of it."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from tests.support import factories
from tests.support.tenants import TABLES, Tenant

Pool = asyncpg.Pool
NOW = datetime.now(UTC)
DAY = timedelta(days=1)
SESSION = b"s" * 32


async def left(pool: "Pool[asyncpg.Record]", id: UUID) -> dict[str, int]:
    """The number of rows with an id anywhere, by table, partition and materialized view."""
    relations = await pool.fetch(
        "select oid::regclass::text from pg_class where relkind in ('r', 'm') and relnamespace in "
        "('public'::regnamespace, 'mv'::regnamespace)"
    )
    counts = {
        name: await pool.fetchval(f"select count(*) from {name} as t where t::text like '%' || $1 || '%'", str(id))
        for (name,) in relations
    }
    return {name: count for name, count in counts.items() if count}


async def ask(pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]", tenant: Tenant, now: datetime) -> None:
    await pool.execute("select fn.create_session($1, $2, $2, $3)", tenant.person_id, SESSION, now)
    acting = TenantPool(app_pool, tenant.account_id, tenant.person_id)
    await db.value(acting, "select fn.request_account_deletion($1, $2, $3)", tenant.account_id, SESSION, now)


async def mails(pool: "Pool[asyncpg.Record]") -> list[tuple[str, str]]:
    return [
        tuple(row) for row in await pool.fetch("delete from mail where template <> 'x' returning recipient, template")
    ]


async def test_nothing_of_it_is_left(
    pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]", tenants: list[Tenant]
) -> None:
    other, gone = tenants
    tables = {row[0] for row in await pool.fetch(TABLES)}
    before = await left(pool, other.account_id)
    partitioned = {"response", "period"}
    assert tables - partitioned - set(await left(pool, gone.account_id)) == set()  # so that a test can fail
    await ask(pool, app_pool, gone, NOW)
    await pool.execute("update session set in_account = $1", gone.account_id)
    await pool.execute("delete from mail")
    assert await pool.fetchval("select fn.delete_accounts($1)", NOW + 14 * DAY - timedelta(minutes=1)) == 0
    assert await pool.fetchval("select fn.delete_accounts($1)", NOW + 14 * DAY) == 1
    await pool.execute("refresh materialized view mv.leader")
    assert await left(pool, gone.account_id) == {"deleted_account": 1}
    for id in (gone.project.id,):
        assert await left(pool, id) == {}
    email = await pool.fetchval("select email from person where id = $1", gone.person_id)
    assert await mails(pool) == [(email, "account_notice")]
    assert {name: count for name, count in (await left(pool, other.account_id)).items() if name in tables} == {
        name: count for name, count in before.items() if name in tables
    }


async def test_what_arrives_while_it_goes_is_found_an_hour_later(
    pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]", tenants: list[Tenant]
) -> None:
    gone = tenants[1]
    await ask(pool, app_pool, gone, NOW)
    at = NOW + 14 * DAY
    await pool.execute("select fn.delete_accounts($1)", at)
    await pool.execute("insert into tally values ($1, gen_random_uuid(), 1, 1)", gone.account_id)
    await pool.execute("select fn.delete_accounts($1)", at + timedelta(minutes=59))
    assert set(await left(pool, gone.account_id)) == {"deleted_account", "tally"}
    await pool.execute("select fn.delete_accounts($1)", at + timedelta(minutes=61))
    assert await left(pool, gone.account_id) == {}


async def test_its_owner_and_admins_get_a_mail_and_can_cancel(
    pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]"
) -> None:
    await factories.account(pool)
    account_id, person_id = await pool.fetchrow("select * from fn.create_account('A', 'ann@a.example', null)")
    for role in ("admin", "editor"):
        id = await pool.fetchval(
            "insert into person (id, email) values (gen_random_uuid(), $1) returning id", f"{role}@a.example"
        )
        await pool.execute("insert into member values ($1, $2, $3)", account_id, id, role)
    tenant = Tenant(account_id, person_id, factories.Project(account_id, account_id))
    await ask(pool, app_pool, tenant, NOW)
    sent = [("ann@a.example", "account_deletion"), ("admin@a.example", "account_deletion")]
    assert sorted(await mails(pool)) == sorted(sent)
    with pytest.raises(FeelbackError) as twice:
        await ask(pool, app_pool, tenant, NOW + timedelta(seconds=1))
    assert twice.value.status == 409
    near = NOW + 11 * DAY + timedelta(minutes=1)
    assert await pool.fetchval("select fn.enqueue_deletion_mails($1)", near - timedelta(minutes=2)) == 0
    assert [await pool.fetchval("select fn.enqueue_deletion_mails($1)", near) for _ in range(2)] == [1, 0]
    assert sorted(await mails(pool)) == sorted(sent)
    admin_id = await pool.fetchval("select id from person where email = 'admin@a.example'")
    await db.value(TenantPool(app_pool, account_id, admin_id), "select fn.cancel_account_deletion($1)", account_id)
    assert sorted(await mails(pool)) == sorted((email, "account_notice") for email, _ in sent)
    assert await pool.fetchval("select fn.delete_accounts($1)", NOW + 15 * DAY) == 0
    assert await pool.fetchval("select array_agg(what order by at, id) from audit") == [
        "account.deletion_requested", "account.deletion_cancelled",
    ]  # fmt: skip


async def test_the_account_of_the_command_line_stays(
    pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]", tenants: list[Tenant]
) -> None:
    await pool.execute("update person set is_operator = id = $1", tenants[0].person_id)
    with pytest.raises(FeelbackError) as refused:
        await ask(pool, app_pool, tenants[0], NOW)
    assert (refused.value.status, "The command line" in refused.value.message) == (409, True)
    await pool.execute("update account set deletion_at = now()")
    assert [await pool.fetchval("select fn.delete_accounts()") for _ in range(2)] == [1, 0]
    assert await pool.fetchval("select id from account") == tenants[0].account_id


@pytest.mark.parametrize("who", ["admin", "stranger"])
async def test_nobody_but_its_owner_has_it_deleted(
    pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]", tenants: list[Tenant], who: str
) -> None:
    first, other = tenants
    if who == "admin":
        await pool.execute("insert into member values ($1, $2, 'admin')", other.account_id, first.person_id)
    with pytest.raises(FeelbackError) as refused:
        await ask(pool, app_pool, Tenant(other.account_id, first.person_id, other.project), NOW)
    assert refused.value.status == (403 if who == "admin" else 404)


async def test_it_wants_a_fresh_confirmation(
    pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]", tenants: list[Tenant]
) -> None:
    acting = TenantPool(app_pool, tenants[1].account_id, tenants[1].person_id)
    await pool.execute(
        "select fn.create_session($1, $2, null, now() - interval '10 minutes')", tenants[1].person_id, SESSION
    )
    with pytest.raises(FeelbackError) as refused:
        await db.value(acting, "select fn.request_account_deletion($1, $2)", tenants[1].account_id, SESSION)
    assert refused.value.status == 403
