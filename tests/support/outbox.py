"""One mail of the outbox at a time, through the handlers of its kinds, at any time."""

from datetime import datetime

import asyncpg

from app.config import Settings
from app.mail import smtp
from app.recaps.chart_processes import ChartProcesses
from app.worker.loop import Resources
from app.worker.mails import Mails
from app.worker.recaps import Recaps


class PlainRecaps(Recaps):
    """Recaps that are written as other mails are, from their own context."""

    write = Mails.write


async def send_one(
    pool: "asyncpg.Pool[asyncpg.Record]",
    settings: Settings,
    transport: smtp.Smtp | None,
    now: datetime | None = None,
    charts: ChartProcesses | None = None,
    recaps: type[Recaps] = Recaps,
) -> str | None:
    """The outcome of one mail that was due, which is a recap only where no other is; None where none was due."""
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
