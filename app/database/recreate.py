"""Create what `sql/` defines: for each version a schema of functions and views, and the views for SQL tools.

Each is created in one transaction, beside the schema that running processes use.
"""

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql

from app.database import functions, jobs, rights, roles
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
        select oid from pg_namespace where nspname in (%s, 'pg_catalog', 'pg_toast', 'information_schema')
    )
"""


def digest(text: bytes) -> str:
    """The digest of a file's text."""
    return hashlib.sha256(text).hexdigest()


def folder_digest(folder: Path, prefix: str = roles.PREFIX) -> str:
    """The digest of all SQL files in a folder, for roles with `prefix`."""
    files = sorted(folder.rglob("*.sql"))
    text = repr([(str(path.relative_to(folder)), digest(path.read_bytes())) for path in files])
    return digest((text if prefix == roles.PREFIX else text + prefix).encode())


def create_functions(connection: psycopg.Connection, folder: Path, schema: str, prefix: str) -> None:
    """Create `schema` with the functions and views in `folder`, and check them, inside the caller's transaction.

    `prefix` is that of the roles' names.

    Raises:
        ConfigError: a file has an error. Roll back then.
    """
    connection.execute("set local check_function_bodies = off")
    drop_schema(connection, schema)  # of a migration that was cut off
    connection.execute(sql.SQL("create schema {}").format(sql.Identifier(schema)))
    files = [*sorted(folder.glob("functions/**/*.sql")), *sorted(folder.glob("views/*.sql"))]
    run_all(connection, files, folder, schema, prefix)
    connection.execute(functions.within(schema, rights.view(rights.read(folder)).as_string(connection)).encode())
    _check_bodies(connection, schema)
    _check_plpgsql(connection, schema)
    jobs.check(connection, schema)


def create_insights(connection: psycopg.Connection, folder: Path, prefix: str) -> None:
    """Create the views of schema insights anew, inside the caller's transaction.

    Raises:
        ConfigError: a file has an error, or an object outside depends on one of them. Roll back then.
    """
    drop_schema(connection, "insights")
    connection.execute("create schema insights")
    run_all(connection, sorted(folder.glob("insights/*.sql")), folder, prefix=prefix)


def grant(connection: psycopg.Connection, folder: Path, schema: str, prefix: str) -> None:
    """Run roles.sql for the functions of `schema`, inside the caller's transaction."""
    file = folder / "roles.sql"
    run_all(connection, [file] if file.exists() else [], folder, schema, prefix)


def drop_schema(connection: psycopg.Connection, schema: str) -> None:
    """Drop `schema`, if there is one, inside the caller's transaction.

    Raises:
        ConfigError: an object outside it depends on one in it. Roll back then.
    """
    before = _others(connection, schema)
    connection.execute(sql.SQL("drop schema if exists {} cascade").format(sql.Identifier(schema)))
    if lost := sorted(before - _others(connection, schema)):
        raise ConfigError(f"Outside schema {schema}, these depend on it and would be lost: {', '.join(lost)}.")


def _others(connection: psycopg.Connection, schema: str) -> set[str]:
    return {row[0] for row in connection.execute(OTHERS.encode(), [schema])}


def run_all(
    connection: psycopg.Connection,
    files: list[Path],
    folder: Path,
    schema: str = functions.DEFAULT,
    prefix: str = roles.PREFIX,
) -> None:
    """Run `files` of `folder` with `schema` for fn, inside the caller's transaction.

    Files may need later ones: those that fail are tried again as long as a round gets further.

    Raises:
        ConfigError: files have errors.
    """
    while files:
        failed: dict[Path, psycopg.Error] = {}
        for path in files:
            try:
                with connection.transaction():
                    connection.execute(functions.within(schema, roles.renamed(path.read_text(), prefix)).encode())
            except (psycopg.errors.LockNotAvailable, psycopg.errors.DeadlockDetected, psycopg.OperationalError):
                raise
            except psycopg.Error as error:
                failed[path] = error
        if len(failed) == len(files):
            raise ConfigError("\n".join(_error_message(path, error, folder, schema) for path, error in failed.items()))
        files = list(failed)


def _error_message(path: Path, error: psycopg.Error, folder: Path, schema: str) -> str:
    place = f"sql/{path.relative_to(folder)}"
    if error.diag.statement_position:
        text = functions.within(schema, path.read_text())
        place += f":{text[: int(error.diag.statement_position)].count(chr(10)) + 1}"
    return f"{place}: {error.diag.message_primary or error}"


def _check_bodies(connection: psycopg.Connection, schema: str) -> None:
    # Created again with the check on, now that everything a body may name exists.
    connection.execute("set local check_function_bodies = on")
    faults = []
    rows = connection.execute(
        "select oid::regprocedure::text, pg_get_functiondef(oid) from pg_proc"
        " where pronamespace = %s::regnamespace and prokind in ('f', 'p') order by 1",
        [schema],
    ).fetchall()
    for name, definition in rows:
        try:
            with connection.transaction():
                connection.execute(definition.encode())
        except psycopg.ProgrammingError as error:
            text = f"sql/: {name}: {error.diag.message_primary} ({error.diag.context or 'its head'})"
            faults.append(text.replace(f"{schema}.", "fn."))
    if faults:
        raise ConfigError("\n".join(faults))


def _check_plpgsql(connection: psycopg.Connection, schema: str) -> None:
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
        "select format('sql/: %%s: line %%s: %%s', oid::regprocedure, lineno, message)"
        " from pg_proc cross join lateral plpgsql_check_function_tb(oid, fatal_errors => false) where level = 'error'"
        " and pronamespace = %s::regnamespace and prorettype <> 'trigger'::regtype"
        " and prolang = (select oid from pg_language where lanname = 'plpgsql') order by 1",
        [schema],
    ).fetchall()
    if faults:
        raise ConfigError("\n".join(fault.replace(f"{schema}.", "fn.") for (fault,) in faults))
    if is_new == (True,):  # not by a savepoint: inside one a procedure that commits would count as faulty
        connection.execute("drop extension plpgsql_check")
