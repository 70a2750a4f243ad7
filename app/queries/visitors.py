"""Visitors' salts."""

from dataclasses import dataclass
from datetime import date

from app.database import db


@dataclass(frozen=True, slots=True)
class DaySalt:
    """The salt of a UTC day, 32 bytes; whether the visitors' key is hashed with it; that key, encrypted."""

    salt: bytes
    is_keyed: bool
    encrypted_key: bytes | None


async def day_salt(pool: db.Pool, day: date, fresh: bytes) -> DaySalt:
    """The salt of a day: `fresh` where nobody brought one before."""
    return await db.row(pool, DaySalt, "select * from fn.day_salt($1, $2)", day, fresh)
