"""Destinations of a project's events, and what became of the deliveries to them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool
from app.text.times import in_utc

EVENTS = (
    "message.created", "message.updated", "message.resolved", "response.created", "page.turned", "refusals.spike",
    "recap.closed", "export.ready", "reconcile.difference", "job.overdue",
)  # fmt: skip
TYPES = ("webhook", "slack", "discord", "teams", "apprise", "email")
SENTIMENTS = ("happy", "neutral", "unhappy")
PACES = ("each", "quarter", "hourly", "daily")


@dataclass(frozen=True, slots=True)
class Destination:
    """A destination: a webhook or chat with a `url`, or a member's address, the `recipient`, None if they have left.

    The URL of Apprise is a secret, and None here. `is_ended`: it was disabled because it answered 410. Two secrets sign
    until `previous_until`. `paused_at`: when it had failed for a day. It is quiet from the hour `quiet_from` until
    `quiet_until`, in the project's zone.
    """

    id: UUID
    name: str
    type: str
    url: str | None
    recipient: str | None
    events: list[str]
    widget_ids: list[UUID]
    patterns: list[str]
    options: list[str]
    has_text: bool
    pace: str
    hour: int
    enabled: bool
    is_ended: bool
    failing_since: datetime | None
    waiting: int
    previous_until: datetime | None
    created_at: datetime
    sentiments: list[str]
    quiet_from: int | None
    quiet_until: int | None
    paused_at: datetime | None
    languages: list[str]


@dataclass(frozen=True, slots=True)
class DestinationSettings:
    """Settings of a destination; None leaves one as it is, and creates one with its default.

    `has_quiet_hours` is False to remove them.
    """

    name: str | None = None
    url: str | None = None
    recipient: str | None = None
    events: list[str] | None = None
    widget_ids: list[UUID] | None = None
    patterns: list[str] | None = None
    options: list[str] | None = None
    has_text: bool | None = None
    pace: str | None = None
    hour: int | None = None
    enabled: bool | None = None
    sentiments: list[str] | None = None
    quiet_from: int | None = None
    quiet_until: int | None = None
    has_quiet_hours: bool | None = None
    languages: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery of `events` events; its `state` is waiting, delivered, failed or dropped.

    The last attempt had a `problem` (app/webhooks/problems.py) or none, and the beginning of an answer.
    """

    id: UUID
    types: list[str]
    events: int
    is_digest: bool
    state: str
    attempts: int
    created_at: datetime
    attempted_at: datetime | None
    next_at: datetime | None
    done_at: datetime | None
    problem: str | None
    status: int | None
    answer: str | None
    duration_ms: int | None


async def destinations(tenant: TenantPool, project_id: UUID) -> list[Destination]:
    """The destinations, oldest first.

    Raises:
        FeelbackError: 403, 404.
    """
    return await db.many(tenant, Destination, "select * from fn.destinations($1, $2)", tenant.account_id, project_id)


async def destination(tenant: TenantPool, project_id: UUID, id: UUID) -> Destination:
    """One destination.

    Raises:
        FeelbackError: 403, 404.
    """
    sql = "select * from fn.destinations($1, $2, $3)"
    row = await db.one(tenant, Destination, sql, tenant.account_id, project_id, id)
    assert row is not None  # the function raises 404
    return row


async def create_destination(
    tenant: TenantPool, project_id: UUID, id: UUID, type: str, secret: bytes | None, settings: DestinationSettings
) -> None:
    """Create a destination; a webhook needs its encrypted `secret`, and Apprise its URL as such.

    Raises:
        FeelbackError: 403, 404, 422 for a setting that is not valid, or a twenty-first destination.
    """
    # A URL of Apprise is a secret: Postgres gets it encrypted only, and may log what it gets.
    url = None if type == "apprise" else settings.url
    sql = """select fn.create_destination(
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, coalesce($14, 'each'), coalesce($15, 9),
        _sentiments => $16, _quiet_from => $17, _quiet_until => $18, _languages => $19
    )"""
    await db.value(
        tenant, sql, tenant.account_id, project_id, id, settings.name, type, url, settings.recipient, secret,
        settings.events, settings.widget_ids, settings.patterns, settings.options, settings.has_text, settings.pace,
        settings.hour, settings.sentiments, settings.quiet_from, settings.quiet_until,
        settings.languages,
    )  # fmt: skip


