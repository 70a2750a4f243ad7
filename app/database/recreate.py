"""Recreate what `sql/` defines: drop schema fn, rebuild the matviews that changed, create all functions and views, and
check them.

In one transaction: connected sessions see the old schema or the new one, and an error leaves the old one in place.
"""

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql

from app.database import jobs, rights, roles
from app.errors import ConfigError

# Every object that could be dropped along with a function or view of ours.
OTHERS = """
    select pg_describe_object(classid, oid, part) from (
        select 'pg_class'::regclass as classid, oid, 0 as part, relnamespace as schema from pg_class
        union all select 'pg_class'::regclass, attrelid, attnum, relnamespace
            from pg_attribute join pg_class on pg_class.oid = attrelid where attnum > 0 and not attisdropped
        union all select 'pg_attrdef'::regclass, d.oid, 0, relnamespace
            from pg_attrdef d join pg_class on pg_class.oid = adrelid
        union all select 'pg_constraint'::regclass, oid, 0, connamespace from pg_constraint
        union all select 'pg_trigger'::regclass, t.oid, 0, relnamespace
            from pg_trigger t join pg_class on pg_class.oid = tgrelid
        union all select 'pg_policy'::regclass, p.oid, 0, relnamespace
            from pg_policy p join pg_class on pg_class.oid = polrelid
        union all select 'pg_proc'::regclass, oid, 0, pronamespace from pg_proc
        union all select 'pg_type'::regclass, oid, 0, typnamespace from pg_type
        union all select 'pg_event_trigger'::regclass, oid, 0, 0 from pg_event_trigger
    ) as object
    where schema not in (
        select oid from pg_namespace where nspname in ('fn', 'insights', 'pg_catalog', 'pg_toast', 'information_schema')
    )
"""


def digest(text: bytes) -> str:
    """The digest of a file's text."""
    return hashlib.sha256(text).hexdigest()


def recreate(connection: psycopg.Connection, folder: Path, prefix: str = roles.PREFIX) -> None:
    """Recreate the schemas fn, mv and insights from the files in `folder`, inside the caller's transaction.

    `prefix` is that of the roles' names.

    Raises:
        ConfigError: a file has an error, or an object outside fn depends on one in it. Roll back then.
    """
    connection.execute("set local check_function_bodies = off")
    before = _others(connection)
    connection.execute("drop schema if exists fn cascade")
    connection.execute("drop schema if exists insights cascade")
    if lost := sorted(before - _others(connection)):
        raise ConfigError(
            f"sql/: outside schemas fn and insights, these depend on them and would be lost: {', '.join(lost)}."
        )
    connection.execute("create schema fn")
    connection.execute("create schema insights")
    connection.execute("create schema if not exists mv")
    _rebuild(connection, folder / "matviews")
    files = [*sorted(folder.glob("functions/**/*.sql")), *sorted(folder.glob("views/*.sql"))]
    _run_all(connection, files, folder, prefix)
    connection.execute(rights.view(rights.read(folder)))
    _run_all(connection, sorted(folder.glob("insights/*.sql")), folder)
    _check_bodies(connection)
    _check_plpgsql(connection)
    jobs.check(connection)
    grants = folder / "roles.sql"
    _run_all(connection, [grants] if grants.exists() else [], folder, prefix)


def _others(connection: psycopg.Connection) -> set[str]:
    return {row[0] for row in connection.execute(OTHERS.encode())}


def _rebuild(connection: psycopg.Connection, folder: Path) -> None:
    files = {path.stem: path for path in sorted(folder.glob("*.sql"))}
    rows = connection.execute("select name, digest from public.schema_digest where name like 'matview/%'").fetchall()
    for name, applied_digest in rows:
        stem = name.removeprefix("matview/")
        if stem not in files or digest(files[stem].read_bytes()) != applied_digest:
            connection.execute(sql.SQL("drop materialized view if exists mv.{} cascade").format(sql.Identifier(stem)))
            connection.execute("delete from public.schema_digest where name = %s", [name])
    present = {row[0] for row in connection.execute("select matviewname from pg_matviews where schemaname = 'mv'")}
    _run_all(connection, [path for stem, path in files.items() if stem not in present], folder.parent)
    for stem, path in files.items():
        connection.execute(
            "insert into public.schema_digest (name, digest) values (%s, %s)"
            " on conflict (name) do update set digest = excluded.digest",
            [f"matview/{stem}", digest(path.read_bytes())],
        )


def _run_all(connection: psycopg.Connection, files: list[Path], folder: Path, prefix: str = roles.PREFIX) -> None:
    # Files may need later ones: those that fail are tried again as long as a round gets further.
    while files:
        failed: dict[Path, psycopg.Error] = {}
        for path in files:
            try:
                with connection.transaction():
                    connection.execute(roles.renamed(path.read_text(), prefix).encode())
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected, psycopg.OperationalError):
                raise
            except psycopg.Error as error:
                failed[path] = error
        if len(failed) == len(files):
            raise ConfigError("\n".join(_error_message(path, error, folder) for path, error in failed.items()))
        files = list(failed)


def _error_message(path: Path, error: psycopg.Error, folder: Path) -> str:
    place = f"sql/{path.relative_to(folder)}"
    if error.diag.statement_position:
        place += f":{path.read_text()[: int(error.diag.statement_position)].count(chr(10)) + 1}"
    return f"{place}: {error.diag.message_primary or error}"


def _check_bodies(connection: psycopg.Connection) -> None:
    # Created again with the check on, now that everything a body may name exists.
    connection.execute("set local check_function_bodies = on")
    faults = []
    rows = connection.execute(
        "select oid::regprocedure::text, pg_get_functiondef(oid) from pg_proc"
        " where pronamespace = 'fn'::regnamespace and prokind in ('f', 'p') order by 1"
    ).fetchall()
    for name, definition in rows:
        try:
            with connection.transaction():
                connection.execute(definition.encode())
        except psycopg.ProgrammingError as error:
            faults.append(f"sql/: {name}: {error.diag.message_primary} ({error.diag.context or 'its head'})")
    if faults:
        raise ConfigError("\n".join(faults))


def _check_plpgsql(connection: psycopg.Connection) -> None:
    # Postgres itself reads only the syntax of PL/pgSQL; the extension, where it can be had, reads the statements.
    row = connection.execute(
        "select rolsuper and exists (select from pg_available_extensions where name = 'plpgsql_check')"
        " from pg_roles where rolname = current_user"
    ).fetchone()
    if row != (True,):
        return
    is_new = connection.execute(
        "select not exists (select from pg_extension where extname = 'plpgsql_check')"
    ).fetchone()
    connection.execute("create extension if not exists plpgsql_check")
    faults = connection.execute(
        "select format('sql/: %s: line %s: %s', oid::regprocedure, lineno, message)"
        " from pg_proc cross join lateral plpgsql_check_function_tb(oid, fatal_errors => false) where level = 'error'"
        " and pronamespace = 'fn'::regnamespace and prorettype <> 'trigger'::regtype"
        " and prolang = (select oid from pg_language where lanname = 'plpgsql') order by 1"
    ).fetchall()
    if faults:
        raise ConfigError("\n".join(fault for (fault,) in faults))
    if is_new == (True,):  # not by a savepoint: inside one a procedure that commits would count as faulty
        connection.execute("drop extension plpgsql_check")
