import shutil
import subprocess
import sys
import threading
import time
from contextlib import closing
from functools import partial
from pathlib import Path

import asyncpg
import psycopg
import pytest

from app import config
from app.config import ROOT
from app.database import db, functions, locks, migrate
from app.database.embedded import cluster
from app.database.migrate import Applied
from app.database.roll_back import roll_back
from app.errors import ConfigError, FeelbackError
from tests.support.settings import SECRET

# A schema of its own, so that these tests do not depend on the real one; one test applies the real one.
MIGRATIONS = {
    "0001.things.sql": "-- What there is: 100 % of it.\n"
    "create table thing (id int primary key check (id % 7 < 7), name text);\ncreate table thing_log (id int);\n",
    "0001.things.rollback.sql": "drop table thing_log, thing;\n",
}
SQL = {
    # The first needs the last, and a function body may name what comes later.
    "functions/a/first.sql": "create function fn.first() returns setof fn.shown language sql"
    " begin atomic select * from fn.shown limit 1; end;",
    "functions/b/counted.sql": "create function fn.counted() returns bigint language sql"
    " as 'select count(*) from fn.shown';",
    "functions/b/renamed.sql": "create function fn.renamed(_old int) returns int language sql return _old;",
    "matviews/totals.sql": "create materialized view mv.totals as select count(*) as total from thing;",
    "views/shown.sql": "create view fn.shown as select id, name from public.thing;",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    for folder, files in (("migrations", MIGRATIONS), ("sql", SQL)):
        for name, text in files.items():
            write(tmp_path / folder / name, text)
    return tmp_path


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def apply(dsn: str, source: Path) -> Applied:
    return migrate.apply(dsn, source / "migrations", source / "sql", secret=SECRET)


def is_current(dsn: str, source: Path) -> bool:
    return migrate.is_current(dsn, source / "migrations", source / "sql")


def ask(dsn: str, query: str) -> object:
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        cursor = connection.execute(query.encode())
        row = cursor.fetchone() if cursor.description else None
        return row and row[0]


def snapshot(dsn: str) -> list[object]:
    """Every object's identity and age: equal only where nothing was touched."""
    with closing(psycopg.connect(dsn)) as connection:
        return connection.execute(
            "select 'class', oid, xmin::text, relname from pg_class union all select 'proc', oid, xmin::text, proname"
            " from pg_proc union all select 'digest', 0, xmin::text, name from schema_version order by 1, 2, 4"
        ).fetchall()


def test_it_applies_everything_once(empty_database: str, source: Path) -> None:
    assert not is_current(empty_database, source)
    assert apply(empty_database, source) == Applied(1, True)
    assert is_current(empty_database, source)
    ask(empty_database, "insert into thing values (1, 'one')")
    assert ask(empty_database, "select (fn.first()).name") == "one"
    assert ask(empty_database, "select total from mv.totals") == 0
    before = snapshot(empty_database)
    assert apply(empty_database, source) == Applied(0, False)
    assert snapshot(empty_database) == before


def test_it_applies_the_real_schema_once(empty_database: str) -> None:
    assert migrate.apply(empty_database, secret=SECRET).recreated
    before = snapshot(empty_database)
    assert migrate.apply(empty_database, secret=SECRET) == Applied(0, False)
    assert snapshot(empty_database) == before


def test_it_applies_the_real_schema_to_the_systems_postgres(data_folder: Path) -> None:
    """Another major than the embedded one, and the deep check of PL/pgSQL where the system has it."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb") if int(path.parts[4]) >= 15]
    if not folders:
        pytest.skip("the system has no Postgres of 15 or newer")
    settings = config.load({"FEELBACK_DATA": str(data_folder), "PGBIN": str(max(folders))})
    with cluster.use(settings) as dsn:
        assert migrate.apply(dsn, secret=SECRET).recreated
        assert migrate.apply(dsn, secret=SECRET) == Applied(0, False)


def test_it_may_be_called_by_eight_at_once(empty_database: str) -> None:
    code = (
        "import sys; from app.database import migrate; print(migrate.apply(sys.argv[1], secret=sys.argv[2]).migrations)"
    )
    command = [sys.executable, "-c", code, empty_database, SECRET]
    many = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    outputs = [process.communicate()[0] for process in many]
    assert [process.returncode for process in many] == [0] * 8
    assert sorted(outputs)[:7] == ["0\n"] * 7
    assert int(max(outputs)) > 0
    assert migrate.is_current(empty_database)


def test_it_breaks_the_lock_of_a_migrator_that_was_killed(empty_database: str, source: Path) -> None:
    apply(empty_database, source)
    ask(empty_database, "insert into yoyo_lock (locked, ctime, pid) values (1, now(), 12345)")
    write(source / "migrations/0002.more.sql", "create table more ();")
    started = time.monotonic()
    assert apply(empty_database, source).migrations == 1
    assert time.monotonic() - started < 5
    assert ask(empty_database, "select to_regclass('more') is not null")


def test_it_refuses_a_migration_that_was_edited(empty_database: str, source: Path) -> None:
    apply(empty_database, source)
    write(source / "migrations/0001.things.sql", "create table thing (id bigint);")
    assert not is_current(empty_database, source)
    with pytest.raises(ConfigError, match=r"migrations/0001\.things\.sql was edited"):
        apply(empty_database, source)


def test_it_uses_a_database_that_is_newer(empty_database: str, source: Path) -> None:
    write(source / "migrations/0002.more.sql", "create table more ();")
    apply(empty_database, source)
    (source / "migrations/0002.more.sql").unlink()
    database = migrate.usable(empty_database, source / "migrations", source / "sql")
    assert database == migrate.Usable("fn", ["migrations/0002.more.sql"])
    assert not is_current(empty_database, source)
    assert apply(empty_database, source) == Applied(0, False)


def test_it_refuses_a_database_that_breaks_this_version(empty_database: str, source: Path) -> None:
    write(
        source / "migrations/0002.more.sql", "-- Breaks versions before 0002: it drops a table.\ncreate table more ();"
    )
    apply(empty_database, source)
    assert is_current(empty_database, source)
    (source / "migrations/0002.more.sql").unlink()
    for call in (apply, is_current):
        with pytest.raises(ConfigError, match=r"since migrations/0002\.more\.sql was applied: run a newer version"):
            call(empty_database, source)


def test_it_leaves_nothing_of_a_migration_that_fails(empty_database: str, source: Path) -> None:
    write(source / "migrations/0002.more.sql", "create table more ();\ncreate table more ();")
    with pytest.raises(ConfigError, match=r'migrations/0002\.more\.sql: relation "more" already exists'):
        apply(empty_database, source)
    assert ask(empty_database, "select to_regclass('more') is null")
    write(source / "migrations/0002.more.sql", "create table more ();")
    apply(empty_database, source)
    assert is_current(empty_database, source)


def test_it_recreates_changed_arguments_and_rows_and_drops_deleted_files(empty_database: str, source: Path) -> None:
    apply(empty_database, source)
    totals = ask(empty_database, "select 'mv.totals'::regclass::oid")
    write(source / "sql/functions/b/renamed.sql", "create function fn.renamed(_new int) returns text return _new;")
    (source / "sql/functions/b/counted.sql").unlink()
    applied = apply(empty_database, source)
    assert applied == Applied(0, True)
    assert applied.functions != "fn"
    assert ask(empty_database, f"select {applied.functions}.renamed(_new => 5)") == "5"
    assert ask(empty_database, f"select to_regproc('{applied.functions}.counted') is null")
    assert ask(empty_database, "select 'mv.totals'::regclass::oid") == totals  # unchanged, so not computed again


def test_it_rebuilds_a_matview_that_changed_and_drops_one_that_is_gone(empty_database: str, source: Path) -> None:
    write(
        source / "sql/matviews/more.sql",
        "create materialized view mv.more as select total + 1 as total from mv.totals;",
    )
    apply(empty_database, source)
    write(
        source / "sql/matviews/totals.sql",
        "create materialized view mv.totals as select count(*) + 10 as total from thing;",
    )
    apply(empty_database, source)
    assert ask(empty_database, "select total from mv.more") == 11
    (source / "sql/matviews/more.sql").unlink()
    apply(empty_database, source)
    assert ask(empty_database, "select to_regclass('mv.more') is null")
    assert ask(empty_database, "select count(*) from pg_matviews") == 1


def test_the_version_before_goes_on_with_its_functions_and_matviews(empty_database: str, source: Path) -> None:
    write(source / "sql/views/totals.sql", "create view fn.totals as select total from mv.totals;")
    apply(empty_database, source)
    shutil.copytree(source, source / "before")
    write(
        source / "sql/matviews/totals.sql",
        "create materialized view mv.totals as select count(*) + 10 as sum from thing;",
    )
    write(source / "sql/views/totals.sql", "create view fn.totals as select sum from mv.totals;")
    write(source / "sql/functions/b/renamed.sql", "create function fn.renamed(_new text) returns text return _new;")
    newer = apply(empty_database, source).functions
    assert ask(empty_database, f"select sum from {newer}.totals") == 10
    assert ask(empty_database, f"select {newer}.renamed('5')") == "5"
    assert ask(empty_database, "select total from fn.totals") == 0
    assert ask(empty_database, "select fn.renamed(5)") == 5
    assert is_current(empty_database, source / "before")
    # It may be migrated to again, which is how a release is rolled back.
    assert apply(empty_database, source / "before") == Applied(0, True)
    assert ask(empty_database, "select total from mv.totals") == 0
    assert apply(empty_database, source).functions == newer
    assert ask(empty_database, "select sum from mv.totals") == 10


def test_it_drops_the_functions_of_the_version_before_the_last(empty_database: str, source: Path) -> None:
    schemas = []
    for number in range(4):
        write(source / "sql/views/more.sql", f"create view fn.more as select {number} as number;")
        schemas.append(apply(empty_database, source).functions)
    assert len(set(schemas)) == 4
    present = "select array_agg(nspname::text order by nspname) from pg_namespace where nspname ~ '^fn'"
    assert ask(empty_database, present) == sorted(schemas[-2:])


def test_it_names_locks_alike_in_all_versions(empty_database: str, source: Path) -> None:
    write(
        source / "sql/functions/locked.sql",
        "create function fn.locked() returns int language sql as $$ select hashtext('fn.locked') $$;",
    )
    apply(empty_database, source)
    write(source / "sql/views/more.sql", "create view fn.more as select 1 as number;")
    newer = apply(empty_database, source).functions
    assert newer != "fn"
    assert ask(empty_database, f"select {newer}.locked() = fn.locked()")


def test_it_rolls_back(empty_database: str, source: Path) -> None:
    apply(empty_database, source)
    shutil.copytree(source, source / "before")
    write(source / "migrations/0002.more.sql", "alter table thing add column more int;")
    write(source / "migrations/0002.more.rollback.sql", "alter table thing drop column more;")
    write(source / "migrations/0003.last.sql", "create table last ();")
    write(source / "migrations/0003.last.rollback.sql", "drop table last;")
    write(source / "sql/views/more.sql", "create view fn.more as select more from public.thing;")
    write(source / "sql/insights/things.sql", "create view insights.things as select more from public.thing;")
    write(
        source / "sql/matviews/totals.sql",
        "create materialized view mv.totals as select sum(more) as total from thing;",
    )
    newer = apply(empty_database, source).functions
    rolled_back = roll_back(empty_database, "0001", source / "migrations", source / "sql")
    assert rolled_back == ["migrations/0003.last.sql", "migrations/0002.more.sql"]
    assert ask(empty_database, "select to_regclass('last') is null")
    assert ask(empty_database, f"select to_regnamespace('{newer}') is null")
    assert ask(empty_database, "select fn.counted()") == 0
    assert is_current(empty_database, source / "before")
    assert apply(empty_database, source / "before").migrations == 0
    assert ask(empty_database, "select total from mv.totals") == 0
    assert apply(empty_database, source) == Applied(2, True)
    with pytest.raises(ConfigError, match="there is no migration 0009; the last one is 0003"):
        roll_back(empty_database, "0009", source / "migrations", source / "sql")


def test_it_waits_for_no_lock_longer_than_writers_can(
    empty_database: str, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(empty_database, source)
    write(source / "migrations/0002.more.sql", "alter table thing add column more int;")
    queued: list[object] = []

    def pause(_seconds: float) -> None:  # what a writer meets between two attempts
        with closing(psycopg.connect(empty_database, autocommit=True)) as writer:
            writer.execute("set lock_timeout = '50ms'")
            writer.execute("insert into thing values (%s, 'stored')", [len(queued) + 1])
            queued.append(writer.execute("select count(*) from pg_locks where not granted").fetchone())
        if len(queued) == 3:
            reader.rollback()

    monkeypatch.setattr(locks.time, "sleep", pause)
    with closing(psycopg.connect(empty_database)) as reader:
        reader.execute("select * from thing")
        assert apply(empty_database, source).migrations == 1
    assert queued == [(0,)] * 3
    assert ask(empty_database, "select count(*) from thing where more is null") == 3


def test_it_says_who_keeps_a_lock(empty_database: str, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apply(empty_database, source)
    write(source / "migrations/0002.more.sql", "alter table thing add column more int;")
    monkeypatch.setattr(locks, "PATIENCE_SECONDS", 0)
    with closing(psycopg.connect(empty_database)) as reader:
        reader.execute("select * from thing")
        with pytest.raises(ConfigError, match=r"migrations/0002\.more\.sql: another session kept a lock"):
            apply(empty_database, source)
    assert apply(empty_database, source).migrations == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("create function fn.broken() returns int\nlanguage sql as 'select 1 fro m';", r"fn\.broken\(\): syntax error"),
        ("create function fn.broken() returns int language sql as 'select gone from thing';", "gone"),
        ("create function fn.broken() returns int language plpgsql as 'begin retrn 1; end';", "syntax error"),
        ("select 1;\n\ncreate funktion fn.broken()", r"sql/functions/broken\.sql:3: syntax error"),
        ("create function fn.broken() returns fn.no_such_type language sql return 1;", "no_such_type"),
        ("create view fn.job as select 'x' as name, '* * * * * *' as schedule, '' as command;", "five cron fields"),
    ],
)
def test_it_refuses_a_fault_and_leaves_the_old_schema(
    empty_database: str, source: Path, text: str, message: str
) -> None:
    apply(empty_database, source)
    before = snapshot(empty_database)
    write(source / "sql/functions/broken.sql", text)
    with pytest.raises(ConfigError, match=message):
        apply(empty_database, source)
    assert snapshot(empty_database) == before
    assert ask(empty_database, "select fn.counted()") == 0


def test_it_reads_the_statements_of_plpgsql_where_it_can(empty_database: str, source: Path) -> None:
    if not ask(empty_database, "select exists (select from pg_available_extensions where name = 'plpgsql_check')"):
        pytest.skip("this Postgres has no plpgsql_check")
    write(
        source / "sql/functions/broken.sql",
        "create function fn.broken() returns int language plpgsql"
        " as 'begin perform gone from public.thing; return 1; end';",
    )
    with pytest.raises(ConfigError, match=r"fn\.broken\(\): line 1: .*gone"):
        apply(empty_database, source)
    write(
        source / "sql/functions/broken.sql",
        "create procedure fn.commits() language plpgsql"
        " as 'begin insert into public.thing_log values (1); commit; end';",
    )
    apply(empty_database, source)
    ask(empty_database, "call fn.commits()")
    assert ask(empty_database, "select not exists (select from pg_extension where extname = 'plpgsql_check')")


@pytest.mark.parametrize(
    ("dependent", "message"),
    [
        ("create view outside as select * from fn.shown", "view outside"),
        ("alter table thing add check (fn.renamed(id) > 0)", "constraint thing_id_check1"),
        ("alter table thing alter name set default fn.renamed(1)::text", "default value"),
        ("create index on thing (fn.renamed(id))", "index thing_renamed_idx"),
    ],
)
def test_it_keeps_old_functions_that_others_depend_on(
    empty_database: str, source: Path, dependent: str, message: str, caplog: pytest.LogCaptureFixture
) -> None:
    write(
        source / "sql/functions/b/renamed.sql",
        "create function fn.renamed(_old int) returns int immutable language sql return _old;",
    )
    apply(empty_database, source)
    ask(empty_database, dependent)
    for number in range(2):
        write(source / "sql/views/more.sql", f"create view fn.more as select {number} as one;")
        assert apply(empty_database, source) == Applied(0, True)
    assert ask(empty_database, "select fn.renamed(7)") == 7
    assert message in caplog.text


def test_it_migrates_under_busy_connections(empty_database: str, source: Path) -> None:
    apply(empty_database, source)
    stop, calls, faults, current = threading.Event(), [0] * 6, [], ["fn"]

    def work(number: int) -> None:
        with closing(psycopg.connect(empty_database, autocommit=True)) as connection:
            while not stop.is_set():
                try:
                    connection.execute(
                        functions.within(
                            current[0],
                            "select fn.counted(), (select count(*) from fn.shown), (select total from mv.totals)",
                        ).encode()
                    )
                    calls[number] += 1
                except psycopg.Error as error:
                    faults.append(str(error))

    threads = [threading.Thread(target=work, args=[number]) for number in range(len(calls))]
    for thread in threads:
        thread.start()
    for number in range(10):
        write(source / "sql/views/more.sql", f"create view fn.more as select {number} as number;")
        applied = apply(empty_database, source)  # the version before goes on until it is over
        assert applied.recreated
        current[0] = applied.functions
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []
    assert min(calls) > 0


def test_it_says_in_one_line_that_there_is_no_database(tmp_path: Path) -> None:
    nowhere = f"postgresql://feelback@/feelback?host={tmp_path}"
    for call in (partial(migrate.apply, secret=SECRET), migrate.is_current):
        with pytest.raises(ConfigError, match="The database cannot be used") as caught:
            call(nowhere)
        assert len(str(caught.value).splitlines()) == 1


def test_it_names_a_schema_by_its_texts(source: Path) -> None:
    def name() -> str:
        return migrate.schema_digest(source / "migrations", source / "sql")

    first = name()
    shutil.copytree(source / "sql", source / "copy")
    assert name() == first
    write(source / "sql/views/shown.sql", "create view fn.shown as select 1 as id, 'x' as name;")
    assert name() != first


async def test_it_asks_again_where_a_function_was_made_anew(pool: "asyncpg.Pool[asyncpg.Record]") -> None:
    lost = iter([asyncpg.InternalServerError("cache lookup failed for function 1"), None])

    class Racing:
        async def fetchval(self, sql: str) -> int:
            if error := next(lost):
                raise error
            return 7

    assert await db.value(Racing(), "select 7") == 7  # type: ignore[arg-type]
    with pytest.raises(asyncpg.InternalServerError):
        await db.value(pool, "do $$ begin raise exception 'another' using errcode = 'XX000'; end $$")


async def test_what_a_node_that_is_down_may_have_executed_is_not_asked_again() -> None:
    calls = []

    class Node:
        async def fetchval(self, sql: str) -> int:
            calls.append(sql)
            raise asyncpg.InternalServerError("server closed the connection unexpectedly")

    with pytest.raises(FeelbackError) as refusal:
        await db.value(Node(), "select 7")  # type: ignore[arg-type]
    assert (refusal.value.status, calls) == (503, ["select 7"])
