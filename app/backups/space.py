"""Free disk, checked before something long begins that would fill it."""

import os
from contextlib import closing
from pathlib import Path

import psycopg

from app.errors import FeelbackError

MARGIN = 67_108_864  # bytes that stay free


def free_bytes(path: Path) -> int:
    """The free bytes where `path` is, or will be."""
    while not path.exists():
        path = path.parent
    state = os.statvfs(path)
    return state.f_bavail * state.f_frsize


def require(what: str, place: str, free: int | None, needed: int) -> None:
    """Refuse what would fill a disk. `free` is None where it cannot be known.

    Raises:
        FeelbackError: 500 if there is too little.
    """
    if free is not None and free < needed + MARGIN:
        raise FeelbackError(
            500,
            f"{what} needs about {_megabytes(needed + MARGIN)} MB in {place}; {_megabytes(free)} MB are free.",
            hint="Free some space and try again.",
        )


def of_database(dsn: str) -> tuple[int, int | None]:
    """The size of a database in bytes, and the free bytes of its disk, None if that is another machine's."""
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        row = connection.execute("select pg_database_size(current_database())").fetchone()
        size = row[0] if row else 0
        if not connection.info.host.startswith("/"):
            return size, None
        try:
            folder = connection.execute("select current_setting('data_directory')").fetchone()
        except psycopg.errors.InsufficientPrivilege:
            return size, None
    return size, free_bytes(Path(folder[0])) if folder and os.path.isdir(folder[0]) else None


def _megabytes(size: int) -> str:
    return f"{size // 1_000_000:,}"
