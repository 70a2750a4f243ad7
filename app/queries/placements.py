"""Placements."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class IngestPlacement:
    """Widget and page key of a placement."""

    widget_id: UUID
    key: str


async def ingest_placement(pool: db.Pool, id: UUID) -> IngestPlacement | None:
    """Widget and page key of a placement, or None."""
    return await db.one(pool, IngestPlacement, "select * from fn.ingest_placement($1)", id)


async def cut_key(pool: db.Pool, account_id: UUID, widget_id: UUID, key: str) -> str | None:
    """The page key that continues with `#` after `key`; None unless there is exactly one."""
    whole_key: str | None = await db.value(pool, "select fn.cut_key($1, $2, $3)", account_id, widget_id, key)
    return whole_key


async def name_pages(pool: db.Pool, rows: Sequence[tuple[UUID, UUID, str, str]]) -> None:
    """Give pages without a title the one that they sent; rows are (account id, project id, page key, title)."""
    columns = zip(*rows, strict=True)
    await db.value(pool, "select fn.name_pages($1::uuid[], $2::uuid[], $3::text[], $4::text[])", *map(list, columns))
