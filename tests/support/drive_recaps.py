"""Recaps and the outbox, for tests: recipients, links, pages."""

import re
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from quart import Quart

from app.config import Settings
from app.http.context import services
from app.mail import message
from app.site import demo_project
from tests.support.browser import Browser

Pool = asyncpg.Pool
PAGE = "/projects/demo/recaps"
WEEK = "week 2026-11-16"
DELIVERY = """
with mails as (
    insert into mail (id, recipient, template, consent, created_at, next_at, outcome, done_at, copies)
    select gen_random_uuid(), o.email, 'recap', fn.recap_consent(p.account_id, p.id, o.id), now(), now(),
        'unknown', now(), 1
    from project as p
    join member as m on m.account_id = p.account_id and m.role = 'owner'
    join person as o on o.id = m.person_id
    where p.account_id = $1 and p.slug = 'demo'
    returning id, consent
)
insert into recap_delivery (account_id, project_id, to_id, unit, starts_on, mail_id, state, updated_at)
select $1, split_part(m.consent, ' ', 3)::uuid, split_part(m.consent, ' ', 4)::uuid, 'week', '2026-11-16', m.id,
    'unknown', now()
from mails as m
returning mail_id
"""


async def close(pool: "Pool[asyncpg.Record]", starts_on: date = date(2026, 11, 16)) -> None:
    """Close this week and the month before it for the demo."""
    for unit, day in (("week", starts_on), ("month", starts_on.replace(month=starts_on.month - 1, day=1))):
        await pool.execute(
            "insert into period_close (account_id, project_id, unit, starts_on)"
            " select account_id, id, $1, $2 from project where slug = 'demo'"
            " on conflict (account_id, project_id, unit) do update set starts_on = excluded.starts_on",
            unit, day,
        )  # fmt: skip


async def demo_owner(app: Quart, pool: "Pool[asyncpg.Record]") -> Browser:
    """A browser in which the demo's owner is signed in."""
    browser = Browser(app)
    await browser.enter(pool, await person_id(pool))
    return browser


async def person_id(pool: "Pool[asyncpg.Record]", email: str = demo_project.EMAIL) -> UUID:
    return await pool.fetchval("select id from person where email = $1", email)  # type: ignore[no-any-return]


async def link(pool: "Pool[asyncpg.Record]") -> str:
    """The path of the link in the newest invitation."""
    url = await pool.fetchval(
        "select context ->> 'url' from mail where template = 'recap_invitation' order by id desc limit 1"
    )
    assert re.fullmatch(r"http://localhost:8000/recaps/confirm/[\w-]{43}", url)
    return str(url).removeprefix("http://localhost:8000")


async def unsubscribe_path(settings: Settings, pool: "Pool[asyncpg.Record]", to_id: Any) -> str:
    """The path of somebody's link to unsubscribe from the demo's recaps."""
    consent = await pool.fetchval("select fn.recap_consent(account_id, id, $1) from project where slug = 'demo'", to_id)
    return f"/unsubscribe/{message.unsubscribe_token(settings, consent)}"


async def every_page(app: Quart, pool: "Pool[asyncpg.Record]") -> None:
    """Open every page of recaps and of the outbox."""
    settings = services(app).settings
    await close(pool)
    owner = await demo_owner(app, pool)
    await owner.get(PAGE)
    await pool.fetchval(DELIVERY, await pool.fetchval("select account_id from project where slug = 'demo'"))
    await owner.post(f"{PAGE}/recipients", {"email": "boss@example.com", "weekly": "on"})
    await owner.get(PAGE)
    await owner.get(f"{PAGE}/preview")
    other = Browser(app)
    path = await link(pool)
    await other.get(path)
    await other.post(path, {})
    await other.get("/recaps/confirm/nothing")
    path = await unsubscribe_path(settings, pool, await person_id(pool))
    await other.get(path)
    await other.post(path, {})
