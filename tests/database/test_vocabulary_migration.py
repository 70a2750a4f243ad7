"""Migration 0080 on the rows of the version before it; fixtures/vocabulary/README.md says where they come from."""

import io
import lzma
import re
import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from app.database import functions, migrate
from app.text import refusal_reasons
from tests.support.archives import extract
from tests.support.recount import differences
from tests.support.settings import SECRET, database_url
from tests.support.sql_world import World

FOLDER = Path(__file__).parent / "fixtures/vocabulary"
NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
NEW_NAMES = {
    "content_set": "widget", "content": "placement", "feelback": "response", "content_window": "placement_window",
    "content_score": "placement_score", "set_window": "widget_window", "set_day": "widget_day", "rejection": "refusal",
    "feelback_edit": "response_edit", "message_act": "message_action", "period_content": "period_placement",
}  # fmt: skip
# Tables in which stored words change, and placement, which gains a column.
WORDS_CHANGE = {
    "period",
    "period_content",
    "period_whole",
    "deletion",
    "export",
    "audit",
    "mail",
    "rejection",
    "job_run",
}
OLD_WORDS = {
    "content", "contents", "feelback", "feelbacks", "signal", "signals", "set", "sets", "rejection", "wall", "fold",
    "told", "asked", "found", "gone", "act",
}  # fmt: skip
# pg_toast and the migrations' own bookkeeping aside.
TABLES = """
    select relname from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
        and not (relispartition and relname ~ '^(feelback|response)_') and relname !~ '^(_?yoyo|schema_)'
"""


@dataclass
class Migrated:
    """A database at the newest schema; `before` has the rows of each table as text, under the table's old name,
    and `widths` its number of columns, to which later migrations add."""

    world: World
    before: dict[str, Counter[str]]
    widths: dict[str, int]


def columns(connection: psycopg.Connection, table: str) -> list[str]:
    """The columns of a table, in order."""
    sql = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
    return [row[0] for row in connection.execute(f"{sql} order by attnum", [table])]


def rows(connection: psycopg.Connection, table: str, width: int) -> Counter[str]:
    """The rows of a table as text, which names of columns are no part of: its first `width` columns."""
    row = ", ".join(f'"{name}"' for name in columns(connection, table)[:width])
    return Counter(row[0] for row in connection.execute(f"select row({row})::text from {table} as t".encode()))


def load(connection: psycopg.Connection) -> None:
    """Copy the rows into the tables, in any order."""
    connection.execute("set session_replication_role = replica")
    lines = io.StringIO(lzma.decompress((FOLDER / "rows.copy.xz").read_bytes()).decode())
    for line in lines:
        if not line.startswith("COPY "):
            continue
        table = line.split()[1]
        connection.execute(f"delete from {table}".encode())
        with connection.cursor().copy(line.encode()) as copy:
            for row in iter(lines.readline, "\\.\n"):
                copy.write(row)
    connection.execute("set session_replication_role = origin")


def old_source(folder: Path) -> tuple[Path, Path]:
    """The folders of migrations and SQL of the version before, without its list of rights."""
    migrations = folder / "migrations"
    migrations.mkdir()
    for path in migrate.MIGRATIONS.glob("*.sql"):
        if path.name < "0080":
            shutil.copy(path, migrations)
    extract(FOLDER / "sql.tar.xz", folder)
    return migrations, folder / "sql"


@pytest.fixture(scope="module")
def migrated(server: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Migrated]:
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute("create database before_vocabulary")
    dsn = database_url(server, "before_vocabulary")
    migrate.apply(dsn, *old_source(tmp_path_factory.mktemp("before")), secret=SECRET)
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        connection.execute("select fn.create_partitions('2026-08-20', 16)")
        load(connection)
        widths = {table: len(columns(connection, table)) for (table,) in connection.execute(TABLES).fetchall()}
        before = {table: rows(connection, table, width) for table, width in widths.items()}
        policies = connection.execute("select count(*) from pg_policy where polname like 'wall%'").fetchone()
        assert policies is not None
        assert policies[0] > 100
    world = World(dsn, migrate.apply(dsn, secret=SECRET).functions)
    yield Migrated(world, before, widths)
    world.close_connection()
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute("drop database before_vocabulary with (force)")


def test_it_keeps_every_row(migrated: Migrated) -> None:
    assert migrated.before["feelback"].total() > 2000
    for old_name in ("tally", "tally_day", "content_window", "set_window", "message_state", "visit", "audit", "mail"):
        assert migrated.before[old_name].total() > 3, old_name
    for old_name, before in migrated.before.items():
        after = rows(migrated.world.connection, NEW_NAMES.get(old_name, old_name), migrated.widths[old_name])
        assert after.total() == before.total(), old_name
        if old_name not in WORDS_CHANGE | {"content"}:
            # 0093 deletes the demo's password.
            assert after == Counter(row.replace('"no password"', "") for row in before.elements()), old_name


