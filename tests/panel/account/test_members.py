"""Managing members: roles, removal, leaving, handing over."""

import asyncpg
from quart import Quart

from tests.support.browser import Browser
from tests.support.drive import mails
from tests.support.drive_people import join, person_id

Pool = asyncpg.Pool


async def test_a_role_is_changed_and_counts_at_once(owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    ann = await join(app, owner, pool, "ann@example.com", "viewer")
    id = await person_id(pool, "ann@example.com")
    assert (await ann.get("/audit")).status_code == 403
    await owner.get(f"/members/{id}")
    assert (await owner.post(f"/members/{id}/role", {"role": "admin"})).headers["Location"] == "/members"
    assert (await ann.get("/audit")).status_code == 200
    assert "Member role changed" in ann.text
    assert "from <b>viewer</b>, to <b>admin</b>" in ann.text


async def test_the_owner_cannot_be_touched(owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    ann = await join(app, owner, pool, "ann@example.com", "admin")
    id = await pool.fetchval("select person_id from member where role = 'owner'")
    await ann.get(f"/members/{id}")
    assert "Remove" not in ann.text
    for act, form in (("role", {"role": "viewer"}), ("removal", {})):
        assert (await ann.post(f"/members/{id}/{act}", form)).status_code == 403
    assert (await ann.post(f"/members/{id}/role", {"role": "owner"})).status_code == 422


async def test_who_is_removed_is_told_and_sees_nothing(
    owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]"
) -> None:
    ann = await join(app, owner, pool, "ann@example.com", "admin")
    id = await person_id(pool, "ann@example.com")
    await owner.post(f"/members/{id}/removal", {})
    ((recipient, template, context),) = await mails(pool)
    assert (recipient, template, context["account"]) == ("ann@example.com", "account_notice", "Demo")
    for path in ("/", "/projects", "/projects/demo", "/members", "/audit"):
        response = await ann.get(path)
        assert (response.status_code, response.headers["Location"]) == (303, "/accounts/new")
    assert (await ann.post("/members/invitations", {"email": "eve@example.com"})).status_code == 303
    assert await mails(pool) == []


async def test_one_leaves_and_makes_an_account(owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    ann = await join(app, owner, pool, "ann@example.com")
    await ann.post("/account/leaving", {})
    await ann.get("/accounts/new")
    assert "You are in no account" in ann.text
    assert "ann@example.com" in ann.text
    assert (await ann.get("/me")).status_code == 200
    assert (await ann.post("/accounts", {"name": " "})).status_code == 422
    assert (await ann.post("/accounts", {"name": "Ann's own"})).status_code == 303
    assert (await ann.get("/projects")).status_code == 200
    assert (await owner.post("/account/leaving", {})).status_code == 409


async def test_it_is_handed_over_once_they_confirm_it(owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    ann = await join(app, owner, pool, "ann@example.com", "viewer")
    id = await person_id(pool, "ann@example.com")
    await pool.execute("update session set confirmed_at = now() - interval '10 minutes'")
    path = f"/members/{id}/ownership"
    assert (await owner.get(path)).headers["Location"] == f"/confirmation?next={path}"
    assert (await owner.post(path, {})).headers["Location"] == "/confirmation?next=/account"
    await pool.execute("update session set confirmed_at = now()")
    await owner.get(path)
    assert "With this account goes the installation itself" in owner.text
    assert (await owner.post(path, {})).headers["Location"] == "/members"
    assert sorted(mail[0] for mail in await mails(pool)) == ["ann@example.com", "demo@feelback.example"]
    assert (await owner.get(path)).status_code == 403
    await ann.get("/account")
    assert "You own this account" in ann.text
    assert (await ann.get("/installation/mails")).status_code == 200  # the installation is theirs too
    assert (await owner.get("/installation/mails")).status_code == 404


async def test_many_members_are_paged_and_found(owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute(
        """with people as (
            insert into person (id, email) select gen_random_uuid(), format('p%s@example.com', 100 + n)
            from generate_series(1, 60) as n returning id
        )
        insert into member select account_id, people.id, 'viewer' from people, member where role = 'owner'"""
    )
    await owner.get("/members")
    assert "61 members" in owner.text
    assert 'href="/members?page=2"' in owner.text
    assert "p160@" not in owner.text
    await owner.get("/members?page=2")
    assert "p160@" in owner.text
    await owner.get("/members?q=P160")
    assert "p160@" in owner.text
    assert "p159@" not in owner.text
    for query in ("q=%25", "page=99", "q=%00&page=x", "page=-1"):
        assert (await owner.get(f"/members?{query}")).status_code == 200
