"""Recap settings: choices of members, recipients, invitations and consents."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recap recipient outside the account; `state` is asked, confirmed or ended."""

    id: UUID
    email: str
    weekly: bool
    monthly: bool
    state: str


@dataclass(frozen=True, slots=True)
class DeliveryProblem:
    """A recap that failed, may have arrived or is being tried again; `email` is None for a former recipient."""

    mail_id: UUID
    email: str | None
    state: str
    error: str | None
    at: datetime
    may_resend: bool


_RECIPIENTS, _PROBLEMS = Decoder(list[Recipient]), Decoder(list[DeliveryProblem])


@dataclass(frozen=True, slots=True)
class RecapSettings:
    """A member's choice for a project; `week` and `month` are the first days of the last ones that are closed."""

    slug: str
    name: str
    time_zone: str
    weekly: bool
    monthly: bool
    may_invite: bool
    week: date | None
    month: date | None
    recipients_json: str

    @property
    def recipients(self) -> list[Recipient]:
        """The further recipients, by address; none for who may not invite any."""
        return _RECIPIENTS.decode(self.recipients_json)


@dataclass(frozen=True, slots=True)
class RecapDeliveries:
    """How many recipients a recap of a week or month has reached."""

    unit: str
    starts_on: date
    sent: int
    waiting: int
    failed: int
    unknown: int
    problems_json: str

    @property
    def problems(self) -> list[DeliveryProblem]:
        """Those that need attention, unknown ones first."""
        return _PROBLEMS.decode(self.problems_json)


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation to get recaps."""

    project: str
    email: str
    weekly: bool
    monthly: bool


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent of a person, member or not, to the recaps of a project."""

    slug: str
    name: str
    is_member: bool
    has_consent: bool


async def recap_settings(tenant: TenantPool, slug: str) -> RecapSettings:
    """Recap settings of a project for a member.

    Raises:
        FeelbackError: 404 where the account has no such project.
    """
    sql = "select * from fn.recap_settings($1, $2, $3)"
    return await db.row(tenant, RecapSettings, sql, tenant.account_id, tenant.person_id, slug)


async def update_recap_choice(tenant: TenantPool, slug: str, weekly: bool, monthly: bool) -> None:
    """Update a member's choice of recaps.

    Raises:
        FeelbackError: 404 where the account has no such project.
    """
    sql = "select fn.update_recap_choice($1, $2, $3, $4, $5)"
    await db.value(tenant, sql, tenant.account_id, tenant.person_id, slug, weekly, monthly)


async def invite_recap_recipient(
    tenant: TenantPool, slug: str, email: str, weekly: bool, monthly: bool,
    token_hash: bytes, url: str,
) -> None:  # fmt: skip
    """Invite somebody outside the account to get the recaps of a project.

    Raises:
        FeelbackError: 404 where there is no such project, 403 below admin, 422 for a bad address or too many
            recipients, 409 for a recipient, or one who was invited within a day or has unsubscribed.
    """
    sql = "select fn.invite_recap_recipient($1, $2, $3, $4, $5, $6, $7, $8)"
    await db.value(tenant, sql, tenant.account_id, tenant.person_id, slug, email, weekly, monthly, token_hash, url)


async def delete_recap_recipient(tenant: TenantPool, slug: str, id: UUID) -> None:
    """Delete a recipient outside the account.

    Raises:
        FeelbackError: 404 where there is no such recipient, 403 below admin.
    """
    await db.value(tenant, "select fn.delete_recap_recipient($1, $2, $3)", tenant.account_id, slug, id)


async def request_recap(tenant: TenantPool, slug: str, unit: str, starts_on: date) -> None:
    """Mail a recap to the member now.

    Raises:
        FeelbackError: 404 where the account has no such project, 422 where the period is not closed.
    """
    sql = "select fn.request_recap($1, $2, $3, $4, $5)"
    await db.value(tenant, sql, tenant.account_id, tenant.person_id, slug, unit, starts_on)


async def recap_deliveries(tenant: TenantPool, slug: str, limit: int) -> list[RecapDeliveries]:
    """Deliveries of a project's latest recaps, newest first.

    Raises:
        FeelbackError: 404 where the account has no such project, 403 below admin.
    """
    sql = "select * from fn.recap_deliveries($1, $2, $3)"
    return await db.many(tenant, RecapDeliveries, sql, tenant.account_id, slug, limit)


async def resend_recap(tenant: TenantPool, slug: str, mail_id: UUID) -> None:
    """Send a recap again that failed or may have arrived.

    Raises:
        FeelbackError: 404 where there is no such recap, 403 below admin, 409 where it was sent, is on its way, is too
            old, or its recipient no longer gets it.
    """
    await db.value(tenant, "select fn.resend_recap($1, $2, $3)", tenant.account_id, slug, mail_id)


async def recap_invitation(pool: db.Pool, token_hash: bytes) -> Invitation | None:
    """Invitation of a link; None if the link is invalid or expired."""
    return await db.one(pool, Invitation, "select * from fn.recap_invitation($1)", token_hash)


async def confirm_recap_recipient(pool: db.Pool, token_hash: bytes) -> bool:
    """Confirm by the link; False if it is invalid or expired."""
    return bool(await db.value(pool, "select fn.confirm_recap_recipient($1)", token_hash))


async def consent_project(pool: db.Pool, account_id: UUID, project_id: UUID, to_id: UUID) -> Consent | None:
    """Consent that an unsubscribe link ends; None if the project was deleted."""
    sql = "select * from fn.consent_project($1, $2, $3)"
    return await db.one(pool, Consent, sql, account_id, project_id, to_id)


async def unsubscribe_recaps(pool: db.Pool, account_id: UUID, project_id: UUID, to_id: UUID) -> None:
    """End a person's consent to the recaps of a project."""
    await db.value(pool, "select fn.unsubscribe_recaps($1, $2, $3)", account_id, project_id, to_id)
