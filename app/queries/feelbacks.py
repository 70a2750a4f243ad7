"""Feelbacks: stored in batches, edited and removed one by one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app import db

INGEST = """select * from fn.ingest_feelbacks(
    $1::uuid[], $2::uuid[], $3::text[], $4::uuid[], $5::smallint[], $6::text[], $7::text[], $8::text[], $9::bytea[],
    $10::bytea[], $11::bytea[], $12::timestamptz[], $13::timestamptz[], $14::integer, $15::integer)"""


@dataclass(frozen=True, slots=True)
class Ingested:
    """Under which id a signal is stored, and its outcome."""

    feelback_id: UUID
    outcome: str


async def ingest_feelbacks(
    held: db.Held, columns: list[tuple[Any, ...]], contents_limit: int, address_limit: int | None
) -> list[Ingested]:
    """Stores a batch, given as the columns of fn.ingest_feelbacks in its order."""
    return [Ingested(*row) for row in await held.fetch(INGEST, *columns, contents_limit, address_limit)]


async def edit_feelback(
    held: db.Held, account_id: Any, id: Any, option_no: int, body: str | None, fields: str | None, now: datetime
) -> bool:
    """Gives a signal a new value; False where it is gone."""
    rows = await held.fetch(
        "select fn.edit_feelback($1, $2, $3, $4, $5, $6)", account_id, id, option_no, body, fields, now
    )
    return bool(rows[0][0])


async def remove_feelback(held: db.Held, account_id: Any, id: Any) -> bool:
    """Takes a signal back; False where it was gone already."""
    rows = await held.fetch("select fn.remove_feelback($1, $2)", account_id, id)
    return bool(rows[0][0])
