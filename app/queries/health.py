"""Whether the database is fit for work."""

from app.database import db


async def is_ready(pool: db.Pool) -> bool:
    """Whether responses can be stored now."""
    return bool(await db.value(pool, "select fn.is_ready()"))


async def overdue_jobs(pool: db.Pool) -> list[str]:
    """The names of the jobs that are overdue."""
    return list(await db.value(pool, "select fn.overdue_jobs()"))
