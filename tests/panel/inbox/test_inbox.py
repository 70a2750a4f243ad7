"""The inbox without JavaScript, and the responses to its script."""

import json
import re
import uuid

import asyncpg

from tests.support.browser import Browser
from tests.support.drive_inbox import PAGE, act, ids, message_ids

Pool = asyncpg.Pool


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
    assert not re.search(r'id="actions"[^>]* hidden', owner.raw)
    await owner.get(f"{PAGE}?q=zanzi&view=archive")
    assert message_ids(owner) == []
    assert "No matches" in owner.text
    assert re.search(r'id="actions"[^>]* hidden', owner.raw)  # there is nothing to act on
    widget_id = await pool.fetchval("select id from widget where type = 'form'")
    await owner.get(f"{PAGE}?widget={widget_id}")
    rows = await pool.fetch("select id from response where widget_id = $1 order by id desc limit 30", widget_id)
    assert message_ids(owner) == [str(row[0]) for row in rows]
    for nonsense in ("widget=1", "period=x", "page=1"):
        assert (await owner.get(f"{PAGE}?{nonsense}")).status_code == 422, nonsense
    for nonsense in ("view=x", "before=zz", "q=%00", "before=" + "f" * 40, "q=" + "x" * 9000):
        assert (await owner.get(f"{PAGE}?{nonsense}")).status_code == 200, nonsense


