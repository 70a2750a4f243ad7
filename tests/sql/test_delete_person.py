"""Deleting a person: 14 days to cancel, then no row has their id or address."""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import asyncpg
import pytest

from tests.support.people import Team, session

Pool = asyncpg.Pool
NOW = datetime.now(UTC)
DAY = timedelta(days=1)


async def ask(team: Team, who: str) -> str:
    try:
        await team.pool.execute("select fn.request_person_deletion($1, $2)", session(who), NOW)
    except asyncpg.PostgresError as error:
        return error.sqlstate or ""
    return ""


async def delete(team: Team, days: float) -> int:
    return int(await team.pool.fetchval("select fn.delete_people($1)", NOW + days * DAY))


async def left(pool: "Pool[asyncpg.Record]", text: str | UUID) -> set[str]:
    """The tables with a text anywhere in a row."""
    tables = await pool.fetch("select oid::regclass::text from pg_class where relkind = 'r' "
                              "and relnamespace = 'public'::regnamespace and relname !~ 'yoyo|schema'")  # fmt: skip
    sql = "select exists (select 1 from {} as t where lower(t::text) like '%' || $1 || '%')"
    return {name for (name,) in tables if await pool.fetchval(sql.format(name), str(text).lower())}


async def test_neither_they_nor_their_address_are_left(team: Team) -> None:
    pool, id = team.pool, team.people["second"]
    await pool.execute("select fn.request_email_change($1, 'Late@acme.example', sha256('t'), 'url')", session("second"))
    await pool.execute("select fn.use_email_change(sha256('t'))")
    await pool.execute("select fn.remember_device($1, sha256('device'), 'Firefox')", session("second"))
    await team.do("second", "invite_member($1, $2, 'viewer', $3, 'url')", "new@example.com", sha256(b"i").digest())
    await team.do("owner", "update_role($1, $2, 'editor')", id)
    await team.do("owner", "update_role($1, $2, 'admin')", id)
    assert {"person", "member", "session", "audit", "mail", "invitation", "known_browser", "known_device"} <= (
        await left(pool, id) | await left(pool, "late@acme.example") | await left(pool, "second@acme.example")
    )
    assert await ask(team, "second") == ""
    assert await delete(team, 13.99) == 0
    assert await delete(team, 14) == 1
    assert await left(pool, id) == set()
    assert await left(pool, "second@acme.example") - {"mail"} == set()
    assert await left(pool, "late@acme.example") == {"mail"}
    ((template,),) = await pool.fetch("select template from mail where recipient like 'late%'")
    assert template == "person_deleted"
    assert ("somebody who left", "invitation.sent", "new@example.com") in await team.audit_entries()
    assert ("somebody who left", "member.left", "somebody who left") in await team.audit_entries()
    assert ("owner@acme.example", "member.role_updated", "somebody who left") in await team.audit_entries()
    assert set(await team.roles()) == {"owner", "admin", "editor", "viewer"}


async def test_they_get_a_mail_and_can_cancel(team: Team) -> None:
    assert [await ask(team, "editor") for _ in range(2)] == ["", "FB409"]
    for days, mails in ((10.9, 0), (11.1, 1), (11.2, 0)):
        assert await team.pool.fetchval("select fn.enqueue_deletion_mails($1)", NOW + days * DAY) == mails
    assert [row[0] for row in await team.pool.fetch("select template from mail")] == ["person_deletion"] * 2
    await team.pool.execute("select fn.cancel_person_deletion($1)", session("editor"))
    assert await delete(team, 15) == 0
    assert "editor" in await team.roles()


async def test_who_owns_an_account_stays(team: Team) -> None:
    assert await ask(team, "owner") == "FB409"
    assert await ask(team, "admin") == ""
    await team.do("owner", "transfer_account($1, $2, $3)", team.people["admin"], session("owner"))
    assert await delete(team, 15) == 0
    assert (await team.roles())["admin"] == "owner"


async def test_nobody_goes_while_an_account_is_handed_to_them(team: Team) -> None:
    await ask(team, "admin")
    async with team.pool.acquire() as connection:
        async with connection.transaction():
            await connection.execute("select set_config('feelback.person_id', $1, true)", str(team.people["owner"]))
            await connection.execute(
                "select fn.transfer_account($1, $2, $3)", team.account_id, team.people["admin"], session("owner")
            )
            deleting = asyncio.create_task(delete(team, 15))
            await asyncio.sleep(0.5)
            assert not deleting.done()
        assert await deleting == 0
    assert (await team.roles())["admin"] == "owner"


async def test_it_wants_a_fresh_confirmation(team: Team) -> None:
    await team.pool.execute("update session set confirmed_at = $1", NOW - timedelta(minutes=11))
    assert await ask(team, "editor") == "FB403"


@pytest.mark.parametrize("ahead", ["hand_over", "delete"])
async def test_an_account_is_never_left_without_its_owner(team: Team, ahead: str) -> None:
    await ask(team, "admin")
    await team.pool.execute("update person set deletion_at = now() where id = $1", team.people["admin"])
    acts = {
        "hand_over": lambda: team.refused(
            "owner", "transfer_account($1, $2, $3)", team.people["admin"], session("owner")
        ),
        "delete": lambda: team.pool.fetchval("select fn.delete_people()"),
    }
    for name in sorted(acts, key=lambda name: name != ahead):
        await acts[name]()
    assert list((await team.roles()).values()).count("owner") == 1
