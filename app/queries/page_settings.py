"""Contents: renamed and archived."""

from uuid import UUID

from app.database import db


async def rename_content(pool: db.Executor, account_id: UUID | None, project_id: UUID, id: UUID, key: str) -> None:
    """Gives a content another (canonical) key.

    Raises:
        FeelbackError: 404, 422 for a bad key, 409 where the set has that key already, 403.
    """
    await db.value(pool, "select fn.rename_content($1, $2, $3, $4)", account_id, project_id, id, key)


async def archive_content(pool: db.Executor, account_id: UUID | None, project_id: UUID, id: UUID) -> None:
    """A content takes no more signals.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(pool, "select fn.archive_content($1, $2, $3)", account_id, project_id, id)


async def restore_content(pool: db.Executor, account_id: UUID | None, project_id: UUID, id: UUID) -> None:
    """An archived content takes signals again.

    Raises:
        FeelbackError: 404, 403, 409 where it is being deleted.
    """
    await db.value(pool, "select fn.restore_content($1, $2, $3)", account_id, project_id, id)


async def content_key_rules(pool: db.Executor, account_id: UUID | None, project_id: UUID, id: UUID) -> str:
    """How an address becomes the key of a content, a JSON object.

    Raises:
        FeelbackError: 404.
    """
    return str(await db.value(pool, "select fn.content_key_rules($1, $2, $3)", account_id, project_id, id))
