"""Invitations: who may send them, how long links are valid, and for whom."""

import asyncio
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import asyncpg
import pytest

from tests.support.people import Team, session

Pool = asyncpg.Pool
INVITE = "invite_member($1, $2, $3, $4, 'url')"
TOKEN = sha256(b"token").digest()
NEW = "ann@example.com"


async def sign_up(team: Team, token: bytes = TOKEN, signup: str = "invite", later: str = "0 seconds") -> str:
    try:
        await team.pool.execute(
            "select fn.sign_up_by_invitation($1, 'hash', $2, $3, null, '', now() + $4::text::interval)",
            token, signup, session("ann"), later,
        )  # fmt: skip
    except asyncpg.PostgresError as error:
        return error.sqlstate or ""
    return ""


async def accept(team: Team, who: str, token: bytes = TOKEN) -> str:
    try:
        await team.pool.execute("select fn.accept_invitation($1, $2)", session(who), token)
    except asyncpg.PostgresError as error:
        return error.sqlstate or ""
    return ""


async def someone(team: Team, email: str) -> None:
    await team.pool.execute(
        "select fn.create_session(person_id, $2) from fn.create_account('B', $1, null)", email, session(email)
    )


@pytest.mark.parametrize(
    ("who", "email", "role", "status"),
    [
        ("owner", " Ann@Example.com ", "admin", 0),
        ("admin", NEW, "viewer", 0),
        ("admin", NEW, "owner", 422),
        ("admin", "ann", "viewer", 422),
        ("admin", NEW, None, 422),
        ("admin", "editor@acme.example", "viewer", 409),
        ("editor", NEW, "viewer", 403),
    ],
)
async def test_it_invites(team: Team, who: str, email: str, role: str | None, status: int) -> None:
    assert await team.refused(who, INVITE, email, role, TOKEN) == status
    mails = [tuple(row) for row in await team.pool.fetch("select recipient, template, context::text from mail")]
    if status:
        assert mails == []
        return
    ((recipient, template, context),) = mails
    assert (recipient, template) == (NEW, "invitation")
    assert f'"by": "{who}@acme.example"' in context
    assert await team.audit_entries() == [(f"{who}@acme.example", "invitation.sent", NEW)]


async def test_it_signs_up_whoever_has_the_link_once(team: Team) -> None:
    await team.do("admin", INVITE, NEW, "editor", TOKEN)
    assert await sign_up(team, sha256(b"other").digest()) == "FB404"
    assert await sign_up(team, signup="closed") == "FB403"
    assert await sign_up(team) == ""
    assert (await team.roles())["ann"] == "editor"
    assert await team.pool.fetchval("select account_id from fn.session_actor($1)", session("ann")) == team.account_id
    assert (await team.audit_entries())[-1] == (NEW, "member.joined", NEW)
    assert await sign_up(team) == "FB404"
    assert await team.pool.fetchval("select count(*) from member as m join person as p on p.id = m.person_id "
                                    "where p.email = $1", NEW) == 1  # fmt: skip


async def test_of_many_at_once_one_signs_up(team: Team) -> None:
    await team.do("admin", INVITE, NEW, "editor", TOKEN)
    codes = await asyncio.gather(*(sign_up(team) for _ in range(6)))
    assert codes.count("") == 1
    assert set(codes) <= {"", "FB404", "FB409", "23505"}


async def test_it_signs_up_who_had_begun_to(team: Team) -> None:
    await team.pool.execute("select fn.sign_up($1, sha256('verify'), 'url', 'open')", NEW)
    await team.do("admin", INVITE, NEW, "editor", TOKEN)
    assert await sign_up(team) == ""
    assert await team.pool.fetchval("select count(*) from token") == 0


async def test_the_link_ends_after_a_week(team: Team) -> None:
    await team.do("admin", INVITE, NEW, "editor", TOKEN)
    assert await sign_up(team, later="7 days") == "FB404"
    assert await sign_up(team, later="6 days 23 hours") == ""


async def test_it_lets_in_nobody_but_whom_it_was_mailed_to(team: Team) -> None:
    await someone(team, NEW)
    await someone(team, "eve@example.com")
    await team.do("admin", INVITE, NEW, "editor", TOKEN)
    assert await accept(team, "eve@example.com") == "FB404"
    assert await accept(team, "nobody") == "FB401"
    assert await sign_up(team) == "FB409"  # someone with a profile has to sign in, too
    assert await accept(team, NEW) == ""
    assert await accept(team, NEW) == "FB404"
    roles = await team.roles()
    assert roles["ann"] == "editor"
    assert "eve" not in roles


async def test_a_new_link_replaces_the_one_before(team: Team) -> None:
    id = await team.do("admin", INVITE, NEW, "editor", TOKEN)
    assert await team.refused("admin", INVITE, NEW, "viewer", sha256(b"x").digest()) == 409
    other = sha256(b"other").digest()
    assert await team.refused("editor", "resend_invitation($1, $2, $3, 'url')", id, other) == 403
    assert await team.refused("second", "resend_invitation($1, $2, $3, 'url')", id, other) == 0
    assert await sign_up(team) == "FB404"
    assert await sign_up(team, other) == ""


async def test_it_is_revoked(team: Team) -> None:
    id = await team.do("admin", INVITE, NEW, "editor", TOKEN)
    assert await team.refused("editor", "revoke_invitation($1, $2)", id) == 403
    assert [await team.refused("owner", "revoke_invitation($1, $2)", id) for _ in range(2)] == [0, 404]
    assert await sign_up(team) == "FB404"
    assert (await team.audit_entries())[-1] == ("owner@acme.example", "invitation.revoked", NEW)


async def test_a_hundred_wait_at_most(team: Team) -> None:
    for n in range(100):
        await team.do("admin", INVITE, f"a{n}@example.com", "viewer", sha256(str(n).encode()).digest())
    assert await team.refused("admin", INVITE, NEW, "viewer", TOKEN) == 409


async def test_it_forgets_those_that_nobody_accepted(team: Team) -> None:
    await team.do("admin", INVITE, NEW, "editor", TOKEN)
    at = datetime.now(UTC) + timedelta(days=36)
    sql = "call fn.run_by_account('{delete expired invitations}', $1)"
    assert await team.pool.fetchval(sql, at) == 0
    assert await team.pool.fetchval(sql, at + timedelta(days=2)) == 1
