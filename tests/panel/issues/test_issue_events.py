"""What forges post: signed, repeated, late and in any order. Closing resolves messages, opening again undoes that."""

import hmac
import uuid

import asyncpg
import pytest
from quart import Quart

from app.config import Settings
from app.webhooks import tracker_secrets
from tests.support.browser import Browser
from tests.support.drive_inbox import PAGE, ids
from tests.support.drive_inbox import post as post_form
from tests.support.fake_forges import Forge
from tests.support.issues import AT, connect, open_issue, work
from tests.support.settings import SECRET

Pool = asyncpg.Pool


async def opened(
    owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> tuple[str, str, str]:
    """The id of a message with an open issue, the path to which its forge posts, and the secret."""
    (id,) = await ids(pool, 1)
    await connect(owner, forge)
    await owner.get(f"{PAGE}/{id}")
    await open_issue(owner, id)
    assert await work(pool, settings) == ["open"]
    return id, *await hook(pool)


async def hook(pool: "Pool[asyncpg.Record]") -> tuple[str, str]:
    """The path to which a forge posts, and the secret that signs."""
    row = await pool.fetchrow("select hook_id, hook_secret, project_id from tracker")
    assert row
    secret = tracker_secrets.opened([SECRET], row["project_id"], row["hook_secret"])
    assert secret
    return f"/issue-events/{row['hook_id']}", secret.decode()


async def send(app: Quart, path: str, post: tuple[bytes, dict[str, str]]) -> int:
    """The status with which a post is answered."""
    body, headers = post
    response = await app.test_client().post(path, data=body, headers=headers)
    return int(response.status_code)


async def status(pool: "Pool[asyncpg.Record]", id: str) -> str:
    """The status of a message."""
    text: str = await pool.fetchval("select status from triage where response_id = $1", uuid.UUID(id))
    return text


async def test_closing_resolves_and_opening_again_sets_in_progress(
    app: Quart, owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    id, path, secret = await opened(owner, pool, settings, forge)
    assert await status(pool, id) == "new"
    forge.close()
    post = forge.post(secret)
    for _ in range(3):  # delivered again
        assert await send(app, path, post) == 204
    assert await work(pool, settings) == ["closed"]
    assert await status(pool, id) == "resolved"
    assert await send(app, path, post) == 204
    assert await work(pool, settings) == ["closed"]
    sql = "select details::jsonb ->> 'status' as status, actor from audit where what = 'message.status_updated'"
    rows = await pool.fetch(f"{sql} order by id")
    assert [row["status"] for row in rows] == ["resolved"]
    await owner.get(f"{PAGE}/{id}")
    assert ">Closed<" in owner.raw
    forge.close(again=True)
    assert await send(app, path, forge.post(secret, action="reopened")) == 204
    assert await work(pool, settings) == ["open"]
    assert await status(pool, id) == "in_progress"
    # What was posted of the closing arrives last: the forge knows better.
    assert await send(app, path, post) == 204
    assert await work(pool, settings) == ["open"]
    assert await status(pool, id) == "in_progress"
    assert [row["status"] for row in await pool.fetch(f"{sql} order by id")] == ["resolved", "in progress"]
    await owner.get("/audit")
    assert "Changed the status of messages of" in owner.text


async def test_a_group_is_resolved_but_what_was_dismissed(
    app: Quart, owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    one, two, three = await ids(pool)
    await owner.get(PAGE)
    await post_form(owner, f"{PAGE}/actions", *(("ids", id) for id in (one, two, three)), ("action", "join"))
    await post_form(owner, f"{PAGE}/actions", ("ids", three), ("action", "dismiss"))
    await pool.execute(
        "select fn.create_destination(account_id, id, gen_random_uuid(), 'Hook', 'webhook', 'https://a.example/', null,"
        " 'x', '{message.resolved}') from project where slug = 'demo'"
    )
    _, path, secret = await opened(owner, pool, settings, forge)
    forge.close()
    assert await send(app, path, forge.post(secret)) == 204
    assert await work(pool, settings) == ["closed"]
    assert [await status(pool, id) for id in (one, two, three)] == ["resolved", "resolved", "dismissed"]
    assert await pool.fetchval("select count(*) from event where type = 'message.resolved'") == 2


async def test_posts_without_a_signature_change_nothing(
    app: Quart, owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    id, path, secret = await opened(owner, pool, settings, forge)
    forge.close()
    body, headers = forge.post(secret)
    assert await send(app, path, (body, {"Content-Type": "application/json"})) == 403
    assert await send(app, path, forge.post("another")) == 403
    if forge.type != "gitlab":  # it sends the secret itself, which signs no body
        assert await send(app, path, (body + b" ", headers)) == 403
    assert await send(app, f"/issue-events/{uuid.uuid4()}", (body, headers)) == 404
    assert await work(pool, settings) == []
    assert await status(pool, id) == "new"
    # A replaced secret ends the one before.
    await owner.get(AT)
    await owner.post(f"{AT}/secret", {})
    assert await send(app, path, (body, headers)) == 403
    _, new = await hook(pool)
    assert await send(app, path, forge.post(new)) == 204
    assert await work(pool, settings) == ["closed"]


async def test_a_post_while_the_issue_is_read_is_not_lost(
    app: Quart, owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    id, path, secret = await opened(owner, pool, settings, forge)
    post = forge.post(secret)
    assert await send(app, path, forge.post(secret, no=99)) == 204  # none of ours
    assert await work(pool, settings) == []
    assert await send(app, path, post) == 204
    item = await pool.fetchrow("select * from fn.claim_issue()")
    assert item
    forge.close()
    assert await send(app, path, post) == 204
    sql = "select fn.mark_issue($1, $2, $3, null, false, false, null, $4, 'https://a.example', false)"
    assert await pool.fetchval(sql, item["account_id"], item["id"], item["attempt"], item["number"]) == "open"
    assert await work(pool, settings) == ["closed"]
    assert await status(pool, id) == "resolved"
    # A worker that was slower than its claim has lost it.
    assert await pool.fetchval(sql, item["account_id"], item["id"], item["attempt"], item["number"]) == "lost"


async def test_an_issue_that_was_deleted_is_not_asked_for_ever(
    app: Quart, owner: Browser, pool: "Pool[asyncpg.Record]", settings: Settings, forge: Forge
) -> None:
    id, path, secret = await opened(owner, pool, settings, forge)
    forge.answers = [(404, {})]
    assert await send(app, path, forge.post(secret)) == 204
    assert await work(pool, settings) == ["failed"]
    assert await work(pool, settings) == []
    await owner.get(f"{PAGE}/{id}")
    assert "#1" in owner.text
    await pool.execute("delete from message_state where response_id = $1", uuid.UUID(id))
    assert await pool.fetchval("select count(*) from issue") == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'{"issue": 1}', b'{"issue": {"number": "x"}}'])
async def test_signed_nonsense_is_accepted(
    app: Quart, owner: Browser, pool: "Pool[asyncpg.Record]", forge: Forge, body: bytes
) -> None:
    await connect(owner, forge)
    path, secret = await hook(pool)
    digest = hmac.digest(secret.encode(), body, "sha256").hex()
    headers = {"X-Hub-Signature-256": f"sha256={digest}", "X-Gitlab-Token": secret, "X-Forgejo-Signature": digest}
    assert await send(app, path, (body, headers)) == 204
