"""What is known of backups and of restore drills."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db


@dataclass(frozen=True, slots=True)
class BackupState:
    """The last good backup, a failure since then, and the last restore drill.

    `is_expected` is whether backups are set up, `is_late` whether the last good one is older than 36 hours.
    `drill_rows` is None if the backup could only be verified, `drill_error` if the drill succeeded.
    """

    is_expected: bool
    made_at: datetime | None
    name: str | None
    bytes: int | None
    row_count: int | None
    failed_at: datetime | None
    error: str | None
    is_late: bool
    drill_ended_at: datetime | None
    drill_name: str | None
    drill_seconds: float | None
    drill_rows: int | None
    drill_differed: int | None
    drill_error: str | None


async def backup_state(pool: db.Pool) -> BackupState:
    """What is known of backups."""
    return await db.row(pool, BackupState, "select * from fn.backup_state()")


async def installation_backups(pool: db.Pool, person_id: UUID) -> BackupState:
    """What is known of backups, for the operator.

    Raises:
        FeelbackError: 404 unless the person is an operator.
    """
    return await db.row(pool, BackupState, "select * from fn.installation_backups($1)", person_id)


async def expect_backups(pool: db.Pool, *, are_expected: bool, has_drills: bool) -> None:
    """Record whether BACKUP_URL is set, and whether this worker does restore drills."""
    await db.value(pool, "select fn.expect_backups($1, $2)", are_expected, has_drills)


async def claim_drill(pool: db.Pool) -> bool:
    """Whether a restore drill is due and the caller must do it."""
    return bool(await db.value(pool, "select fn.claim_drill()"))


async def record_backup(pool: db.Pool, made_at: datetime, name: str, size: int, rows: int) -> None:
    """Record a verified backup of a moment, of `size` bytes."""
    await db.value(pool, "select fn.record_backup($1, $2, $3, $4)", made_at, name, size, rows)


async def record_backup_failure(pool: db.Pool, error: str) -> None:
    """Record why a backup failed."""
    await db.value(pool, "select fn.record_backup_failure($1)", error)


async def record_drill(
    pool: db.Pool, name: str | None, seconds: float | None, rows: int | None, differed: int | None, error: str | None
) -> None:
    """Record the result of a restore drill; `rows` is None if the backup was only verified, `error` on success."""
    await db.value(pool, "select fn.record_drill($1, $2, $3, $4, $5)", name, seconds, rows, differed, error)