def test_it_renames_stored_words(migrated: Migrated) -> None:
    def count(table: str, column: str) -> dict[str, int]:
        return dict(migrated.world.ask(f"select {column}, count(*) from {table} group by 1"))

    scopes = count("period", "scope")
    assert set(scopes) == {"placement", "widget", "project"}
    assert scopes["placement"] == migrated.before["period_content"].total()
    assert count("deletion", "kind") == {"placement": 1, "widget": 1}
    assert count("export", "kind") == dict.fromkeys(("responses", "pages", "windows", "periods", "days"), 1)
    assert dict(migrated.world.ask("select reason, count from refusal")) == {
        "origin": 3, "pages_limit": 5, "unknown_widget": 7, "archived": 11,
    }  # fmt: skip
    assert {reason for (reason,) in migrated.world.ask("select reason from refusal")} <= set(refusal_reasons.BY_NAME)
    later = {
        "announce grace ends", "announce payments", "check backups", "delete expired mail bodies",
        "delete old browsers", "delete old deliveries", "delete old devices", "delete old event deliveries",
        "delete old events", "delete old merge holds",
        "delete old merge mentions", "delete old merge responses", "delete old merge tallies",
        "delete old merge visits", "delete old salts", "delete old triage actions", "delete undone merges",
        "emit overdue jobs", "emit page turns", "emit refusal spikes", "emit votes",
    }  # fmt: skip
    assert {name for (name,) in migrated.world.ask("select name from fn.job except select job from job_run")} == later
    # A job that later versions do not have.
    assert migrated.world.ask("select job from job_run except select name from fn.job") == [("refresh last day",)]


def test_it_renames_what_the_audit_log_and_mails_say(migrated: Migrated) -> None:
    verbs = {row[0] for row in migrated.world.ask("select what from audit")}
    assert not [verb for verb in verbs if verb.split(".")[0] in ("set", "content", "feelback") or "signal" in verb]
    assert verbs >= {
        "page.archived", "page.unarchived", "page.renamed", "placement.deleted", "widget.archived", "widget.unarchived",
        "widget.deleted", "widget.updated", "project.unarchived", "project.test_responses_deleted", "response.deleted",
        "message.restored", "widget.options_updated",
    }  # fmt: skip
    details = dict(
        migrated.world.ask("select what, details from audit where details <> '{}' and at = '2026-11-20 12:14Z'")
    )
    assert details == {
        "page.renamed": {"from": "/a", "to": "/b"}, "project.test_responses_deleted": {"responses": 4},
        "visitor.deleted": {"responses": 2}, "message.restored": {"messages": 2},
        "export.requested": {"kind": "responses", "format": "csv"}, "export.deleted": {"kind": "pages"},
        "export.downloaded": {"kind": "days", "format": "csv"},
    }  # fmt: skip
    contexts = [row[0] for row in migrated.world.ask("select context from mail order by template, context ->> 'kind'")]
    assert [context.get("kind") for context in contexts] == ["pages", "responses", None, None]
    assert contexts[3] == {"account": "Demo", "plan": "Free", "share": 80, "responses": "1,600", "quota": "2,000"}


def test_it_makes_a_page_of_the_placements_of_one_key(migrated: Migrated) -> None:
    world = migrated.world
    assert world.value("select count(*) from page") == world.value("select count(distinct key) from placement") == 11
    assert world.value("select count(*) from placement") == 44
    wrong = """
        select count(*) from placement as c
        join widget as w on w.account_id = c.account_id and w.id = c.widget_id
        left join page as p on p.account_id = c.account_id and p.id = c.page_id
        where (p.project_id, p.key) is distinct from (w.project_id, c.key)
    """
    assert world.value(wrong) == 0
    states = world.ask("""
        select p.archived_at is not null, count(*) filter (where c.archived_at is not null), count(*)
        from page as p join placement as c on c.account_id = p.account_id and c.page_id = p.id
        group by p.account_id, p.id order by p.key
    """)
    # One page was archived in one of four widgets, one in all of them.
    assert states == [(False, 1, 4), (True, 4, 4), *[(False, 0, 4)] * 9]
    archived = world.value("select count(*) from widget where archived_at is not null and type = 'rating'")
    assert archived == 1


def test_it_leaves_no_old_name(migrated: Migrated) -> None:
    names = migrated.world.ask("""
        select relname from pg_class where relnamespace = 'public'::regnamespace
        union all select conname from pg_constraint where connamespace = 'public'::regnamespace
        union all select polname from pg_policy
        union all
        select attname from pg_attribute join pg_class on pg_class.oid = attrelid
        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not attisdropped
    """)
    assert [name for (name,) in names if OLD_WORDS & set(name.split("_"))] == []
    # Functions and materialized views of the version before stay as long as it may serve.
    comments = migrated.world.ask(
        "select description from pg_description join pg_class as c on c.oid = objoid"
        " where classoid = 'pg_class'::regclass and relnamespace <> all(%s::regnamespace[])",
        [functions.DEFAULT, "mv"],
    )
    private = r"\b(content sets?|contents|feelbacks?|signals?|veiled|folded?|told|rejections?|walls?)\b"
    assert [text for (text,) in comments if re.search(private, text)] == []
    months = (
        "select count(*) from pg_inherits where inhparent = 'response'::regclass and inhrelid::regclass::text !~ %s"
    )
    assert migrated.world.value(months, r"^response_20\d\d_\d\d$") == 0
    assert migrated.world.value("select fn.create_partitions('2026-08-20', 16)") == 0
    bare = "select count(*) from pg_class where relname like 'response_20%' and relkind = 'r' and not relrowsecurity"
    assert migrated.world.value(bare) == 0


def test_it_counts_on_where_the_version_before_left_off(migrated: Migrated) -> None:
    world = migrated.world
    world.refresh(NOW)  # what later migrations have added to windows is counted first
    assert world.value("call fn.reconcile(%s)", NOW) == 0
    assert differences(world) == {}
    project = world.ask("select account_id, id from project")[0]
    responses = world.value("select sum(responses) from fn.pages(%s, %s)", *project)
    assert responses == world.value("select count(*) from response where counted_on is not null")
    assert world.value("select count(*) from fn.pages(%s, %s, '', true)", *project) == 1
    assert world.value("select sum(placements) from widget") == 44
