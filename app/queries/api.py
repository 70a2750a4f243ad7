"""What the management API asks that the panel does not: who a key is, and lists that are read page by page."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class KeyActor:
    """Whose an API key is; `is_over` where it has asked too often, else `remaining` requests are left."""

    account_id: UUID
    project_id: UUID
    api_key_id: UUID
    kind: str
    is_over: bool
    remaining: int | None
    reset_seconds: int | None


@dataclass(frozen=True, slots=True)
class FeelbackPage:
    """Single signals, a JSON array, and where the next page goes on."""

    items_json: str
    next_id: UUID | None


@dataclass(frozen=True, slots=True)
class ContentRow:
    """A content; `counts` is a JSON object of the option's values."""

    id: UUID
    content_set_id: UUID
    key: str
    created_at: datetime
    archived_at: datetime | None
    signals: int
    counts: str | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """What was refused for one reason from one origin, and the hours of the first and the last."""

    reason: str
    origin: str
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody outside the account who gets recaps, or was asked to, or ended them (`state`)."""

    id: UUID
    email: str
    weekly: bool
    monthly: bool
    state: str
    asked_at: datetime


async def key_actor(pool: db.Pool, token_hash: bytes, requests: int | None, period: timedelta) -> KeyActor | None:
    """Who holds that key, which takes one of `requests` (None: without end) a period; None for a key of no use."""
    sql = "select * from fn.key_actor($1, $2, $3)"
    return await db.one(pool, KeyActor, sql, token_hash, requests, period)


async def feelbacks(
    pool: db.Executor,
    account_id: UUID,
    project_id: UUID,
    content_set_id: UUID | None = None,
    content_id: UUID | None = None,
    type: str | None = None,
    option: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    text: str = "",
    state: str = "active",
    before_id: UUID | None = None,
    limit: int = 100,
) -> FeelbackPage:
    """A page of single signals, newest first.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    sql = "select * from fn.feelbacks($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    of = content_set_id, content_id, type, option, since, until, text, state, before_id, limit
    found = await db.one(pool, FeelbackPage, sql, account_id, project_id, *of)
    assert found is not None  # it is always one row
    return found


async def contents(
    pool: db.Executor,
    account_id: UUID,
    project_id: UUID,
    content_set_id: UUID | None = None,
    text: str = "",
    is_archived: bool | None = None,
    after_id: UUID | None = None,
    limit: int = 100,
    id: UUID | None = None,
) -> list[ContentRow]:
    """A page of contents in the order in which they came, or the one of an id.

    Raises:
        FeelbackError: 404 where there is no such project or content.
    """
    sql = "select * from fn.contents($1, $2, $3, $4, $5, $6, $7, $8)"
    of = content_set_id, text, is_archived, after_id, limit, id
    return await db.many(pool, ContentRow, sql, account_id, project_id, *of)


async def rejections(
    pool: db.Executor, account_id: UUID, project_id: UUID, since: datetime, until: datetime
) -> list[Rejected]:
    """What was refused, by reason and origin, the most first.

    Raises:
        FeelbackError: 404 where there is no such project.
    """
    sql = "select * from fn.rejections($1, $2, $3, $4)"
    return await db.many(pool, Rejected, sql, account_id, project_id, since, until)


async def recap_recipients(pool: db.Executor, account_id: UUID, project_id: UUID) -> list[Recipient]:
    """Who outside the account gets recaps.

    Raises:
        FeelbackError: 404, 403 for who is no admin.
    """
    return await db.many(pool, Recipient, "select * from fn.recap_recipients($1, $2)", account_id, project_id)


@dataclass(frozen=True, slots=True)
class Windows:
    """The last 24 hours, a JSON object, and the rolling windows, a JSON array; None without a signal."""

    last_day_json: str | None
    windows_json: str | None


@dataclass(frozen=True, slots=True)
class Period:
    """A closed week, month or year; `counts` is a JSON object, None for a project."""

    starts_on: date
    counts: str | None
    total: int
    before: int | None
    positive: float | None
    neutral: float | None
    negative: float | None
    sentiment: float | None
    average: float | None
    score: float | None


@dataclass(frozen=True, slots=True)
class Leader:
    """A content that leads a window in some way (`kind`)."""

    kind: str
    place: int
    content_set_id: UUID
    content_id: UUID
    key: str
    total: int
    before: int
    change: int
    score: float | None
    sentiment: float | None


@dataclass(frozen=True, slots=True)
class TrendDay:
    """A day of the project's zone, and its signals."""

    day: date
    signals: int


async def scope_windows(pool: db.Executor, account_id: UUID, project_id: UUID, scope: str, id: UUID | None) -> Windows:
    """What the windows say of a project, set or content (`scope`).

    Raises:
        FeelbackError: 404.
    """
    sql = "select * from fn.scope_windows($1, $2, $3, $4)"
    found = await db.one(pool, Windows, sql, account_id, project_id, scope, id)
    assert found is not None  # it is always one row
    return found


async def scope_periods(
    pool: db.Executor,
    account_id: UUID,
    project_id: UUID,
    scope: str,
    id: UUID | None,
    unit: str,
    since: date,
    until: date,
) -> list[Period]:
    """The closed periods of a project, set or content (`scope`), newest first.

    Raises:
        FeelbackError: 404, 422.
    """
    sql = "select * from fn.scope_periods($1, $2, $3, $4, $5, $6, $7)"
    return await db.many(pool, Period, sql, account_id, project_id, scope, id, unit, since, until)


async def leaders(pool: db.Executor, account_id: UUID, project_id: UUID, days: int) -> list[Leader]:
    """The contents that lead a window.

    Raises:
        FeelbackError: 404.
    """
    return await db.many(pool, Leader, "select * from fn.leaders($1, $2, $3)", account_id, project_id, days)


async def project_days(
    pool: db.Executor, account_id: UUID, project_id: UUID, since: date, until: date, content_set_id: UUID | None
) -> list[TrendDay]:
    """Every day from `since` to `until`, none left out.

    Raises:
        FeelbackError: 404, 422 for too many days.
    """
    sql = "select * from fn.project_days($1, $2, $3, $4, $5)"
    return await db.many(pool, TrendDay, sql, account_id, project_id, since, until, content_set_id)
