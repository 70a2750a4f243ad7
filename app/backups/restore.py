"""Restores a backup into an empty database, and compares row counts with the manifest and counters with rows."""

import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from app.backups import encryption, manifests, pipes, programs
from app.backups.backup import EXCLUDED_DATA, counts
from app.backups.manifests import Manifest
from app.backups.stores import Store
from app.config import Settings
from app.database import migrate, role_creation, upkeep, versions
from app.errors import FeelbackError

ANYTHING = """
    select c.relname from pg_class as c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')
        and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e') order by 1 limit 1
"""


@dataclass(frozen=True)
class Restored:
    """A restored backup. `differences` are (table, rows in the manifest, rows restored)."""

    manifest: Manifest
    rows: int
    differences: list[tuple[str, int, int]]
    reconciled: upkeep.Reconciled


def latest(store: Store) -> str:
    """The name of the newest backup.

    Raises:
        FeelbackError: 404 if there is none.
    """
    files = store.names()
    names = [name for name in files if manifests.time_of(name) and f"{name}.json" in files]
    if not names:
        raise FeelbackError(404, "There are no backups there.", hint="Check BACKUP_URL, or give --from.")
    return max(names)


def read_manifest(store: Store, name: str) -> Manifest:
    """Read the manifest of a backup.

    Raises:
        FeelbackError: 404 if there is no such backup, 422 if its manifest is broken.
    """
    if manifests.time_of(name) is None:
        raise FeelbackError(422, f"{name} is not the name of a backup, such as feelback-YYYYMMDDTHHMMSSZ.dump.")
    return manifests.decode(b"".join(store.read(f"{name}.json")), name)


def verify(store: Store, name: str) -> Manifest:
    """Read a backup to its end and compare it with its manifest.

    Raises:
        FeelbackError: 422 if it is broken or cut off.
    """
    manifest = read_manifest(store, name)
    for _ in manifests.verified(store.read(name), manifest):
        pass
    return manifest


def restore(settings: Settings, dsn: str, store: Store, name: str, identity: Path | None) -> Restored:
    """Restore the backup `name` into the empty database at `dsn`, and migrate it to this version's schema.

    It is restored in one transaction: a broken backup leaves the database empty. SECRET_KEY, or a
    previous one, must be that of the backup.

    Raises:
        FeelbackError: 409 if the database is not empty, 422 if the backup is broken, 500 if a program fails.
    """
    manifest = read_manifest(store, name)
    with closing(psycopg.connect(dsn, autocommit=True, application_name="feelback restore")) as connection:
        if row := connection.execute(ANYTHING).fetchone():
            raise FeelbackError(
                409,
                f"The database is not empty: it has {row[0]}.",
                hint="Set DATABASE_URL to a new database.",
            )
        server = connection.info.server_version // 10_000
        # The restored policies refer to them.
        role_creation.ensure(connection, dsn, settings.secret_key, settings.database_role_prefix)
        program, major = programs.find("pg_restore", settings.pgbin, server, manifest.pg_dump)
        place, environ = programs.connection(dsn)
        commands = encryption.decrypt_commands(manifest.encryption, identity)
        commands += _commands(program, place, is_newer=major > server)
        pipes.write(commands, manifests.verified(store.read(name), manifest), environ)
        rows = counts(connection)
        for table in EXCLUDED_DATA:  # backups of older versions may have them
            if connection.execute("select to_regclass(%s)", [f"public.{table}"]).fetchone() != (None,):
                connection.execute(sql.SQL("delete from public.{}").format(sql.Identifier(table)))
        connection.execute("update public.visit set address = null where address is not null")
        # Functions, views and rights are not in a backup: migrate creates them.
        versions.forget_all_but_migrations(connection)
    names = sorted({*manifest.rows, *rows} - {*EXCLUDED_DATA})
    tables = [(table, manifest.rows.get(table, 0), rows.get(table, 0)) for table in names]
    migrate.of_settings(settings, dsn)
    return Restored(manifest, sum(rows.values()), [row for row in tables if row[1] != row[2]], upkeep.reconcile(dsn))


def _commands(program: str, place: str, *, is_newer: bool) -> list[list[str]]:
    """The commands that restore from standard input into the database at `place`, in one transaction.

    A pg_restore that is newer than the server sets what the server does not know, transaction_timeout. Its script goes
    through psql, without that line. It commits after the last line of a whole dump, and not at the end of its input.
    """
    options = [program, "--exit-on-error", "--no-owner", "--no-privileges"]
    if not is_newer:
        return [[*options, "--single-transaction", f"--dbname={place}"]]
    # Rows of tables are no such lines: all of them have several columns, separated by tabs.
    edit = ["sed", "-e", "1i begin;", "-e", "1,60{/^SET transaction_timeout = /d}"]
    edit += ["-e", "/^-- PostgreSQL database dump complete$/a commit;"]
    psql = [os.path.join(os.path.dirname(program), "psql"), "--no-psqlrc", "--quiet", "--output=/dev/null"]
    return [[*options, "--file=-"], edit, [*psql, "--set=ON_ERROR_STOP=1", f"--dbname={place}"]]
