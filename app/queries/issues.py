"""Issues at GitHub, GitLab and Forgejo that are opened for messages, and where."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Tracker:
    """Where the issues of a project are opened; `retry_at` if the forge asked to wait.

    With an `installation_id` by the GitHub App, else by a token.
    """

    type: str
    url: str
    path: str
    hook_id: UUID
    labels: list[str]
    title: str
    body: str
    edit_rule: str | None
    created_at: datetime
    retry_at: datetime | None
    revoked_at: datetime | None
    installation_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackerSettings:
    """A tracker to be stored; without a `token` the one before stays. The hook stays as it was the first time."""

    type: str
    url: str
    path: str
    token: bytes | None
    hook_id: UUID
    hook_secret: bytes
    labels: list[str]
    title: str
    body: str
    edit_rule: str
    installation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """The issue of a message or, unless `is_own`, of its group; `state` is opening, open, closed or failed."""

    id: UUID
    state: str
    number: str | None
    url: str | None
    problem: str | None
    next_at: datetime | None
    is_own: bool


@dataclass(frozen=True, slots=True)
class ProjectIssue:
    """An issue of a project, with the message for which it was opened."""

    id: UUID
    response_id: UUID
    state: str
    number: str | None
    url: str | None
    problem: str | None
    next_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimedIssue:
    """An issue that a worker has claimed: to be opened, or with a `number` to be read; its text, and its tracker."""

    account_id: UUID
    id: UUID
    attempt: int
    number: str | None
    type: str
    url: str
    path: str
    token: bytes | None
    project_id: UUID
    labels: list[str]
    title: str
    body: str
    edit_rule: str | None
    slug: str
    response_id: UUID
    sent_at: datetime
    page_key: str
    page_title: str | None
    widget: str
    option: str
    words: str
    messages: int
    installation_id: int | None


@dataclass(frozen=True, slots=True)
class HookSecret:
    """The tracker to whose address a forge posts, and the encrypted secret of its posts."""

    account_id: UUID
    project_id: UUID
    type: str
    path: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class InstallationTracker:
    """A tracker by the GitHub App."""

    account_id: UUID
    project_id: UUID


async def tracker(tenant: TenantPool, project_id: UUID) -> Tracker | None:
    """Where the issues of a project are opened; None where that is nowhere."""
    return await db.one(tenant, Tracker, "select * from fn.tracker($1, $2)", tenant.account_id, project_id)


async def update_tracker(tenant: TenantPool, project_id: UUID, new: TrackerSettings) -> None:
    """Say where the issues of a project are opened.

    Raises:
        FeelbackError: 403, 404; 422 for a setting that is not valid, or a missing token.
    """
    sql = "select fn.update_tracker($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, _installation_id => $13)"
    await db.value(
        tenant, sql, tenant.account_id, project_id, new.type, new.url, new.path, new.token, new.hook_id,
        new.hook_secret, new.labels, new.title, new.body, new.edit_rule, new.installation_id,
    )  # fmt: skip


async def delete_tracker(tenant: TenantPool, project_id: UUID) -> None:
    """End the connection to a forge; issues there stay.

    Raises:
        FeelbackError: 403, 404.
    """
    await db.value(tenant, "select fn.delete_tracker($1, $2)", tenant.account_id, project_id)


async def issue(tenant: TenantPool, project_id: UUID, message_id: UUID) -> Issue | None:
    """The issue of a message or of its group."""
    return await db.one(tenant, Issue, "select * from fn.issue($1, $2, $3)", tenant.account_id, project_id, message_id)


async def issues(tenant: TenantPool, project_id: UUID, before_id: UUID | None, limit: int) -> list[ProjectIssue]:
    """The issues of a project, newest first, before `before_id`."""
    sql = "select * from fn.issues($1, $2, $3, $4)"
    return await db.many(tenant, ProjectIssue, sql, tenant.account_id, project_id, before_id, limit)


async def delete_issue(tenant: TenantPool, project_id: UUID, message_id: UUID) -> None:
    """Remove the link of a message and its group to their issue, which stays at the forge.

    Raises:
        FeelbackError: 403, 404.
    """
    await db.value(tenant, "select fn.delete_issue($1, $2, $3)", tenant.account_id, project_id, message_id)


async def create_issue(tenant: TenantPool, project_id: UUID, message_id: UUID) -> UUID:
    """Queue the opening of an issue for a message and its group; the same id the second time.

    Raises:
        FeelbackError: 403, 404; 409 without a tracker, or where its token was revoked.
    """
    id: UUID = await db.value(tenant, "select fn.create_issue($1, $2, $3)", tenant.account_id, project_id, message_id)
    return id


async def claim_issue(pool: db.Pool) -> ClaimedIssue | None:
    """Claim the next issue to be opened or read."""
    return await db.one(pool, ClaimedIssue, "select * from fn.claim_issue()")


async def mark_issue_read(pool: db.Pool, item: ClaimedIssue, number: str, url: str, is_closed: bool) -> str:
    """Record an issue as its forge has it; returns open, closed or lost."""
    sql = "select fn.mark_issue($1, $2, $3, null, false, false, null, $4, $5, $6)"
    return str(await db.value(pool, sql, item.account_id, item.id, item.attempt, number, url, is_closed))


async def mark_issue_failed(
    pool: db.Pool, item: ClaimedIssue, problem: str, is_final: bool, is_revoked: bool, retry_after: float | None
) -> str:
    """Record a failed attempt; returns waiting, failed or lost."""
    sql = "select fn.mark_issue($1, $2, $3, $4, $5, $6, $7, null, null, null)"
    arguments = (item.account_id, item.id, item.attempt, problem, is_final, is_revoked, retry_after)
    return str(await db.value(pool, sql, *arguments))


async def hook_secret(pool: db.Pool, hook_id: UUID) -> HookSecret | None:
    """The tracker to whose address a forge posts."""
    return await db.one(pool, HookSecret, "select * from fn.hook_secret($1)", hook_id)


async def refresh_issue(pool: db.Pool, account_id: UUID, project_id: UUID, number: str) -> bool:
    """Have the state of an issue read; False if it is none of ours."""
    sql = "select fn.refresh_issue($1, $2, $3)"
    return bool(await db.value(pool, sql, account_id, project_id, number))


async def update_hook_secret(tenant: TenantPool, project_id: UUID, hook_secret: bytes) -> None:
    """Replace the encrypted secret of a forge's posts.

    Raises:
        FeelbackError: 403, 404.
    """
    await db.value(tenant, "select fn.update_hook_secret($1, $2, $3)", tenant.account_id, project_id, hook_secret)


async def refresh_installation_issue(pool: db.Pool, installation_id: int, path: str, number: str) -> int:
    """Have the state of an issue read that the GitHub App posted about; returns of how many projects it is."""
    rows = await db.many(
        pool, InstallationTracker, "select * from fn.installation_trackers($1, $2)", installation_id, path
    )
    return sum([await refresh_issue(pool, row.account_id, row.project_id, number) for row in rows])


async def update_installation(pool: db.Pool, installation_id: int, *, is_deleted: bool) -> None:
    """Pause the trackers of an installation that was deleted, else have them try again."""
    await db.value(pool, "select fn.update_installation($1, $2)", installation_id, is_deleted)
