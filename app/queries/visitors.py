"""Visitors' salts."""

from datetime import date

from app.database import db


async def visitor_salt(pool: db.Pool, day: date, fresh: bytes) -> bytes:
    """The salt of a UTC day, 32 bytes: `fresh` where nobody brought one before."""
    salt: bytes = await db.value(pool, "select fn.visitor_salt($1, $2)", day, fresh)
    return salt
