"""The newest messages, as the stream of the overview or of a page brings them in."""

import uuid

import asyncpg

from tests.support.browser import Browser
from tests.support.drive_inbox import ids

Pool = asyncpg.Pool
PATH = "/projects/demo/newest"


async def test_it_has_the_newest_messages_but_no_spam(
    owner: Browser, stranger: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    first, second, *_ = await ids(pool)
    await owner.get(PATH)
    assert "<html" not in owner.text
    assert owner.text.index(first) < owner.text.index(second)
    await owner.get("/projects/demo/inbox")
    await owner.post("/projects/demo/inbox/actions", {"action": "spam", "ids": first})
    await owner.get(PATH)
    assert first not in owner.text
    assert second in owner.text
    assert (await stranger.get(PATH)).status_code == 404


async def test_it_is_of_the_page_and_the_widget_of_the_screen(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    (first,) = await ids(pool, 1)
    row = await pool.fetchrow(
        "select c.page_id, f.widget_id from response as f"
        " join placement as c on c.account_id = f.account_id and c.id = f.placement_id where f.id = $1",
        uuid.UUID(first),
    )
    other = await pool.fetchval("select id from widget where type = 'form' and id <> $1", row["widget_id"])
    await owner.get(f"{PATH}?page={row['page_id']}&widget={row['widget_id']}")
    assert first in owner.text
    await owner.get(f"{PATH}?page={row['page_id']}&widget={other}")
    assert first not in owner.text
