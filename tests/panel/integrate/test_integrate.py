"""Integrate: snippets, and the setup checker with responses and refusals."""

import asyncio
import html
import re
from urllib.parse import urlencode

import asyncpg
import pytest

from app.panel.integrate.integrate import WAYS
from app.site import demo_project
from tests.support import citus
from tests.support.browser import Browser

Pool = asyncpg.Pool
AT = "/projects/demo/integrate"


def snippet(page: str, name: str) -> str:
    """The text of a snippet on a page, as people copy it."""
    match = re.search(rf'<code id="snippet-{name}">(.*?)</code>', page, re.DOTALL)
    assert match, name
    return html.unescape(match[1])


@pytest.mark.parametrize("way", WAYS)
async def test_it_has_snippets_for_each_widget_and_way(owner: Browser, loaded: demo_project.Demo, way: str) -> None:
    for type, id in loaded.widgets.items():
        response = await owner.get(f"{AT}?widget={id}&way={way}")
        assert response.status_code == 200
        codes = re.findall(r'<code id="snippet-[^"]+">(.*?)</code>', owner.raw, re.DOTALL)
        text = html.unescape("\n".join(codes))
        assert id in text, (way, type)
        assert "http://localhost:8000/" in text
        assert "{{" not in text


async def test_react_has_the_type_of_the_element(owner: Browser, loaded: demo_project.Demo) -> None:
    await owner.get(f"{AT}?widget={loaded.widgets['tagged']}&way=react")
    types = snippet(owner.raw, "react-types")
    assert types.startswith('import type { HTMLAttributes } from "react";')
    assert '"feelback-tagged-message": HTMLAttributes<HTMLElement>' in types


async def test_it_escapes_what_people_write(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    name = """A "quoted" <b>name</b> & {more}"""
    await pool.execute("update widget set name = $1 where id = $2", name, loaded.widgets["yesno"])
    await pool.execute("update option set label = 'a;b' where widget_id = $1 and value = 'y'", loaded.widgets["yesno"])
    await owner.get(f"{AT}?widget={loaded.widgets['yesno']}")
    text = snippet(owner.raw, "html")
    assert f'label="{html.escape(name).replace("&quot;", "&#34;")}"' in text
    assert 'preset="widget"' in text  # the attribute cannot hold such options
    assert "options=" not in text
    assert "feelback.js" in text


async def test_it_shows_the_newest_widget_and_none_of_other_accounts(
    owner: Browser, stranger: Browser, loaded: demo_project.Demo
) -> None:
    await owner.get(AT)
    assert f'value="{loaded.widgets["form"]}" selected' in owner.raw
    assert (await owner.get(f"{AT}?widget=00000000-0000-0000-0000-000000000000")).status_code == 404
    assert (await owner.get(f"{AT}?widget=nonsense&way=nonsense")).status_code == 200
    assert (await stranger.get(f"{AT}?widget={loaded.widgets['yesno']}")).status_code == 404
    assert (await owner.get(f"{AT}/setup?widget=nonsense")).status_code == 404
    assert (await stranger.get(f"{AT}/setup?widget={loaded.widgets['yesno']}")).status_code == 404


async def new_widget(pool: "Pool[asyncpg.Record]") -> str:
    """The id of a new widget without responses."""
    project = await pool.fetchrow("select account_id, id from project where slug = 'demo'")
    return str(await pool.fetchval("select fn.create_widget($1, $2, 'New one', 'pulse')", *project))


def poll(page: str) -> str:
    """URL that an open page polls and the seconds between; empty if it does not poll."""
    match = re.search(r'hx-get="([^"]+/setup[^"]+)" hx-trigger="every (\d+)s"', page)
    return f"{html.unescape(match[1])} {match[2]}" if match else ""


async def test_it_polls_until_a_response_arrives(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    id = await new_widget(pool)
    await owner.get(f"{AT}?widget={id}")
    assert "Waiting for the first response" in owner.text
    address, pace = poll(owner.raw).split()
    assert pace == "2"
    assert (await owner.get(address)).status_code == 204
    await pool.execute("update project set origins = '{https://new.example}' where slug = 'demo'")
    assert (await owner.get(address)).status_code == 200  # tests/browser/test_journey.py sends a response
    assert poll(owner.raw).split()[0] != address
    await owner.get(f"{AT}?widget={loaded.widgets['yesno']}")
    assert "It’s working" in owner.text
    assert poll(owner.raw) == ""


async def test_it_polls_less_often_over_time(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    id = await new_widget(pool)
    await owner.get(f"{AT}?widget={id}")
    address = poll(owner.raw).split()[0]
    since = int(re.search(r"since=(\d+)", address)[1])  # type: ignore[index]
    assert (await owner.get(address.replace(str(since), str(since - 11)))).status_code == 200
    assert poll(owner.raw).endswith(" 15")
    assert (await owner.get(address.replace(str(since), "1"))).status_code == 200
    assert poll(owner.raw) == ""
    assert "Refresh" in owner.text


async def test_it_lists_refusals_and_allows_a_site(
    owner: Browser, teammate: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    rows = (("origin", "https://mine.example", 7), ("origin", "", 2), ("limit", "https://a.example", 1))
    for reason, origin, count in rows:
        await pool.execute(
            """insert into refusal select account_id, id, date_trunc('hour', now()), $1, $2, $3
            from project where slug = 'demo'""",
            reason, origin, count,
        )  # fmt: skip
    await pool.execute("update project set origins = '{https://known.example}' where slug = 'demo'")
    page = f"{AT}?{urlencode({'widget': loaded.widgets['yesno']})}"
    await teammate.get(page)
    assert "ask an admin" in teammate.text
    assert "Allow this site" not in teammate.text
    await owner.get(page)
    for words in ("https://mine.example", "not as a file", "Is a script in a loop"):
        assert words in owner.text
    response = await owner.post(f"{AT}/origins", owner.form(f"{AT}/origins"))
    assert response.status_code == 303
    assert response.headers["Location"] == f"{page}#setup"
    origins = await pool.fetchval("select origins from project where slug = 'demo'")
    assert origins.count("https://mine.example") == 1
    await owner.get(page)
    assert "Now allowed" in owner.text
    response = await owner.post(f"{AT}/origins", {"origin": "no origin"})
    assert response.status_code == 422


async def test_of_two_sites_that_are_allowed_at_once_none_is_lost(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(AT)
    async with pool.acquire() as connection:
        async with connection.transaction():
            await connection.execute("update project set origins = '{https://a.example}' where slug = 'demo'")
            adding = asyncio.create_task(owner.post(f"{AT}/origins", {"origin": "https://b.example"}))
            for _ in range(500):
                if await pool.fetchval(citus.HAS_WAITING):
                    break
                await asyncio.sleep(0.02)
            else:
                pytest.fail("The second request did not wait for the first.")
        assert (await adding).status_code == 303
    origins = await pool.fetchval("select origins from project where slug = 'demo'")
    assert origins == ["https://a.example", "https://b.example"]


async def test_it_shows_test_mode_and_archived_widgets(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await pool.execute("update project set test_mode = true where slug = 'demo'")
    await owner.get(f"{AT}?widget={loaded.widgets['yesno']}")
    assert "Test mode: responses are marked as tests and not counted." in owner.text
    await pool.execute("update widget set archived_at = now() where id = $1", loaded.widgets["yesno"])
    await owner.get(f"{AT}?widget={loaded.widgets['yesno']}")
    assert "This widget is archived" in owner.text
    assert poll(owner.raw) == ""
