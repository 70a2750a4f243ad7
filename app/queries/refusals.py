"""Refusals."""

from collections.abc import Sequence
from typing import Any

from app.database import db


async def add_refusals(pool: db.Pool, rows: Sequence[tuple[Any, Any, str, str, int]]) -> None:
    """Adds (account, project, reason, origin, count) to the hour's counters."""
    await db.value(
        pool,
        "select fn.add_refusals($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::bigint[])",
        *zip(*rows, strict=True),
    )
