"""Tallies."""

from typing import Any, NamedTuple

from app.database.retry import RetryingConnection


class Tallies(NamedTuple):
    """Counts of a placement in the order of its widget's options; values and counts are None for an unknown widget."""

    option_values: list[str] | None
    counts: list[int] | None
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


async def tallies(
    connection: RetryingConnection, account_ids: list[Any], widget_ids: list[Any], keys: list[str]
) -> list[Tallies]:
    """Tallies of each key, in the order of the arguments, read in one query."""
    rows = await connection.fetch(
        "select * from fn.tallies($1::uuid[], $2::uuid[], $3::text[])", account_ids, widget_ids, keys
    )
    return [Tallies(*row) for row in rows]
