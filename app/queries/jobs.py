"""Scheduled jobs."""

from dataclasses import dataclass
from datetime import datetime

from app.database import db


@dataclass(frozen=True, slots=True)
class JobHealth:
    """State of a job; times are UTC, `seconds` and `error` are of its last run."""

    name: str
    schedule: str
    purpose: str
    last_run: datetime | None
    seconds: float | None
    error: str | None
    last_success: datetime | None
    is_overdue: bool


async def job_health(pool: db.Pool) -> list[JobHealth]:
    """Every job, by name."""
    return await db.many(pool, JobHealth, "select * from fn.job_health()")
