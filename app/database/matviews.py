"""The materialized views of sql/matviews. One that changes is created beside the old, which processes of the version
before go on reading through their views of it.
"""

import re
from pathlib import Path

import psycopg
from psycopg import sql

from app.database import versions
from app.database.recreate import digest, run_all

PRESENT = "select matviewname from pg_matviews where schemaname = 'mv'"
INDEXES = "select indexname from pg_indexes where schemaname = 'mv' and tablename = %s"
OLD = re.compile(r"(.+)_([0-9a-f]{12})")  # the name of one that was replaced: its name, and a part of its digest


def digests(folder: Path) -> dict[str, str]:
    """The digest of each materialized view, which covers those that it reads."""
    texts = {path.stem: path.read_text() for path in sorted(folder.glob("*.sql"))}

    def of(name: str) -> str:
        read = sorted(
            other for other in texts if other != name and re.search(rf"(from|join) mv\.{other}\b", texts[name])
        )
        own = digest(texts[name].encode())
        return digest(" ".join([own, *map(of, read)]).encode()) if read else own

    return {name: of(name) for name in texts}


def create(connection: psycopg.Connection, folder: Path) -> None:
    """Create those that are missing or have changed, inside the caller's transaction. Old ones are renamed."""
    connection.execute("create schema if not exists mv")
    wanted = digests(folder)
    applied = versions.read(connection, "matviews/")
    present = _present(connection)
    for name, text_digest in wanted.items():
        row = applied.get(f"matviews/{name}")
        if name in present and row is not None and row.digest != text_digest:
            _rename(connection, name, f"{name}_{row.digest[:12]}")
            present = _present(connection)
        if name not in present and (old := f"{name}_{text_digest[:12]}") in present:
            _rename(connection, old, name)
            present = _present(connection)
    missing = [folder / f"{name}.sql" for name in wanted if name not in present]
    run_all(connection, missing, folder.parent)
    for name, text_digest in wanted.items():
        row = applied.get(f"matviews/{name}")
        if row is None or row.digest != text_digest:
            versions.remember(connection, f"matviews/{name}", text_digest)


def are_complete(connection: psycopg.Connection, folder: Path) -> bool:
    """Whether `create` would find nothing to do."""
    applied, present = versions.read(connection, "matviews/"), _present(connection)
    return all(
        name in present and (row := applied.get(f"matviews/{name}")) is not None and row.digest == text_digest
        for name, text_digest in digests(folder).items()
    )


def drop_unused(connection: psycopg.Connection, names: set[str]) -> None:
    """Drop those other than `names` that no view reads, inside the caller's transaction."""
    is_done = False
    while not is_done:
        is_done = True
        for name in sorted(_present(connection) - names):
            try:
                with connection.transaction():
                    connection.execute(sql.SQL("drop materialized view mv.{}").format(sql.Identifier(name)))
                    versions.forget(connection, f"matviews/{name}")
                is_done = False
            except psycopg.errors.DependentObjectsStillExist:
                continue


def give_names_back(connection: psycopg.Connection) -> None:
    """Call those that were replaced by ones that are gone by their first names, inside the caller's transaction."""
    present = _present(connection)
    for name in sorted(present):
        if (parts := OLD.fullmatch(name)) and parts[1] not in present:
            _rename(connection, name, parts[1])
            versions.forget(connection, f"matviews/{parts[1]}")


def _present(connection: psycopg.Connection) -> set[str]:
    return {row[0] for row in connection.execute(PRESENT)}


def _rename(connection: psycopg.Connection, name: str, to: str) -> None:
    # Its indexes too, which have names of their own: `last_day_key` of last_day.
    for (index,) in connection.execute(INDEXES, [name]).fetchall():
        other = to + index[len(name) :] if index.startswith(name) else f"{to}_{index}"
        connection.execute(
            sql.SQL("alter index mv.{} rename to {}").format(sql.Identifier(index), sql.Identifier(other[:63]))
        )
    connection.execute(
        sql.SQL("alter materialized view mv.{} rename to {}").format(sql.Identifier(name), sql.Identifier(to))
    )
