"""Integrate: snippets that do what they say, and a setup checker that says what arrives and what does not."""

import html
import re
from urllib.parse import urlencode

import asyncpg
import pytest

from app.panel.integrate.integrate import WAYS
from app.site import demo_project
from tests.support.browser import Browser

Pool = asyncpg.Pool
AT = "/projects/demo/integrate"


def snippet(page: str, name: str) -> str:
    """The text of a snippet on a page, as people copy it."""
    found = re.search(rf'<code id="snippet-{name}">(.*?)</code>', page, re.DOTALL)
    assert found, name
    return html.unescape(found[1])


@pytest.mark.parametrize("way", WAYS)
async def test_it_has_snippets_for_each_set_and_way(owner: Browser, loaded: demo_project.Demo, way: str) -> None:
    for type, id in loaded.widgets.items():
        response = await owner.get(f"{AT}?set={id}&way={way}")
        assert response.status_code == 200
        codes = re.findall(r'<code id="snippet-[^"]+">(.*?)</code>', owner.raw, re.DOTALL)
        text = html.unescape("\n".join(codes))
        assert id in text, (way, type)
        assert "http://localhost:8000/" in text
        assert "{{" not in text


async def test_it_escapes_what_people_write(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    name = """A "quoted" <b>name</b> & {more}"""
    await pool.execute("update widget set name = $1 where id = $2", name, loaded.widgets["yesno"])
    await pool.execute("update option set label = 'a;b' where widget_id = $1 and value = 'y'", loaded.widgets["yesno"])
    await owner.get(f"{AT}?set={loaded.widgets['yesno']}")
    text = snippet(owner.raw, "html")
    assert f'label="{html.escape(name).replace("&quot;", "&#34;")}"' in text
    assert 'preset="set"' in text  # a page cannot say such options
    assert "options=" not in text
    assert "feelback.js" in text


async def test_it_shows_the_newest_set_and_knows_no_other_s(
    owner: Browser, stranger: Browser, loaded: demo_project.Demo
) -> None:
    await owner.get(AT)
    assert f'value="{loaded.widgets["form"]}" selected' in owner.raw
    assert (await owner.get(f"{AT}?widget=00000000-0000-0000-0000-000000000000")).status_code == 404
    assert (await owner.get(f"{AT}?widget=nonsense&way=nonsense")).status_code == 200
    assert (await stranger.get(f"{AT}?set={loaded.widgets['yesno']}")).status_code == 404
    assert (await owner.get(f"{AT}/setup?widget=nonsense")).status_code == 404
    assert (await stranger.get(f"{AT}/setup?set={loaded.widgets['yesno']}")).status_code == 404


async def made(pool: "Pool[asyncpg.Record]") -> str:
    """The id of a new widget without responses."""
    return str(
        await pool.fetchval(
            """select fn.create_widget(p.account_id, p.id, 'New one', 'pulse')
            from project as p where p.slug = 'demo'"""
        )
    )


def poll(page: str) -> str:
    """The address that an open page asks again and again; empty where it rests."""
    found = re.search(r'hx-get="([^"]+/setup[^"]+)" hx-trigger="every (\d+)s"', page)
    return f"{html.unescape(found[1])} {found[2]}" if found else ""


async def test_it_asks_until_a_response_arrives_and_then_rests(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    id = await made(pool)
    await owner.get(f"{AT}?set={id}")
    assert "Waiting for the first response" in owner.text
    address, pace = poll(owner.raw).split()
    assert pace == "2"
    assert (await owner.get(address)).status_code == 204
    await pool.execute("update project set origins = '{https://new.example}' where slug = 'demo'")
    assert (await owner.get(address)).status_code == 200  # tests/browser/test_journey.py sends a response
    assert poll(owner.raw).split()[0] != address
    await owner.get(f"{AT}?set={loaded.widgets['yesno']}")
    assert "Responses arrive" in owner.text
    assert poll(owner.raw) == ""


async def test_it_asks_less_often_as_time_goes_by(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    id = await made(pool)
    await owner.get(f"{AT}?set={id}")
    address = poll(owner.raw).split()[0]
    since = int(re.search(r"since=(\d+)", address)[1])  # type: ignore[index]
    assert (await owner.get(address.replace(str(since), str(since - 11)))).status_code == 200
    assert poll(owner.raw).endswith(" 15")
    assert (await owner.get(address.replace(str(since), "1"))).status_code == 200
    assert poll(owner.raw) == ""
    assert "Refresh" in owner.text


async def test_it_says_what_was_refused_and_lets_a_site_in_by_a_press(
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
    page = f"{AT}?{urlencode({'set': loaded.widgets['yesno']})}"
    await teammate.get(page)
    assert "ask an admin" in teammate.text
    assert "let it send" not in teammate.text
    await owner.get(page)
    for words in ("https://mine.example", "not as a file", "Does a script go on and on"):
        assert words in owner.text
    response = await owner.post(f"{AT}/origins", owner.form(f"{AT}/origins"))
    assert response.status_code == 303
    assert response.headers["Location"] == f"{page}#setup"
    origins = await pool.fetchval("select origins from project where slug = 'demo'")
    assert origins.count("https://mine.example") == 1
    await owner.get(page)
    assert "It is listed now" in owner.text
    response = await owner.post(f"{AT}/origins", {"origin": "no origin"})
    assert response.status_code == 422


async def test_it_tells_of_test_mode_and_archives(
    owner: Browser, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await pool.execute("update project set test_mode = true where slug = 'demo'")
    await owner.get(f"{AT}?set={loaded.widgets['yesno']}")
    assert "Test mode: responses are marked and not counted." in owner.text
    await pool.execute("update widget set archived_at = now() where id = $1", loaded.widgets["yesno"])
    await owner.get(f"{AT}?set={loaded.widgets['yesno']}")
    assert "This widget is archived" in owner.text
    assert poll(owner.raw) == ""
