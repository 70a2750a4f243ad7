"""What people do in an inbox."""

from urllib.parse import urlencode

import asyncpg
from quart import Quart

from tests.support.browser import Browser
from tests.support.drive_recaps import demo_owner

Pool = asyncpg.Pool
PAGE = "/projects/demo/inbox"


async def ids(pool: "Pool[asyncpg.Record]", limit: int = 3) -> list[str]:
    """The ids of the demo's newest messages."""
    rows = await pool.fetch(
        "select id from response where body is not null or fields is not null order by id desc limit $1", limit
    )
    return [str(row[0]) for row in rows]


async def act(browser: Browser, name: str, *chosen: str, **fields: str) -> str:
    """Chooses messages of the page seen last and presses a button; where that leads."""
    pairs = [("csrf", browser.token), ("act", name), *(("ids", id) for id in chosen), *fields.items()]
    headers = {"Origin": "http://localhost", "Content-Type": "application/x-www-form-urlencoded"}
    response = await browser.client.post(f"{PAGE}/acts", data=urlencode(pairs), headers=headers)
    assert response.status_code == 303
    return str(response.headers["Location"])


async def every_page(app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    """Sees every page of an inbox."""
    owner = await demo_owner(app, pool)
    await owner.get(PAGE)
    (id,) = await ids(pool, 1)
    await owner.get(f"{PAGE}/{id}")
    await owner.post(f"{PAGE}/acts", {"act": "star", "ids": id}, **{"HX-Request": "true"})
    assert "Undo" in owner.text
    for page in ("exports", "exports/list"):
        assert (await owner.get(f"/projects/demo/{page}")).status_code == 200
