"""Who may change whose role. There is always exactly one owner."""

import asyncio
import random

import asyncpg
import pytest

from tests.support.people import Team, session

Pool = asyncpg.Pool
CHANGE, REMOVE, LEAVE = "update_role($1, $2, $3)", "delete_member($1, $2)", "leave_account($1)"
HAND_OVER = "transfer_account($1, $2, $3)"


async def owners(team: Team) -> int:
    return sum(role == "owner" for role in (await team.roles()).values())


@pytest.mark.parametrize(
    ("who", "whom", "role", "status"),
    [
        ("owner", "viewer", "admin", 0),
        ("admin", "second", "viewer", 0),
        ("admin", "admin", "editor", 0),
        ("admin", "owner", "viewer", 403),
        ("owner", "owner", "viewer", 403),
        ("admin", "editor", "owner", 422),
        ("owner", "editor", "owner", 422),
        ("owner", "editor", "king", 422),
        ("owner", "editor", None, 422),
        ("editor", "viewer", "editor", 403),
        ("viewer", "viewer", "admin", 403),
    ],
)
async def test_it_changes_a_role(team: Team, who: str, whom: str, role: str | None, status: int) -> None:
    before = await team.roles()
    assert await team.refused(who, CHANGE, team.people[whom], role) == status
    assert await team.roles() == (before if status else {**before, whom: role})
    expected = [] if status else [(f"{who}@acme.example", "member.role_updated", f"{whom}@acme.example")]
    assert await team.audit_entries() == expected


@pytest.mark.parametrize(
    ("who", "whom", "status"),
    [("owner", "admin", 0), ("admin", "second", 0), ("admin", "owner", 403), ("owner", "owner", 403),
     ("editor", "viewer", 403), ("viewer", "viewer", 403)],
)  # fmt: skip
async def test_it_removes_a_member(team: Team, who: str, whom: str, status: int) -> None:
    assert await team.refused(who, REMOVE, team.people[whom]) == status
    assert (whom in await team.roles()) == bool(status)
    mails = [tuple(row) for row in await team.pool.fetch("select recipient, template from mail")]
    assert mails == ([] if status else [(f"{whom}@acme.example", "account_notice")])
    if not status:
        assert await team.refused(whom, LEAVE) == 404  # no longer a member


async def test_everybody_may_leave_but_the_owner(team: Team) -> None:
    assert [await team.refused(who, LEAVE) for who in team.people] == [409, 0, 0, 0, 0]
    assert await team.roles() == {"owner": "owner"}


async def test_the_owner_hands_over(team: Team) -> None:
    assert await team.refused("owner", HAND_OVER, team.people["viewer"], session("owner")) == 0
    roles = await team.roles()
    assert (roles["owner"], roles["viewer"]) == ("admin", "owner")
    assert await team.audit_entries() == [("owner@acme.example", "account.transferred", "viewer@acme.example")]
    mails = sorted(row[0] for row in await team.pool.fetch("select recipient from mail"))
    assert mails == ["owner@acme.example", "viewer@acme.example"]
    assert await team.refused("owner", LEAVE) == 0


@pytest.mark.parametrize("who", ["admin", "editor", "viewer"])
async def test_nobody_else_hands_over(team: Team, who: str) -> None:
    for whom in (who, "second"):
        assert await team.refused(who, HAND_OVER, team.people[whom], session(who)) == 403
    assert (await team.roles())["owner"] == "owner"


async def test_handing_over_wants_a_fresh_confirmation_of_the_owner(team: Team) -> None:
    # Another person's session confirms nothing.
    assert await team.refused("owner", HAND_OVER, team.people["viewer"], session("admin")) == 403
    assert await team.refused("owner", HAND_OVER, team.people["viewer"], session("nobody")) == 401
    await team.pool.execute("update session set confirmed_at = now() - interval '10 minutes'")
    assert await team.refused("owner", HAND_OVER, team.people["viewer"], session("owner")) == 403
    assert (await team.roles())["owner"] == "owner"


async def test_it_hands_over_to_members_only(team: Team) -> None:
    other = await team.pool.fetchval("select person_id from fn.create_account('B', 'bob@example.com', null)")
    assert await team.refused("owner", HAND_OVER, other, session("owner")) == 404
    assert await team.refused("owner", HAND_OVER, team.people["owner"], session("owner")) == 409


async def test_of_many_that_transfer_at_once_one_does(team: Team) -> None:
    heirs = [team.people[whom] for whom in ("admin", "second", "editor")]
    results = await asyncio.gather(
        *(team.refused("owner", HAND_OVER, heir, session("owner")) for heir in heirs),
        team.refused("admin", LEAVE),
        team.refused("second", REMOVE, team.people["editor"]),
    )  # fmt: skip
    assert results[:3].count(0) == 1
    assert await owners(team) == 1


@pytest.mark.parametrize("seed", range(5))
async def test_whatever_they_do_one_owns_it(team: Team, seed: int) -> None:
    chance = random.Random(seed)
    done = 0
    for _ in range(60):
        who, whom = (chance.choice(list(team.people)) for _ in range(2))
        call, args = chance.choice(
            [
                (CHANGE, (team.people[whom], chance.choice(["owner", "admin", "editor", "viewer"]))),
                (REMOVE, (team.people[whom],)) if chance.random() < 0.1 else (CHANGE, (team.people[whom], "admin")),
                (LEAVE, ()) if chance.random() < 0.1 else (CHANGE, (team.people[whom], "editor")),
                (HAND_OVER, (team.people[whom], session(who))),
            ]
        )
        done += await team.refused(who, call, *args) == 0
        assert await owners(team) == 1
    assert done > 3


async def test_the_database_takes_no_second_owner(team: Team) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        await team.pool.execute("update member set role = 'owner' where account_id = $1", team.account_id)


async def test_it_lists_a_page_of_members(team: Team) -> None:
    rows = await team.pool.fetch(
        "select split_part(email, '@', 1), row_count from fn.members($1, '', 2, 1)", team.account_id
    )
    assert [tuple(row) for row in rows] == [("admin", 5), ("second", 5)]
    rows = await team.pool.fetch("select email from fn.members($1, 'VIEW')", team.account_id)
    assert [row[0] for row in rows] == ["viewer@acme.example"]
