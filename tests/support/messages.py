"""Messages in a database, as ingestion stores them."""

import uuid
from datetime import UTC, datetime, timedelta

import asyncpg

from tests.support import factories

Pool = asyncpg.Pool
NOW = datetime.now(UTC)


async def write_messages(
    pool: "Pool[asyncpg.Record]", of: factories.Widget, *bodies: str, at: datetime = NOW
) -> list[uuid.UUID]:
    """The ids of messages, each a second after the one before."""
    ids = [await pool.fetchval("select fn.uuid_v7($1)", at + timedelta(seconds=n)) for n in range(len(bodies))]
    await pool.execute(
        "select fn.create_placements(array[$1::uuid], array[$2::uuid], array['/a'], 100, $3)",
        of.account_id, uuid.UUID(of.id), at,
    )  # fmt: skip
    placement_id = await pool.fetchval("select id from placement where widget_id = $1 and key = '/a'", uuid.UUID(of.id))
    for n, (id, body) in enumerate(zip(ids, bodies, strict=True)):
        await pool.execute(
            """
            insert into response (
                account_id, id, widget_id, placement_id, option_no, counted_on, created_at, body, context
            )
            values ($1, $2, $3, $7, 1, $4, $5, $6, '{"$user": "ann@example.com"}')
            """,
            of.account_id, id, uuid.UUID(of.id), at.date(), at + timedelta(seconds=n), body, placement_id,
        )  # fmt: skip
        await pool.execute(
            "select fn.add_tallies(array[$1::uuid], array[$2::uuid], array[1::smallint], array[$3::date], array[1])",
            of.account_id, placement_id, at.date(),
        )  # fmt: skip
    return ids
