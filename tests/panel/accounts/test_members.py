"""Managing members: roles and removal."""

import re

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
    assert "Changed the role of ann@example.com from viewer to admin" in re.sub(r"<[^>]+>", "", ann.text)


async def test_the_owner_cannot_be_touched(owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    ann = await join(app, owner, pool, "ann@example.com", "admin")
    id = await pool.fetchval("select person_id from member where role = 'owner'")
    await ann.get(f"/members/{id}")
    assert "Remove" not in ann.text
    for action, form in (("role", {"role": "viewer"}), ("delete", {})):
        assert (await ann.post(f"/members/{id}/{action}", form)).status_code == 403
    assert (await ann.post(f"/members/{id}/role", {"role": "owner"})).status_code == 422


async def test_a_removed_member_is_notified_and_loses_access(
    owner: Browser, app: Quart, pool: "Pool[asyncpg.Record]"
) -> None:
    ann = await join(app, owner, pool, "ann@example.com", "admin")
    id = await person_id(pool, "ann@example.com")
    await owner.post(f"/members/{id}/delete", {})
    ((recipient, template, context),) = await mails(pool)
    assert (recipient, template, context["account"]) == ("ann@example.com", "account_notice", "Demo")
    for path in ("/", "/projects", "/projects/demo", "/members", "/audit"):
        response = await ann.get(path)
        assert (response.status_code, response.headers["Location"]) == (303, "/accounts/new")
    assert (await ann.post("/members/invitations", {"email": "eve@example.com"})).status_code == 303
    assert await mails(pool) == []


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
