"""Refusals as stored in the database."""

from tests.support.serving import Api, ingest_of


async def refusal_counts(api: Api) -> dict[tuple[str, str], int]:
    await ingest_of(api).refusals.flush()
    return {(row["reason"], row["origin"]): row["count"] for row in await api.pool.fetch("select * from refusal")}
