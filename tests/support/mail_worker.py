"""Settings for a mail worker in its own process, and mails for it to send."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import asyncpg

from app import config
from app.config import Settings
from app.mail import smtp
from tests.support.settings import SECRET
from tests.support.smtp_server import Box

Pool = asyncpg.Pool

NOW = datetime(2026, 8, 3, 12, tzinfo=UTC)

SIGN_IN = '{"at": "3 Aug 2026, 12:00 UTC", "browser": "Firefox on Linux"}'

LINK = '{"url": "https://feelback.example/links/x", "until": "3 Aug 2026, 12:30 UTC"}'

MAILS = {
    "sign_in_notice": SIGN_IN,
    "verify": LINK,
    "magic_link": LINK,
    "reset": LINK,
    "email_change": LINK,
    "already_registered": "{}",
    "security_notice": '{"at": "3 Aug 2026, 12:00 UTC", "what": "Your password was changed."}',
    "confirmation_code": '{"code": "1234 5678"}',
    "invitation": LINK[:-1] + ', "account": "Acme", "by": "ann@example.com", "role": "editor"}',
    "account_notice": '{"account": "Acme", "at": "3 Aug 2026, 12:00 UTC", "what": "Ann left."}',
    "account_deletion": '{"account": "Acme", "by": "Ann", "until": "3 Aug 2026, 12:00 UTC"}',
    "person_deletion": '{"until": "3 Aug 2026, 12:00 UTC"}',
    "person_deleted": "{}",
    "backup_notice": '{"event": "late", "made_at": "3 Aug 2026, 02:17 UTC", "name": "feelback-20260803T021700Z.dump", '
    '"error": "pg_dump failed"}',
    "export_ready": '{"project": "Acorn", "kind": "responses", "rows": "1,204", "error": "", "until": "3 Aug 2026", '
    '"url": "https://feelback.example/projects/acorn/exports"}',
    "recap_invitation": '{"url": "https://feelback.example/recaps/confirm/x", "until": "10 Aug 2026, 12:00 UTC", '
    '"project": "Acorn", "by": "ann@example.com", "weekly": true, "monthly": false}',
    "usage_notice": '{"account": "Acorn", "plan": "Free", "share": 80, "responses": "1,634", "quota": "2,000", '
    '"renews": "1 September", "month": "August", "is_enforced": false, "is_second": true, "limit": "4,000"}',
    "usage_limit": '{"account": "Acorn", "plan": "Free", "share": 100, "responses": "3,634", "quota": "2,000", '
    '"renews": "1 September", "month": "August", "is_enforced": false, "is_second": false, "limit": "4,000"}',
    "payment_failed": '{"account": "Acorn", "plan": "Starter", "until": "17 Aug 2026, 12:00 UTC"}',
    "plan_ended": '{"account": "Acorn", "plan": "Starter", "until": "3 Aug 2026, 12:00 UTC"}',
    "trial_ending": '{"account": "Acorn", "plan": "Starter", "unit": "month", "amount": 900, "currency": "usd", '
    '"at": "3 Aug 2026, 12:00 UTC"}',
    "plan_renewal": '{"account": "Acorn", "plan": "Starter", "unit": "year", "amount": 9000, "currency": "usd", '
    '"at": "3 Aug 2026, 12:00 UTC"}',
    "payment_retry_failed": '{"account": "Acorn", "plan": "Starter", "until": "17 Aug 2026, 12:00 UTC"}',
    "event": '{"project": "Acorn", "url": "https://feelback.example/projects/acorn", "payload": {'
    '"type": "message.created", "timestamp": "2026-08-03T12:00:00.000Z", "data": {'
    '"page": {"key": "/a", "title": null}, "widget": {"name": "Helpful?"}, '
    '"response": {"option": "n", "label": "No", "message": "Which key?"}}}}',
    "destination_paused": '{"project": "Acorn", "destination": "Support desk", "slug": "acorn", '
    '"id": "01a2195e-8730-75b6-af25-1db97a47a03b", "failing_since": "3 Aug 2026, 12:00 UTC"}',
    "reply": '{"project": "Acorn", "body": "It is fixed.", "is_fix": true, "message": "The key is missing", '
    '"at": "3 Aug 2026, 12:00 UTC", "by": "ann@example.com", "references": ["<1@feelback.example>"], '
    '"opt_out": "reply 1 2 ab"}',
    "plan_cancelled": '{"account": "Acorn", "plan": "Starter", "at": "3 Aug 2026, 12:00 UTC"}',
}  # a context for each mail but recaps, which have their own tests


@asynccontextmanager
async def to(url: str, seconds: float = 5, per_second: int = 1000) -> AsyncIterator[smtp.Smtp]:
    transport = smtp.Smtp(url, per_second, timeouts=smtp.Timeouts(*[seconds] * 5))
    yield transport
    await transport.close()


def sending(database: str, box: Box) -> Settings:
    return config.load(environment(database, box))


def environment(database: str, box: Box) -> dict[str, str]:
    return {
        "DATABASE_URL": database,
        "SECRET_KEY": SECRET,
        "MAIL_URL": f"smtp://127.0.0.1:{box.port}",
        "MAIL_FROM": "Feelback <mail@feelback.example>",
        "MAIL_PER_SECOND": "1000",
    }


async def enqueue(
    pool: "Pool[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]",
    recipient: str = "ann@example.com",
    template: str = "sign_in_notice",
    context: str = SIGN_IN,
    consent: str | None = None,
    now: datetime = NOW,
) -> Any:
    sql = "select fn.enqueue_mail($1, $2, $3, $4, _now => $5)"
    return await pool.fetchval(sql, recipient, template, context, consent, now)


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())
