"""A recap as an email message: read from the database, formatted, with its charts drawn."""

import json
from dataclasses import dataclass, fields
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any
from uuid import UUID

from app.config import Settings
from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.mail import message as mail
from app.queries import recaps
from app.queries.mail import Mail
from app.queries.recaps import Recap
from app.recaps.chart_processes import ChartProcesses
from app.recaps.email_text import recap_email
from app.recaps.pictures import pictures_of
from app.text import numbers

TEMPLATE = "recap"
Ids = tuple[UUID, UUID, UUID]


@dataclass(frozen=True, slots=True)
class Period:
    """A week or month of the project `slug`; `unit` is `week` or `month`."""

    slug: str
    unit: str
    starts_on: date

    @property
    def name(self) -> str:
        """The period in a URL, such as week 2026-11-16."""
        return f"{self.unit} {self.starts_on}"

    @property
    def label(self) -> str:
        """The period for people, such as Week 47, 16–22 November 2026, or October 2026."""
        if self.unit == "month":
            return f"{self.starts_on:%B %Y}"
        days = numbers.days(self.starts_on, self.starts_on + timedelta(days=6))
        return f"Week {self.starts_on.isocalendar().week}, {days}"


async def message(pool: db.Pool, settings: Settings, queued: Mail, chart_processes: ChartProcesses) -> EmailMessage:
    """Write the message of a recap in the outbox.

    Raises:
        MailError: final if the recipient no longer gets this recap.
    """
    context = json.loads(queued.context)
    account_id, project_id, to_id = parse_consent(queued.consent or "")
    starts_on, is_asked = date.fromisoformat(context["starts_on"]), context.get("is_asked", False)
    recap = await recaps.mailed_recap(
        TenantPool(pool, account_id), project_id, to_id, context["unit"], starts_on, is_asked
    )
    if recap is None:
        raise mail.MailError("the recipient no longer gets this recap", is_final=True)
    return mail.message(queued, settings, *await _contents(recap, settings, chart_processes))


async def preview(tenant: TenantPool, settings: Settings, period: Period, to: str) -> EmailMessage:
    """Write the message of a recap as a member with the address `to` would get it. Starts a process for its charts.

    Raises:
        FeelbackError: 404 if the account has no such project, 422 if the period is not closed.
    """
    recap = await recaps.project_recap(tenant, period.slug, period.unit, period.starts_on)
    chart_processes = ChartProcesses(1)
    try:
        context, images = await _contents(recap, settings, chart_processes)
    finally:
        chart_processes.shut_down()
    queued = Mail(UUID(int=0), to, TEMPLATE, "", None, "<preview@feelback>", 1)
    return mail.message(queued, settings, context, images)


async def chart(tenant: TenantPool, period: Period, name: str) -> bytes:
    """Draw one chart of a recap as SVG. Starts a process for it.

    Raises:
        FeelbackError: 404 if the account has no such project or the recap no such chart, 422 if it is not closed.
    """
    recap = await recaps.project_recap(tenant, period.slug, period.unit, period.starts_on)
    charts = [picture.chart for picture in pictures_of(recap) if picture.name == name and recap.total]
    if not charts:
        raise FeelbackError(404, "This recap has no such chart.")
    chart_processes = ChartProcesses(1)
    try:
        (svg,) = await chart_processes.draw(charts, "svg")
    finally:
        chart_processes.shut_down()
    return svg


def parse_consent(text: str) -> Ids:
    """The ids of the account, project and recipient in a consent, as fn.recap_consent writes it.

    Raises:
        ValueError: it is not the consent of a recap.
    """
    kind, *ids = text.split(" ")
    if kind != "recap" or len(ids) != 3:
        raise ValueError("not the consent of a recap")
    account_id, project_id, to_id = map(UUID, ids)
    return account_id, project_id, to_id


async def _contents(
    recap: Recap, settings: Settings, chart_processes: ChartProcesses
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The variables of the recap's templates, and its charts as PNG by name."""
    email = recap_email(recap, settings.base_url)
    charts = [picture.chart for picture in email.pictures]
    images = await chart_processes.draw(charts) if charts else []
    context = {field.name: getattr(email, field.name) for field in fields(email)}
    return context, dict(zip((picture.name for picture in email.pictures), images, strict=True))
