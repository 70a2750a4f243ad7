"""Bring a backup back into an empty database, and prove it: rows against those noted, counts against rows."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg

from app.backups import encryption, manifests, pipes, programs
from app.backups.backup import counts
from app.backups.manifests import Manifest
from app.backups.stores import Store
from app.database import migrate, roles, upkeep
from app.errors import FeelbackError

ANYTHING = """
    select c.relname from pg_class as c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S')
        and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e') order by 1 limit 1
"""


@dataclass(frozen=True)
class Restored:
    """What was brought back: `differed` names tables with the rows noted and found, `reconciled` is as upkeep tells."""

    manifest: Manifest
    rows: int
    differed: list[tuple[str, int, int]]
    reconciled: list[tuple[str, int, int]]


def latest(store: Store) -> str:
    """The name of the newest backup.

    Raises:
        FeelbackError: 404 where there is none.
    """
    there = store.names()
    whole = [name for name in there if manifests.time_of(name) and f"{name}.json" in there]
    if not whole:
        raise FeelbackError(404, "There is no backup there.")
    return max(whole)


def read_manifest(store: Store, name: str) -> Manifest:
    """What was noted of a backup.

    Raises:
        FeelbackError: 404 where there is none of that name, 422 where what was noted is broken.
    """
    if manifests.time_of(name) is None:
        raise FeelbackError(422, f"{name} is not the name of a backup: feelback-YYYYMMDDTHHMMSSZ.dump is.")
    return manifests.decoded(b"".join(store.read(f"{name}.json")), name)


def verify(store: Store, name: str) -> Manifest:
    """Read a backup to its end and hold it against what was noted.

    Raises:
        FeelbackError: 422 where it is broken or cut off.
    """
    manifest = read_manifest(store, name)
    for _ in manifests.checked(store.read(name), manifest):
        pass
    return manifest


def restore(dsn: str, pgbin: str, store: Store, name: str, identity: Path | None, secret: str) -> Restored:
    """Bring `name` back into the database at `dsn`, which must be empty, and this version's schema upon it.

    It comes in one transaction: a backup that is broken leaves the database as empty as it was. `secret` is the secret
    key, of which the roles' passwords are made.

    Raises:
        FeelbackError: 409 where the database is not empty, 422 where the backup is broken, 500 where a program failed.
    """
    manifest = read_manifest(store, name)
    with closing(psycopg.connect(dsn, autocommit=True, application_name="feelback restore")) as connection:
        if row := connection.execute(ANYTHING).fetchone():
            raise FeelbackError(
                409, f"The database is not empty: it has {row[0]}.", hint="Make a new one, and name it in DATABASE_URL."
            )
        server = connection.info.server_version // 10_000
        roles.ensure(connection, secret)  # the policies that come back name them
        program, _ = programs.find("pg_restore", pgbin, server, manifest.pg_dump)
        place, environ = programs.connection(dsn)
        command = [program, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
        commands = [*encryption.decrypting(manifest.encryption, identity), [*command, f"--dbname={place}"]]
        pipes.write(commands, manifests.checked(store.read(name), manifest), environ)
        found = counts(connection)
        # Functions, views and rights are not in it: they are made anew, with whatever migrations came since.
        connection.execute("delete from public.schema_digest where name = 'sql' or name like 'matview/%'")
    names = sorted({*manifest.rows, *found})
    noted = [(table, manifest.rows.get(table, 0), found.get(table, 0)) for table in names]
    migrate.apply(dsn, secret=secret)
    return Restored(
        manifest, sum(found.values()), [each for each in noted if each[1] != each[2]], upkeep.reconcile(dsn)
    )