async def test_it_shows_a_message_with_its_context(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    (id,) = await ids(pool, 1)
    await pool.execute(
        """update response set body = E'first line\\nand a <b> second',
            context = '{"$user": "a@b.example", "title": "T", "$language": "nds"}'
        where id = $1""",
        uuid.UUID(id),
    )
    await owner.get(f"{PAGE}/{id}")
    assert "and a <b> second" in owner.text
    assert "<dt>Language</dt>" in owner.raw
    assert "nds" in owner.text
    assert 'href="#replies"' in owner.raw
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
    for id in (uuid.UUID(int=0), uuid.UUID(int=2**128 - 1)):  # of which none is smaller or larger
        response = await owner.post(f"{PAGE}/actions", {"action": "star", "ids": str(id)}, **script)
        assert response.status_code == 200


async def test_it_follows_the_filter_of_every_screen(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    row = await pool.fetchrow(
        """select c.page_id, f.widget_id, f.option_no, o.value from response as f
        join placement as c on c.account_id = f.account_id and c.id = f.placement_id
        join option as o on o.account_id = f.account_id and o.widget_id = f.widget_id and o.no = f.option_no
        join widget as s on s.account_id = f.account_id and s.id = f.widget_id
        where s.type = 'tagged' order by f.id desc limit 1"""
    )
    of_page = """select f.id from response as f
        join placement as c on c.account_id = f.account_id and c.id = f.placement_id
        join widget as s on s.account_id = f.account_id and s.id = f.widget_id
        where (f.body is not null or f.fields is not null) and c.page_id = $1 {}
        order by f.id desc limit 30"""
    for query, where in (
        (f"page={row['page_id']}", ""),
        (f"page={row['page_id']}&period=7d", "and f.counted_on > (now() at time zone 'UTC')::date - 7"),
        (
            f"page={row['page_id']}&widget={row['widget_id']}&option={row['value']}",
            f"and f.widget_id = '{row['widget_id']}' and f.option_no = {row['option_no']}",
        ),
    ):
        await owner.get(f"{PAGE}?{query}")
        wanted = [str(each[0]) for each in await pool.fetch(of_page.format(where), row["page_id"])]
        assert wanted
        assert message_ids(owner) == wanted, query
    assert (await owner.get(f"{PAGE}?origin=https://nowhere.example")).status_code == 404
    await owner.get(f"{PAGE}?origin=https://acorn.example&view=all")
    assert len(message_ids(owner)) == 30


async def test_fields_are_shown_by_their_labels(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    widget_id, (field, *_) = (
        await pool.fetchval("select id from widget where type = 'form'"),
        json.loads(await pool.fetchval("select fields::text from widget where type = 'form'")),
    )
    await pool.execute(
        """update widget set fields = jsonb_set(fields, '{0,label}', '"How to reach you"') where id = $1""", widget_id
    )
    for path in (PAGE, "/projects/demo"):
        await owner.get(f"{path}?widget={widget_id}")
        assert "<dt>How to reach you</dt>" in owner.text, path
        assert f"<dt>{field['name']}</dt>" not in owner.text


async def test_an_action_on_all_that_match_is_one_and_can_be_undone(
    owner: Browser, pool: "Pool[asyncpg.Record]"
) -> None:
    every = await ids(pool, 5000)
    await owner.get(PAGE)
    assert "All that match, not only this page" in owner.text
    response = await owner.post(f"{PAGE}/actions", {"action": "archive", "every": "yes"})
    await owner.get(response.headers["Location"])
    assert f"Archived: {len(every):,} messages" in owner.text
    assert message_ids(owner) == []
    undo = re.search(r'action="([^"]+/undo)"', owner.text)
    assert undo
    await owner.post(undo[1], {})
    await owner.get(PAGE)
    assert message_ids(owner) == every[:30]


async def test_a_message_leads_to_its_page_and_its_widget(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    (id,) = await ids(pool, 1)
    row = await pool.fetchrow(
        "select c.page_id, f.widget_id from response as f"
        " join placement as c on c.account_id = f.account_id and c.id = f.placement_id where f.id = $1",
        uuid.UUID(id),
    )
    await owner.get(f"{PAGE}/{id}")
    assert f'href="/projects/demo/pages/{row["page_id"]}"' in owner.text
    assert f'href="/projects/demo/widgets/{row["widget_id"]}"' in owner.text


async def test_all_unread_messages_become_read_at_once(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    every = await ids(pool, 5000)
    await owner.get(PAGE)
    before = int(await unread(owner))
    assert before == len(every)
    await owner.get(await act(owner, "archive", every[0]))
    response = await owner.post(f"{PAGE}/actions", {"everything": "read", "ids": every[1]})
    await owner.get(response.headers["Location"])
    assert f"Marked as read: {before - 1:,} messages" in owner.text
    assert await unread(owner) == "0"
    undo = re.search(r'action="([^"]+/undo)"', owner.text)
    await owner.get(f"{PAGE}?view=archive")
    assert "Mark all as read" not in owner.text
    assert "unread-tag" in owner.text  # what is in another view is left as it was
    assert undo
    await owner.post(undo[1], {})
    await owner.get(PAGE)
    assert await unread(owner) == str(before - 1)


async def test_it_says_how_many_match(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    every = await ids(pool, 5000)
    widget_id = await pool.fetchval("select id from widget where type = 'form'")
    forms = await pool.fetchval("select count(*) from response where widget_id = $1", widget_id)
    await pool.execute("update response set body = 'Zanzibar quagga' where id = $1", uuid.UUID(every[40]))
    for query, count in (
        ("", len(every)), (f"?before={every[5]}", len(every)), (f"?widget={widget_id}", forms), ("?q=zanzibar", 1),
        ("?view=archive", 0),
    ):  # fmt: skip
        await owner.get(f"{PAGE}/count{query}")
        assert f"All {count:,} that match" in owner.text, query


async def test_a_message_beside_the_list_is_a_fragment(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    (id,) = await ids(pool, 1)
    await owner.get(f"{PAGE}/{id}?view=unread", **{"HX-Request": "true"})
    assert "<html" not in owner.text
    assert 'id="reader"' in owner.text
    assert f'href="{PAGE}/{id}?view=unread">Open on its own page' in owner.text
    assert 'id="inbox"' not in owner.text  # the list's form has that id


async def test_a_tag_filters_by_itself(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    widget_id = await pool.fetchval("select id from widget where type = 'tagged'")
    await owner.get(f"{PAGE}?widget={widget_id}")
    urls = set(re.findall(r'<a class="tag" href="([^"]+)"', owner.text))
    assert len(urls) > 1
    for url in urls:
        await owner.get(url)
        rows = await pool.fetch(  # an answer without words is a response, but no message
            """select f.id from response as f
            join option as o on o.account_id = f.account_id and o.widget_id = f.widget_id and o.no = f.option_no
            where f.widget_id = $1 and o.value = $2 and f.body is not null order by f.id desc limit 30""",
            widget_id,
            url.partition("option=")[2],
        )
        assert message_ids(owner) == [str(row[0]) for row in rows], url
    assert "Answer:" in owner.text  # the filter's chip, which takes it away
    await owner.get(f"{PAGE}?widget={widget_id}&option=nothing")
    assert "has no option “nothing”" in owner.text
