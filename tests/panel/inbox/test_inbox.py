"""The inbox without JavaScript, and the responses to its script."""

import re
import uuid

import asyncpg

from tests.support.browser import Browser
from tests.support.drive_inbox import PAGE, act, ids

Pool = asyncpg.Pool


def message_ids(browser: Browser) -> list[str]:
    """The ids of the messages on the page, in order."""
    return re.findall(r'<li id="m-([0-9a-f-]{36})"', browser.text)


async def unread(browser: Browser) -> str:
    """The number of unread messages in the navigation."""
    match = re.search(r"data-unread[^>]*>([\d+]+)<", browser.text)
    assert match
    return match[1]


async def test_it_shows_the_newest_first_and_pages(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    every = await ids(pool, 500)
    assert len(every) > 60
    visited: list[str] = []
    url: str | None = PAGE
    while url:
        await owner.get(url)
        visited += message_ids(owner)
        older = re.search(r'rel="next" href="([^"]+)"', owner.text)
        url = older[1] if older else None
    assert visited == every
    assert await unread(owner) == str(len(every))


async def test_forms_apply_actions_and_undo_them(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    one, two, three = await ids(pool)
    await owner.get(PAGE)
    before = int(await unread(owner))
    await owner.get(await act(owner, "archive", one, two))
    assert "Archived: 2 messages" in owner.text
    assert message_ids(owner)[0] == three
    assert int(await unread(owner)) == before - 2
    undo = re.search(r'action="([^"]+/undo)"', owner.text)
    assert undo
    await owner.get(f"{PAGE}?view=archive")
    assert message_ids(owner) == [one, two]
    response = await owner.post(undo[1], {})
    await owner.get(response.headers["Location"])
    assert "Undone: 2 messages" in owner.text
    assert message_ids(owner)[:3] == [one, two, three]
    await owner.get(await act(owner, "star", one, view="unread"))
    assert 'aria-current="page">Unread</a>' in owner.text
    response = await owner.post(f"{PAGE}/actions", {"one": f"unstar {one}"})
    await owner.get(response.headers["Location"])
    assert "Unstarred: 1 message" in owner.text


async def test_it_filters_and_searches_by_its_address(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    (id,) = await ids(pool, 1)
    await pool.execute("update response set body = 'Zanzibar quagga' where id = $1", uuid.UUID(id))
    await owner.get(f"{PAGE}?q=zanzi+quag")
    assert message_ids(owner) == [id]
    await owner.get(f"{PAGE}?q=zanzi&view=archive")
    assert message_ids(owner) == []
    assert "No matches" in owner.text
    widget_id = await pool.fetchval("select id from widget where type = 'form'")
    await owner.get(f"{PAGE}?widget={widget_id}")
    rows = await pool.fetch("select id from response where widget_id = $1 order by id desc limit 30", widget_id)
    assert message_ids(owner) == [str(row[0]) for row in rows]
    for nonsense in ("view=x", "widget=1", "before=zz", "q=%00", "before=" + "f" * 40, "q=" + "x" * 9000):
        assert (await owner.get(f"{PAGE}?{nonsense}")).status_code == 200, nonsense


async def test_it_shows_a_message_with_its_context(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    (id,) = await ids(pool, 1)
    await pool.execute(
        """update response set body = E'first line\\nand a <b> second',
            context = '{"$user": "a@b.example", "title": "T"}'
        where id = $1""",
        uuid.UUID(id),
    )
    await owner.get(f"{PAGE}/{id}")
    assert "and a <b> second" in owner.text
    assert 'href="mailto:a@b.example"' in owner.text
    assert (await owner.get(f"{PAGE}/{uuid.uuid4()}")).status_code == 404


async def test_viewers_only_look(teammate: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await teammate.get(PAGE)
    assert message_ids(teammate)
    assert 'name="action"' not in teammate.text
    assert 'name="ids"' not in teammate.text
    response = await teammate.post(f"{PAGE}/actions", {"action": "delete", "ids": message_ids(teammate)[0]})
    assert response.status_code == 403


async def test_arrivals_are_messages_after_a_row(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    one, two, three = await ids(pool)
    await pool.execute(
        "delete from response where id < $1 and (body is not null or fields is not null)", uuid.UUID(three)
    )
    await owner.get(f"{PAGE}/arrivals?after={two}")
    assert message_ids(owner)[:1] == [one]
    await owner.get(f"{PAGE}/arrivals")
    assert message_ids(owner) == [one, two, three]


async def test_the_script_gets_the_rows_that_stay(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    one, two, _ = await ids(pool)
    await owner.get(PAGE)
    script = {"HX-Request": "true"}
    await owner.post(f"{PAGE}/actions", {"action": "star", "ids": one}, **script)
    assert message_ids(owner) == [one]
    for name in ("star", "unstar", "read"):  # no longer in the view, but it stays on the page until that is reloaded
        await owner.post(f"{PAGE}/actions", {"action": name, "ids": one, "view": "unread"}, **script)
        assert message_ids(owner) == [one]
    await owner.post(f"{PAGE}/actions", {"action": "delete", "ids": two}, **script)
    assert message_ids(owner) == []
    assert "Deleted: 1 message" in owner.text
    response = await owner.post(f"{PAGE}/actions", {"action": "burn", "ids": two}, **script)
    assert response.status_code == 422
