"""Issues of the demo's messages: connected, opened and worked on."""

from typing import Any

import asyncpg

from app.config import Settings
from app.webhooks import issue_text
from app.worker.issues import Issues
from app.worker.loop import Kind, Loop, Resources
from tests.support.browser import Browser
from tests.support.drive_inbox import PAGE, post
from tests.support.fake_forges import PATH, TOKEN, Forge

Pool = asyncpg.Pool
AT = "/projects/demo/issues"
FORM = {"path": PATH, "token": TOKEN, "labels": "bug, feedback", "title": issue_text.TITLE, "body": issue_text.BODY}


async def connect(owner: Browser, forge: Forge, **form: str) -> None:
    """Connect the demo's project to the forge."""
    await owner.get(AT)
    response = await owner.post(AT, {"type": forge.type, "url": forge.url, **FORM, **form})
    assert response.status_code == 303, owner.text
    await owner.get(AT)


async def open_issue(owner: Browser, id: str, status: int = 303) -> None:
    """Press the button of a message."""
    await post(owner, f"{PAGE}/{id}/issue", ("ids", id), ("back", id), status=status)


async def work(pool: "Pool[asyncpg.Record]", settings: Settings) -> list[str]:
    """Work until nothing is due; returns the outcomes."""
    outcomes: list[str] = []
    kind = Kind("issue", "issue", Issues, most=4, is_finished=True)
    loop: Loop[Any] = Loop(
        kind, Issues(Resources(settings, "", pool, None)), lambda _, outcome: outcomes.append(outcome)
    )
    await loop.drain()
    await loop.close()
    return outcomes


async def due(pool: "Pool[asyncpg.Record]") -> None:
    """As if the time of each next attempt had come."""
    await pool.execute("update issue set next_at = now() where next_at is not null")
    await pool.execute("update tracker set retry_at = null")