async def update_destination(
    tenant: TenantPool, project_id: UUID, id: UUID, settings: DestinationSettings, secret: bytes | None = None
) -> None:
    """Change the settings that are not None; `secret` is another URL of Apprise, encrypted.

    Raises:
        FeelbackError: 403, 404, 422 for a setting that is not valid.
    """
    url = None if secret is not None else settings.url
    sql = """select fn.update_destination(
        $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, _sentiments => $15, _quiet_from => $16,
        _quiet_until => $17, _has_quiet_hours => $18, _languages => $19, _secret => $20
    )"""
    await db.value(
        tenant, sql, tenant.account_id, project_id, id, settings.name, url, settings.recipient,
        settings.events, settings.widget_ids, settings.patterns, settings.options, settings.has_text, settings.pace,
        settings.hour, settings.enabled, settings.sentiments, settings.quiet_from, settings.quiet_until,
        settings.has_quiet_hours, settings.languages, secret,
    )  # fmt: skip


async def update_destination_secret(tenant: TenantPool, project_id: UUID, id: UUID, secret: bytes) -> None:
    """Replace the secret, encrypted; the one before signs for 24 hours as well.

    Raises:
        FeelbackError: 403, 404, 422 unless it is a webhook.
    """
    sql = "select fn.update_destination_secret($1, $2, $3, $4)"
    await db.value(tenant, sql, tenant.account_id, project_id, id, secret)


async def delete_destination(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Delete a destination with its deliveries.

    Raises:
        FeelbackError: 403, 404.
    """
    await db.value(tenant, "select fn.delete_destination($1, $2, $3)", tenant.account_id, project_id, id)


async def send_test_event(tenant: TenantPool, project_id: UUID, id: UUID) -> UUID:
    """Send a test event at once; returns its delivery.

    Raises:
        FeelbackError: 403, 404, 409 if the destination is disabled, 429 beyond 10 a minute.
    """
    sql = "select fn.send_test_event($1, $2, $3)"
    return UUID(str(await db.value(tenant, sql, tenant.account_id, project_id, id)))


async def destination_deliveries(
    tenant: TenantPool, project_id: UUID, destination_id: UUID, *, before_id: UUID | None = None, limit: int = 50
) -> list[Delivery]:
    """The deliveries to a destination, the newest first, before `before_id`.

    Raises:
        FeelbackError: 403, 404.
    """
    sql = "select * from fn.deliveries($1, $2, $3, $4, $5)"
    return await db.many(tenant, Delivery, sql, tenant.account_id, project_id, destination_id, before_id, limit)


async def delivery(tenant: TenantPool, project_id: UUID, destination_id: UUID, id: UUID) -> Delivery:
    """One delivery.

    Raises:
        FeelbackError: 403, 404.
    """
    sql = "select * from fn.deliveries($1, $2, $3, null, 1, $4)"
    row = await db.one(tenant, Delivery, sql, tenant.account_id, project_id, destination_id, id)
    assert row is not None  # the function raises 404
    return row


async def delivery_request(tenant: TenantPool, project_id: UUID, id: UUID) -> str | None:
    """The payload of a delivery as JSON, as it is sent now; None if everything that it is about was deleted.

    Raises:
        FeelbackError: 403, 404.
    """
    sql = "select fn.delivery_request($1, $2, $3)"
    text: str | None = await db.value(tenant, sql, tenant.account_id, project_id, id)
    return text


async def resend_delivery(tenant: TenantPool, project_id: UUID, destination_id: UUID, id: UUID) -> None:
    """Send a delivery again, with the same id.

    Raises:
        FeelbackError: 403, 404, 409 if the destination is disabled.
    """
    sql = "select fn.resend_delivery($1, $2, $3, $4)"
    await db.value(tenant, sql, tenant.account_id, project_id, destination_id, id)


async def replay_events(tenant: TenantPool, project_id: UUID, destination_id: UUID, since: datetime) -> int:
    """Send events again since a time, with the same ids, at most 1,000; returns the number of deliveries.

    Raises:
        FeelbackError: 403, 404, 409 if the destination is disabled, 422 for a time not of the last 30 days.
    """
    sql = "select fn.replay_events($1, $2, $3, $4)"
    return int(await db.value(tenant, sql, tenant.account_id, project_id, destination_id, in_utc(since)))
