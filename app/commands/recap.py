"""`feelback recap preview`."""

import re
from datetime import date
from pathlib import Path

import click

from app.commands.creation import find_project
from app.commands.database import in_database
from app.config import Settings
from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.mail import message as mail
from app.mail.view import view
from app.queries import recap_settings
from app.recaps import recap as recaps


@click.group()
def recap() -> None:
    """Recaps: weekly and monthly emails about a project."""


@recap.command("preview")
@click.option("--project", "slug", required=True, help="The project's slug.")
@click.option(
    "--period",
    default="week",
    show_default=True,
    help="week or month, for the last complete one; or a certain one, such as 2026-W47 or 2026-10.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    help="A file to write it to: .html for the HTML part, .eml for the whole message, else the text part.",
)
@click.pass_obj
def recap_preview(settings: Settings, slug: str, period: str, out: Path | None) -> None:
    """Print a recap without sending it."""

    async def write(pool: db.Pool) -> bytes:
        project = await find_project(pool, slug)
        tenant = TenantPool(pool, project.account_id)
        choice = recaps.Period(slug, *(_certain(period) or await _last(tenant, slug, period)))
        message = await recaps.preview(tenant, settings, choice, "you@example.com")
        return message.as_bytes(policy=mail.POLICY.clone(utf8=True))

    body = in_database(settings, write)
    parts = view(body)
    text = f"Subject: {parts.subject}\n\n{parts.text}"
    if out is None:
        click.echo(text, nl=False)
        return
    out.write_bytes(body if out.suffix == ".eml" else (parts.html if out.suffix == ".html" else text).encode())
    click.echo(f"{parts.subject}\n{len(body):,} bytes as an email; written to {out}", err=True)


async def _last(tenant: TenantPool, slug: str, period: str) -> tuple[str, date]:
    settings = await recap_settings.recap_settings(tenant, slug)
    last = {"week": settings.week, "month": settings.month}.get(period)
    if period not in ("week", "month"):
        raise FeelbackError(422, f"{period} is not a period.", hint="Use week, month, 2026-W47 or 2026-10.")
    if last is None:
        raise FeelbackError(422, f"This project has no complete {period} yet.")
    return period, last


def _certain(period: str) -> tuple[str, date] | None:
    try:
        if week := re.fullmatch(r"([0-9]{4})-W([0-9]{2})", period):
            return "week", date.fromisocalendar(int(week[1]), int(week[2]), 1)
        if month := re.fullmatch(r"([0-9]{4})-([0-9]{2})", period):
            return "month", date(int(month[1]), int(month[2]), 1)
    except ValueError as error:
        raise FeelbackError(422, f"There is no {period}.", hint="Use week, month, 2026-W47 or 2026-10.") from error
    return None
