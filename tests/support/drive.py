"""Signing up and in, for tests: mails, links and codes of an authenticator app."""

import base64
import contextlib
import html
import json
import re
import time
from typing import Any

import asyncpg
import pyotp
from quart import Quart

from app.panel.integrate.integrate import WAYS
from app.panel.sign_in import totp
from tests.support.browser import Browser
from tests.support.reason_demo import reasons

Pool = asyncpg.Pool


async def mails(pool: "Pool[asyncpg.Record]") -> list[tuple[str, str, dict[str, Any]]]:
    """Take the mails from the outbox: recipient, template and context of each."""
    rows = await pool.fetch("delete from mail returning recipient, template, context::text, id")
    return [(row[0], row[1], json.loads(row[2])) for row in sorted(rows, key=lambda row: row["id"])]


async def the_mail(pool: "Pool[asyncpg.Record]", template: str) -> dict[str, Any]:
    """The context of the only mail, which must have that template."""
    ((_, name, context),) = await mails(pool)
    assert name == template
    return context


async def the_link(pool: "Pool[asyncpg.Record]", template: str) -> str:
    """The path of the link in the only mail, which must have that template."""
    url = str((await the_mail(pool, template))["url"])
    assert re.fullmatch(r"http://localhost:8000/links/[\w-]{43}", url)
    return url.removeprefix("http://localhost:8000")


async def ask(browser: Browser, path: str, email: str) -> str:
    """Request a mail; returns the text of the response."""
    await browser.get("/reset")
    response = await browser.post(path, {"email": email})
    assert response.status_code == 200
    return browser.text


async def use(browser: Browser, link: str, **form: str) -> Any:
    """Open a link and press its button."""
    assert (await browser.get(link)).status_code == 200
    return await browser.post(link, form)


async def sign_up(browser: Browser, pool: "Pool[asyncpg.Record]", email: str, **form: str) -> Any:
    """Sign up and use the emailed link."""
    await ask(browser, "/sign-up", email)
    return await use(browser, await the_link(pool, "verify"), **form)


def code(secret: bytes, later: int = 0) -> str:
    """The app's code `later` steps from now."""
    return pyotp.TOTP(totp.text(secret)).at(time.time(), counter_offset=later)


async def set_up_app(browser: Browser) -> tuple[bytes, list[str]]:
    """Set up an authenticator app; returns its secret and the recovery codes."""
    await browser.get("/me/totp")
    secret, salt = secret_and_salt(browser.text)
    response = await browser.post("/me/totp", {"salt": salt, "code": code(secret, -1)})
    assert response.status_code == 200
    return secret, re.findall(r"<code>([a-z2-7-]{19})</code>", browser.text)


def secret_and_salt(text: str) -> tuple[bytes, str]:
    """The secret and the salt on the setup page of an app."""
    key = re.search(r"<code>([A-Z2-7 ]{39})</code>", text)
    salt = re.search(r'name="salt" value="([^"]+)"', text)
    assert key
    assert salt
    return base64.b32decode(key[1].replace(" ", "")), salt[1]


async def every_page(app: Quart, pool: Pool) -> None:
    """Open every page of signing in that needs a form or nobody signed in."""
    await pool.execute("update session set confirmed_at = now()")
    await pool.execute("delete from mail")
    other = Browser(app)
    for page in ("/sign-up", "/sign-in", "/links/nothing"):
        await other.get(page)
    await ask(other, "/reset", "demo@feelback.example")
    await use(other, await the_link(pool, "reset"), password="a new good password")
    await pool.execute("delete from mail; delete from session")
    await other.sign_in("demo@feelback.example", "a new good password")
    await set_up_app(other)
    await other.get("/me/totp")
    await other.get("/me")
    await pool.execute("delete from session")
    await other.post("/projects", {"name": "A"})  # the form of a page whose session has ended
    await other.sign_in("demo@feelback.example", "a new good password")
    assert "Two-factor authentication" in html.unescape(other.text)
    await pool.execute("update installation set claimed_at = null")
    await Browser(app).get("/claim")
    await pool.execute("update installation set claimed_at = now()")


async def project_pages(owner: Browser, pool: Pool) -> None:
    """Open the pages of a project that need ids: an edited response, a placement, an empty project."""
    account_id, id, option_no = await pool.fetchrow(
        "select account_id, id, option_no from response where body is not null order by id desc limit 1"
    )
    await pool.execute("select fn.update_response($1, $2, $3, 'Another thought', null)", account_id, id, option_no)
    await owner.get(f"/projects/demo/responses/{id}")
    for placement_id in await pool.fetchrow("select min(id::text), max(id::text) from placement"):
        await owner.get(f"/projects/demo/placements/{placement_id}")
    await pool.execute("select fn.create_project($1, 'Beech', 'beech')", account_id)
    for page in ("", "/integrate"):
        await owner.get(f"/projects/beech{page}")
    for way in WAYS:
        for (widget_id,) in await pool.fetch("select id from widget where account_id = $1", account_id):
            await owner.get(f"/projects/demo/integrate?widget={widget_id}&way={way}")
    await pool.execute("select fn.create_widget($1, id, 'New', 'pulse') from project where slug = 'beech'", account_id)
    await pool.execute(
        """insert into refusal
        select account_id, id, date_trunc('hour', now()), 'origin', 'https://elsewhere.example', 7
        from project where slug in ('demo', 'beech')"""
    )
    for page in ("", "/integrate"):
        await owner.get(f"/projects/beech{page}")
    await page_parts(owner, pool)


async def page_parts(owner: Browser, pool: Pool) -> None:
    """Open a page with reasons, a passage and a release."""
    example = await reasons(pool)
    await pool.execute(
        """insert into passage (account_id, response_id, project_id, placement_id, exact, start_at, end_at)
        select f.account_id, f.id, $2, f.placement_id, 'Restart the server', 10, 28
        from response as f join placement as c on c.account_id = f.account_id and c.id = f.placement_id
        where c.page_id = $1 and f.body is not null order by f.id desc limit 1""",
        example.page_id, example.project_id,
    )  # fmt: skip
    sql = "select fn.create_release($1, $2, 'Rewritten', now() - interval '10 days')"
    await pool.execute(sql, example.account_id, example.project_id)
    await owner.get(f"/projects/demo/pages/{example.page_id}")


async def every_address(owner: Browser, pool: Pool) -> None:
    """Open every GET route of the permission cases."""
    from tests.support.permission_cases import ROUTES, filled

    account_id = await pool.fetchval("select account_id from fn.demo_project($1)", "demo@feelback.example")
    for route in ROUTES:
        if route.method == "GET":
            with contextlib.suppress(KeyError):  # the demo has no such row
                await owner.get(await filled(pool, route, account_id))
    await owner.get("/projects/demo/widgets/new?type=form")
