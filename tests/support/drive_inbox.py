"""Actions in an inbox, for tests."""

import re
from urllib.parse import urlencode

import asyncpg
from quart import Quart

from app.http.context import services
from app.mail.message import unsubscribe_token
from app.webhooks import message_links
from tests.support.browser import Browser
from tests.support.drive_recaps import demo_owner
from tests.support.settings import SECRET

Pool = asyncpg.Pool
PAGE = "/projects/demo/inbox"


async def ids(pool: "Pool[asyncpg.Record]", limit: int = 3) -> list[str]:
    """Ids of the demo's newest messages."""
    rows = await pool.fetch(
        "select id from response where body is not null or fields is not null order by id desc limit $1", limit
    )
    return [str(row[0]) for row in rows]


def message_ids(browser: Browser) -> list[str]:
    """The ids of the messages on the page, in order."""
    return re.findall(r'<li id="m-([0-9a-f-]{36})"', browser.text)


async def act(browser: Browser, name: str, *message_ids: str, **fields: str) -> str:
    """Select messages of the current page and press a button; returns the URL of the redirect."""
    pairs = [("csrf", browser.token), ("action", name), *(("ids", id) for id in message_ids), *fields.items()]
    headers = {"Origin": "http://localhost", "Content-Type": "application/x-www-form-urlencoded"}
    response = await browser.client.post(f"{PAGE}/actions", data=urlencode(pairs), headers=headers)
    assert response.status_code == 303
    return str(response.headers["Location"])


async def post(browser: Browser, url: str, *pairs: tuple[str, str], status: int = 303) -> str:
    """Post a form whose fields may be repeated, and open the page to which it redirects."""
    headers = {"Origin": "http://localhost", "Content-Type": "application/x-www-form-urlencoded"}
    data = urlencode([("csrf", browser.token), *pairs])
    response = await browser.client.post(url, data=data, headers=headers)
    assert response.status_code == status, await response.get_data(as_text=True)
    if status == 303:
        await browser.get(response.headers["Location"])
    return str(response.headers.get("Location", ""))


async def new_tag(browser: Browser, pool: "Pool[asyncpg.Record]", name: str) -> str:
    """The id of a tag that a form creates."""
    await post(browser, f"{PAGE}/tags", ("name", name))
    assert "Tag created" in browser.text
    return str(await pool.fetchval("select id from tag where name = $1", name))


async def every_page(app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    """Open every page of an inbox."""
    owner = await demo_owner(app, pool)
    await owner.get(PAGE)
    (id,) = await ids(pool, 1)
    await owner.get(f"{PAGE}/{id}")
    await owner.post(f"{PAGE}/actions", {"action": "star", "ids": id}, **{"HX-Request": "true"})
    assert "Undo" in owner.text
    link = message_links.links("", [SECRET], {"data": {"project": {"slug": "demo"}, "response": {"id": id}}})[1]
    assert (await owner.get(link.url)).status_code == 200
    account_id, project_id = await pool.fetchrow("select account_id, id from project where slug = 'demo'")
    token = unsubscribe_token(services(app).settings, f"reply {account_id} {project_id} {bytes(32).hex()}")
    assert (await owner.get(f"/unsubscribe/replies/{token}")).status_code == 200
    assert (await owner.post(f"/unsubscribe/replies/{token}", {})).status_code == 200
    for page in ("exports", "exports/list"):
        assert (await owner.get(f"/projects/demo/{page}")).status_code == 200
