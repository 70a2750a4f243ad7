"""Events on their way: matching them to destinations, and claiming and marking deliveries."""

from dataclasses import dataclass
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class ClaimedDelivery:
    """A delivery to attempt; `attempt` is its fencing token, `secrets` are encrypted, `payload` is JSON."""

    account_id: UUID
    id: UUID
    destination_id: UUID
    attempt: int
    type: str
    url: str | None
    secrets: list[bytes]
    message_id: str
    payload: str


async def match_events(pool: db.Pool) -> int:
    """Create the deliveries of new events. Returns the number of events and votes, 0 while another worker does it."""
    return int(await db.value(pool, "select fn.match_events()"))


async def work_due_in(pool: db.Pool, kind: str) -> float | None:
    """In how many seconds work of a kind is due; None where none waits."""
    seconds: float | None = await db.value(pool, "select fn.work_due_in($1)", kind)
    return seconds


async def claim_delivery(pool: db.Pool) -> ClaimedDelivery | None:
    """Claim a delivery for a minute, of the destination that has waited longest."""
    return await db.one(pool, ClaimedDelivery, "select * from fn.claim_delivery()")


async def mark_delivery(
    pool: db.Pool,
    delivery: ClaimedDelivery,
    problem: str | None,
    *,
    status: int | None = None,
    answer: str | None = None,
    duration_ms: int | None = None,
    is_final: bool = False,
    retry_after: float | None = None,
) -> str:
    """Record an attempt. Returns delivered, waiting, failed, or lost if another worker has claimed it since."""
    sql = "select fn.mark_delivery($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    return str(
        await db.value(
            pool, sql, delivery.account_id, delivery.id, delivery.attempt, problem, status, answer, duration_ms,
            is_final, retry_after,
        )
    )  # fmt: skip


async def mail_delivery(pool: db.Pool, delivery: ClaimedDelivery, base_url: str) -> str:
    """Queue the mail of a delivery. Returns as `mark_delivery`."""
    sql = "select fn.mail_delivery($1, $2, $3, $4)"
    return str(await db.value(pool, sql, delivery.account_id, delivery.id, delivery.attempt, base_url))
