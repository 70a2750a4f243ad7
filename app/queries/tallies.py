"""Tallies."""

from typing import Any, NamedTuple

from app.database.retry import RetryingConnection


class Tallies(NamedTuple):
    """What one page has been told: values and counts in the order of its widget's options, None for an unknown set."""

    option_values: list[str] | None
    counts: list[int] | None
    total: int
    positive: float | None
    neutral: float | None
    negative: float | None
    sentiment: float | None
    average: float | None
    score: float | None


async def tallies(
    held: RetryingConnection, account_ids: list[Any], widget_ids: list[Any], keys: list[str]
) -> list[Tallies]:
    """The tallies of each key, in the order given, read in one query."""
    rows = await held.fetch(
        "select * from fn.tallies($1::uuid[], $2::uuid[], $3::text[])", account_ids, widget_ids, keys
    )
    return [Tallies(*row) for row in rows]
