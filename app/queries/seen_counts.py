"""Seen counts: page views in which a widget was seen, and the response rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class SeenTally:
    """Views of a placement, its responses on days with views, the first of these days, and the rate with its interval.

    `rate` is from 0 to 1; None without views, or where there are more responses than views.
    """

    count: int
    responses: int
    since: date | None
    rate: float | None
    rate_interval: list[float] | None


@dataclass(frozen=True, slots=True)
class SeenCount:
    """The same of a widget, in a window."""

    widget_id: UUID
    widget: str
    count: int
    responses: int
    since: date
    rate: float | None
    rate_interval: list[float] | None


async def add_seen_counts(pool: db.Pool, rows: Sequence[tuple[Any, Any, str, date, int]]) -> None:
    """Add (account, widget, page key, day, views) to the counters of the day."""
    await db.value(
        pool,
        "select fn.add_seen_counts($1::uuid[], $2::uuid[], $3::text[], $4::date[], $5::bigint[])",
        *zip(*rows, strict=True),
    )


async def seen_tallies(
    pool: db.Pool, account_ids: list[Any], widget_ids: list[Any], keys: list[str]
) -> list[SeenTally]:
    """Views of widgets on pages, of all time, in the order of the arguments."""
    sql = "select * from fn.seen_tallies($1::uuid[], $2::uuid[], $3::text[])"
    return await db.many(pool, SeenTally, sql, account_ids, widget_ids, keys)


async def seen_counts(
    tenant: TenantPool,
    project_id: UUID,
    name: str | None,
    from_day: date | None = None,
    to_day: date | None = None,
    *,
    page_id: UUID | None = None,
    widget_id: UUID | None = None,
) -> list[SeenCount]:
    """Views of the widgets of a project or on a page, in a window by its name or days; those without any are left out.

    Raises:
        FeelbackError: 404 for another's project, 422 for an unknown name.
    """
    sql = "select * from fn.seen_counts($1, $2, $3, $4, $5, $6, $7)"
    return await db.many(
        tenant, SeenCount, sql, tenant.account_id, project_id, name, from_day, to_day, page_id, widget_id
    )
