"""Send one mail of the outbox at a time, at any given time."""

from datetime import datetime

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
