"""Tallies."""

from typing import Any

import msgspec

from app.database.retry import RetryingConnection

encode = msgspec.json.Encoder().encode


class Tallies(msgspec.Struct, rename="camel"):
    """Counts of a placement by its widget's options, in their order; None for an unknown widget.

    A Struct, because a request reads up to 200, in the order and by the names of `/v1`.
    """

    counts: dict[str, int] | None
    total: int
    positive: float | None
    neutral: float | None
    negative: float | None
    sentiment: float | None
    average: float | None
    score: float | None
    positive_interval: list[float] | None
    sentiment_interval: list[float] | None
    average_interval: list[float] | None
    json: bytes | msgspec.UnsetType = msgspec.UNSET  # of all the above, without its first brace


async def tallies(
    connection: RetryingConnection, account_ids: list[Any], widget_ids: list[Any], keys: list[str]
) -> list[Tallies]:
    """Tallies of each key, in the order of the arguments, read in one query."""
    rows = await connection.fetch(
        "select * from fn.tallies($1::uuid[], $2::uuid[], $3::text[])", account_ids, widget_ids, keys
    )
    # Encoded here, once for all who ask for the same page at the same time.
    results = []
    for row in rows:
        result = Tallies(None if row[0] is None else dict(zip(row[0], row[1], strict=True)), *row[2:])
        result.json = encode(result)[1:]
        results.append(result)
    return results
