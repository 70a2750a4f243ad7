"""Whether the database is fit for work."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.retry import RetryingConnection


@dataclass(frozen=True, slots=True)
class ServerState:
    """The state of the database's server, whose clock says `at`, of checks of writes, and of the worker machine."""

    at: datetime
    database_bytes: int
    standbys: int
    waits_for_standby: bool
    last_check: datetime | None
    worker_started_at: datetime | None
    worker_failures: int


async def is_ready(pool: db.Pool) -> bool:
    """Whether responses can be stored now."""
    return bool(await db.value(pool, "select fn.is_ready()"))


async def is_distributed(pool: db.Pool) -> bool:
    """Whether accounts are distributed over nodes, so that a batch must be of one."""
    return bool(await db.value(pool, "select fn.is_distributed()"))


async def overdue_jobs(pool: db.Pool) -> list[str]:
    """The names of the jobs that are overdue."""
    return list(await db.value(pool, "select fn.overdue_jobs()"))


async def check_writes(connection: RetryingConnection, machine: str) -> None:
    """Store a response, count it and take it back.

    Raises:
        FeelbackError: 503 if the database is unavailable.
        db.RowError: it could not be stored.
    """
    await connection.fetch("select fn.check_writes($1)", machine)


async def server_state(pool: db.Pool) -> ServerState:
    """The state of the server."""
    return await db.row(pool, ServerState, "select * from fn.server_state()")


async def record_web_process(pool: db.Pool, id: UUID) -> int:
    """Say that a web process runs; returns how many do, on all machines."""
    return int(await db.value(pool, "select fn.record_web_process($1)", id))


async def delete_web_process(pool: db.Pool, id: UUID) -> None:
    """Say that a web process ends."""
    await db.value(pool, "select fn.delete_web_process($1)", id)
