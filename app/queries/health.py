"""Whether the database is fit for work."""

from app import db


async def is_ready(pool: db.Pool) -> bool:
    """Whether signals can be stored now."""
    return bool(await db.value(pool, "select fn.is_ready()"))
