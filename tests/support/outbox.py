"""Send one mail of the outbox at a time, at any given time; or store one as without a mail server."""

import json
from datetime import datetime
from uuid import UUID

import asyncpg

from app.config import Settings
from app.mail import smtp
from app.recaps.chart_processes import ChartProcesses
from app.worker.loop import Resources
from app.worker.mails import Mails
from app.worker.recaps import Recaps


class PlainRecaps(Recaps):
    """Recaps written like other mails, from the context in the outbox."""

    write = Mails.write


async def send_one(
    pool: "asyncpg.Pool[asyncpg.Record]",
    settings: Settings,
    transport: smtp.Smtp | None,
    now: datetime | None = None,
    charts: ChartProcesses | None = None,
    recaps: type[Recaps] = Recaps,
) -> str | None:
    """Send the next mail that is due, recaps last; returns its outcome, or None if none was due."""
    resources = Resources(settings, settings.database_url, pool, transport)
    processes = charts or ChartProcesses(1)
    try:
        for handler in (Mails(resources, now), recaps(resources, now, processes)):
            if (mail := await handler.claim()) is not None:
                return await handler.do(mail)
    finally:
        if charts is None:
            processes.shut_down()
    return None


async def stored_mail(pool: "asyncpg.Pool[asyncpg.Record]", link: str = "/links/secret") -> UUID:
    """A mail with a link that was stored for want of a mail server; its id."""
    context = json.dumps({"url": f"https://feelback.example{link}", "until": "3 Aug 2026"})
    id: UUID = await pool.fetchval(
        "select fn.enqueue_mail($1, 'magic_link', $2, _give_up_at => now() + interval '30 minutes')",
        "ann@example.com",
        context,
    )
    body = (
        f"From: a@b.example\r\nTo: ann@example.com\r\nSubject: Sign in\r\n\r\nOpen https://feelback.example{link}\r\n"
    )
    await pool.execute("select fn.mark_mail_stored($1, $2)", id, body.encode())
    return id
