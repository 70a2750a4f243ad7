"""The recap of a mail in hand: looked up, put into words, drawn, and made a message."""

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
from app.recaps import letter as recap_letter
from app.recaps import pictures
from app.recaps.chart_processes import ChartProcesses
from app.text import numbers

TEMPLATE = "recap"
Ids = tuple[UUID, UUID, UUID]


@dataclass(frozen=True, slots=True)
class Period:
    """A week or month of the project of that slug."""

    slug: str
    unit: str
    starts_on: date

    @property
    def name(self) -> str:
        """What it is called in an address: week 2026-11-16."""
        return f"{self.unit} {self.starts_on}"

    @property
    def words(self) -> str:
        """What people call it: Week 47, 16–22 November 2026, or October 2026."""
        if self.unit == "month":
            return f"{self.starts_on:%B %Y}"
        days = numbers.days(self.starts_on, self.starts_on + timedelta(days=6))
        return f"Week {self.starts_on.isocalendar().week}, {days}"


async def message(pool: db.Pool, settings: Settings, taken: Mail, chart_processes: ChartProcesses) -> EmailMessage:
    """The message of a recap's mail.

    Raises:
        MailError: final where nobody waits for it any more.
    """
    asked = json.loads(taken.context)
    account_id, project_id, to_id = consent(taken.consent or "")
    starts_on, is_asked = date.fromisoformat(asked["starts_on"]), asked.get("is_asked", False)
    recap = await recaps.mailed_recap(
        TenantPool(pool, account_id), project_id, to_id, asked["unit"], starts_on, is_asked
    )
    if recap is None:
        raise mail.MailError("nobody waits for this recap any more", is_final=True)
    told, images = await drawn(recap, settings, chart_processes)
    return mail.message(taken, settings, told, images)


async def preview(tenant: TenantPool, settings: Settings, period: Period, to: str) -> EmailMessage:
    """The message of a recap as a member would get it at the address `to`, drawn by a process for this one.

    Raises:
        FeelbackError: 404 where the account has no such project, 422 where the period is not closed.
    """
    recap = await recaps.project_recap(tenant, period.slug, period.unit, period.starts_on)
    chart_processes = ChartProcesses(1)
    try:
        told, images = await drawn(recap, settings, chart_processes)
    finally:
        chart_processes.shut_down()
    return mail.message(Mail(UUID(int=0), to, TEMPLATE, "", None, "<preview@feelback>", 1), settings, told, images)


async def chart(tenant: TenantPool, period: Period, name: str) -> bytes:
    """One chart of a recap as SVG, drawn by a process for this one.

    Raises:
        FeelbackError: 404 where the account has no such project or the recap no such chart, 422 where it is not closed.
    """
    recap = await recaps.project_recap(tenant, period.slug, period.unit, period.starts_on)
    found = [each.chart for each in pictures.made(recap) if each.name == name and recap.total]
    if not found:
        raise FeelbackError(404, "This recap has no such chart.")
    chart_processes = ChartProcesses(1)
    try:
        (made,) = await chart_processes.draw(found, "svg")
    finally:
        chart_processes.shut_down()
    return made


async def drawn(
    recap: Recap, settings: Settings, chart_processes: ChartProcesses
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the templates of a recap are filled with, and its charts as PNG, by name."""
    letter = recap_letter.write(recap, settings.base_url)
    charts = [picture.chart for picture in letter.pictures]
    drawn = await chart_processes.draw(charts) if charts else []
    return told(letter), dict(zip((picture.name for picture in letter.pictures), drawn, strict=True))


def told(letter: recap_letter.Letter) -> dict[str, Any]:
    """What the templates of a recap are filled with."""
    return {field.name: getattr(letter, field.name) for field in fields(letter)}


def consent(text: str) -> Ids:
    """The account, the project and the recipient that a consent is of; see fn.recap_consent.

    Raises:
        ValueError: it is none of a recap.
    """
    kind, *ids = text.split(" ")
    if kind != "recap" or len(ids) != 3:
        raise ValueError("not the consent of a recap")
    account_id, project_id, to_id = map(UUID, ids)
    return account_id, project_id, to_id
