"""What was refused and why, as the database has it."""

from tests.support.serving import Api, ingest_of


async def refusal_counts(api: Api) -> dict[tuple[str, str], int]:
    await ingest_of(api).refusals.flush()
    return {(row["reason"], row["origin"]): row["count"] for row in await api.pool.fetch("select * from refusal")}
