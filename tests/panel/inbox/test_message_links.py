"""Links in chat messages: who may follow them, and that they ask first."""

from uuid import UUID

import asyncpg
import pytest

from app.site import demo_project
from app.webhooks import message_links
from tests.support import drive_inbox
from tests.support.browser import Browser
from tests.support.settings import SECRET

Pool = asyncpg.Pool
FOLDER = "select coalesce((select folder from message_state where response_id = $1), 'inbox')"
STATUS = "select coalesce((select status from triage where response_id = $1), 'new')"


async def link(pool: "Pool[asyncpg.Record]", name: str) -> tuple[UUID, str]:
    """A message of the demo project, and the path of the link that has this label."""
    id = UUID((await drive_inbox.ids(pool))[0])
    data = {"project": {"slug": "demo"}, "response": {"id": str(id)}}
    links = message_links.links("", [SECRET], {"data": data})
    return id, next(each.url for each in links if each.label == name)


@pytest.mark.parametrize(
    ("name", "state", "before", "after"),
    [
        ("Mark as spam", FOLDER, "inbox", "spam"),
        ("Archive", FOLDER, "inbox", "archive"),
        ("Resolve", STATUS, "new", "resolved"),
    ],
)
async def test_a_member_confirms_what_is_done(
    owner: Browser,
    pool: "Pool[asyncpg.Record]",
    loaded: demo_project.Demo,
    name: str,
    state: str,
    before: str,
    after: str,
) -> None:
    id, path = await link(pool, name)
    assert (await owner.get(path)).status_code == 200
    assert f"{name}" in owner.text
    assert await pool.fetchval(state, id) == before  # a chat service may open it by itself
    response = await owner.post(path, {})
    assert (response.status_code, response.headers["Location"]) == (303, f"/projects/demo/inbox/{id}")
    assert await pool.fetchval(state, id) == after


async def test_a_stranger_and_who_has_not_signed_in_do_nothing(
    browser: Browser, stranger: Browser, pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> None:
    id, path = await link(pool, "Mark as spam")
    assert (await browser.get(path)).headers["Location"].startswith("/sign-in?next=")
    await stranger.get("/me")
    assert (await stranger.get(path)).status_code == 404
    assert (await stranger.post(path, {})).status_code == 404
    assert await pool.fetchval(FOLDER, id) == "inbox"


async def test_a_link_that_was_not_signed_here_is_refused(owner: Browser, loaded: demo_project.Demo) -> None:
    assert (await owner.get("/message-links/x")).status_code == 404
    assert "This link has expired" in owner.text
