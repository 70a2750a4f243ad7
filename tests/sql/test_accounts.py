"""Accounts: names, further accounts, and the account of a session."""

import asyncpg
import pytest

from tests.support.people import Team, session

Pool = asyncpg.Pool


async def there(team: Team, who: str) -> list[str]:
    rows = await team.pool.fetch("select account_name from fn.session_actor($1)", session(who))
    return [row[0] for row in rows]


async def make(team: Team, who: str, name: str, signup: str = "open") -> str:
    try:
        await team.pool.execute("select fn.make_account($1, $2, $3)", session(who), name, signup)
    except asyncpg.PostgresError as error:
        return error.sqlstate or ""
    return ""


async def test_it_makes_a_further_account_and_switches(team: Team) -> None:
    assert await there(team, "viewer") == ["Acme"]
    assert await make(team, "viewer", " Second ") == ""
    assert await there(team, "viewer") == ["Second", "Acme"]
    await team.pool.execute("select fn.switch_account($1, $2)", session("viewer"), team.account_id)
    assert await there(team, "viewer") == ["Acme", "Second"]
    await team.pool.execute("select fn.create_session($1, sha256('other'))", team.people["viewer"])
    assert await there(team, "other") == [
        "Acme",
        "Second",
    ]  # each session has its own; by default the oldest membership
    other_id = await team.pool.fetchval("select id from account where name = 'Second'")
    with pytest.raises(asyncpg.PostgresError) as refused:
        await team.pool.execute("select fn.switch_account($1, $2)", session("owner"), other_id)
    assert refused.value.sqlstate == "FB404"


async def test_who_is_removed_is_in_another_account_at_once(team: Team) -> None:
    await make(team, "viewer", "Second")
    await team.pool.execute("select fn.switch_account($1, $2)", session("viewer"), team.account_id)
    await team.do("admin", "delete_member($1, $2)", team.people["viewer"])
    assert await there(team, "viewer") == ["Second"]
    await team.do("admin", "delete_member($1, $2)", team.people["editor"])
    assert await there(team, "editor") == [None]


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a" * 201, "Pay at https://evil.example/pay", "boss@x.example"])
async def test_it_wants_a_name(team: Team, name: str) -> None:
    assert await make(team, "viewer", name) == "FB422"
    assert await team.refused("admin", "update_account($1, $2, 365)", name) == 422


async def test_a_closed_installation_grows_by_its_operator_only(team: Team) -> None:
    await team.pool.execute("select fn.update_operator('owner@acme.example', true)")
    assert [await make(team, who, "More", "closed") for who in ("owner", "admin", "viewer")] == ["", "FB403", "FB403"]
    assert await make(team, "viewer", "More", "invite") == ""


async def test_nobody_owns_more_than_twenty(team: Team) -> None:
    assert [await make(team, "viewer", f"A{n}") for n in range(21)] == [""] * 20 + ["FB409"]


async def test_it_is_renamed(team: Team) -> None:
    assert await team.refused("editor", "update_account($1, 'New', 365)") == 403
    await team.do("admin", "update_account($1, ' New ', 365)")
    assert await there(team, "viewer") == ["New"]
    assert await team.audit_entries() == [("admin@acme.example", "account.renamed", "New")]


async def test_it_says_what_it_is(team: Team) -> None:
    row = await team.pool.fetchrow("select * from fn.account($1)", team.account_id)
    assert row is not None
    assert (row["name"], row["owner_email"], row["members"], row["is_first"]) == (
        "Acme",
        "owner@acme.example",
        5,
        False,
    )
    assert await team.pool.fetchval("select is_first from fn.account(fn.default_account())")


async def test_the_command_line_has_an_operator_s_account_or_its_own(team: Team) -> None:
    first = "select fn.first_account()"
    await team.pool.execute("call fn.load_demo('demo@feelback.example', 'x', now() - interval '1 day')")
    await team.pool.execute("delete from account where name = 'Main'")
    assert await team.pool.fetchval(first) is None  # neither the demo nor what belongs to others
    own = await team.pool.fetchval("select fn.default_account()")
    assert await team.pool.fetchval(first) == own
    await team.pool.execute("select fn.update_operator('owner@acme.example', true)")
    assert await team.pool.fetchval(first) == team.account_id
    assert await team.pool.fetchval("select fn.default_account()") == team.account_id


async def test_there_is_always_an_operator_and_never_the_demo_s_owner(team: Team) -> None:
    update = "select fn.update_operator($1, $2)"
    operators = "select array_agg(o.email) from fn.operators() as o"
    await team.pool.execute("call fn.load_demo('demo@feelback.example', 'x')")
    for email, status in (("demo@feelback.example", "FB409"), ("nobody@example.com", "FB404"), ("x", "FB422")):
        with pytest.raises(asyncpg.PostgresError) as refused:
            await team.pool.execute(update, email, True)
        assert refused.value.sqlstate == status
    await team.pool.execute(update, "owner@acme.example", True)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await team.pool.execute(update, "owner@acme.example", False)
    assert refused.value.sqlstate == "FB409"
    await team.pool.execute(update, "Viewer@acme.example", True)
    await team.pool.execute(update, "owner@acme.example", False)
    assert await team.pool.fetchval(operators) == ["viewer@acme.example"]
    assert await team.audit_entries() == [
        ("command line", "operator.created", "owner@acme.example"),
        ("command line", "operator.created", "viewer@acme.example"),
        ("command line", "operator.deleted", "owner@acme.example"),
    ]
