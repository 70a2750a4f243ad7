"""Recaps of the outbox: drawn by processes of their own, many under way at once, each sent at most once.

Where a worker was killed while the mail server may have taken a recap, it is recorded as failed, and not sent again.
"""

from datetime import datetime
from email.message import EmailMessage

from app.mail.message import MailError
from app.queries import mail as queries
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
        """The message of a recap.

        Raises:
            MailError: final where nobody waits for it any more.
        """
        return await recap.message(self._pool, self._settings, mail, self._charts)

    async def before_handing_over(self, mail: Mail) -> None:
        """Mark the recap: from now on it may have been sent.

        Raises:
            MailError: another worker has it now, or it is over.
        """
        if not await queries.mark_mail_handed(self._pool, mail.id, mail.attempt, self.now):
            raise MailError("it was taken over or ended meanwhile")

    async def rest(self) -> None:
        """End the processes that draw, and leave the mail server."""
        self._charts.shut_down()
        await super().rest()

    async def close(self) -> None:
        """End the processes that draw."""
        self._charts.shut_down()
