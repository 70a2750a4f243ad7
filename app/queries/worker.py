"""Starting the worker machine."""

from dataclasses import dataclass
from datetime import datetime

from app.database import db


@dataclass(frozen=True, slots=True)
class WorkerStart:
    """Whether work is due, whether the caller must start the worker, and in how many seconds to look again.

    `silent_starts` is how many starts before were in vain: Fly reported no error, but no worker began to work.
    """

    is_due: bool
    is_mine: bool
    started_at: datetime | None
    look_in: float | None
    silent_starts: int


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel that is notified when there is background work."""

    channel: str


async def claim_worker_start(pool: db.Pool, machine: str, now: datetime | None = None) -> WorkerStart:
    """Claim the start of the worker."""
    start = await db.one(
        pool, WorkerStart, "select * from fn.claim_worker_start($1, coalesce($2, now()))", machine, now
    )
    assert start is not None
    return start


async def work_channels(pool: db.Pool) -> list[str]:
    """The channels that are notified when there is background work."""
    return [row.channel for row in await db.many(pool, Channel, "select channel from fn.work_channels()")]


async def mark_worker_seen(pool: db.Pool, now: datetime | None = None) -> None:
    """Record that a worker begins to work."""
    await db.value(pool, "select fn.mark_worker_seen(coalesce($1, now()))", now)


async def mark_worker_start(
    pool: db.Pool, started_at: datetime, error: str | None, now: datetime | None = None
) -> None:
    """Record the result of a claimed start; `error` is None on success."""
    await db.value(pool, "select fn.mark_worker_start($1, $2, coalesce($3, now()))", started_at, error, now)
