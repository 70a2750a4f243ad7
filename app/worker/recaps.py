"""Recaps of the outbox: several in progress at once, with charts drawn in other processes, each sent at most once."""

from datetime import datetime
from email.message import EmailMessage

from app.queries.mail import Mail
from app.recaps import recap
from app.recaps.chart_processes import ChartProcesses
from app.worker.loop import Resources
from app.worker.mails import Mails


class Recaps(Mails):
    """Sends recaps, with charts drawn by `charts`."""

    is_recap = True

    def __init__(self, resources: Resources, now: datetime | None = None, charts: ChartProcesses | None = None) -> None:
        super().__init__(resources, now)
        self._charts = charts or ChartProcesses()

    async def write(self, mail: Mail) -> EmailMessage:
        """Write the message of a recap.

        Raises:
            MailError: final if the recipient no longer gets this recap.
        """
        return await recap.message(self._pool, self._settings, mail, self._charts)

    async def rest(self) -> None:
        """End the chart processes, and disconnect from the mail server."""
        self._charts.shut_down()
        await super().rest()

    async def close(self) -> None:
        """End the chart processes."""
        self._charts.shut_down()
