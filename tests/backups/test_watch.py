"""That backups are made and can be restored is watched: recorded, mailed to the operator, and shown."""

import asyncio
import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import psycopg
import pytest

from app import config
from app.backups import backup, drill, pipes, space
from app.backups.stores import Folder
from app.config.parse import NO_ENCRYPTION, Encryption
from app.database import db
from app.errors import FeelbackError
from app.worker import drills
from app.worker.loop import Resources
from tests.support.command_line import feelback, rows
from tests.support.settings import PGBIN, SECRET

Pool = asyncpg.Pool
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def watched(pool: "Pool[asyncpg.Record]") -> "Pool[asyncpg.Record]":
    """A database with an operator."""
    await pool.execute("insert into person (id, email, is_operator) values (gen_random_uuid(), 'op@example.com', true)")
    await pool.execute("insert into person (id, email) values (gen_random_uuid(), 'someone@example.com')")
    return pool


async def mails(pool: "Pool[asyncpg.Record]") -> list[str]:
    """The events that mails to the operator are about, oldest first."""
    sent = await pool.fetch("select recipient, context ->> 'event' as event from mail where template = 'backup_notice'")
    assert {row["recipient"] for row in sent} <= {"op@example.com"}
    return [row["event"] for row in sent]


async def check(pool: "Pool[asyncpg.Record]", hours: float) -> list[str]:
    await pool.execute("select fn.check_backups($1)", NOW + hours * HOUR)
    return await mails(pool)


async def test_nothing_is_said_where_backups_are_not_set_up(watched: "Pool[asyncpg.Record]") -> None:
    assert await check(watched, 10_000) == []
    state = await watched.fetchrow("select is_expected, is_late from fn.backup_state($1)", NOW + 10_000 * HOUR)
    assert tuple(state) == (False, False)


async def test_operators_get_one_mail_after_36_hours_and_one_when_it_is_good_again(
    watched: "Pool[asyncpg.Record]",
) -> None:
    record = "select fn.record_backup($1, 'feelback-1.dump', 1000, 10)"
    await watched.execute("update backup_state set expected_since = $1, made_at = $1", NOW)
    assert await check(watched, 35.9) == []
    assert await check(watched, 36.1) == ["late"]
    assert await check(watched, 60) == ["late"]  # not each hour
    await watched.execute(record, datetime.now(UTC))
    assert await mails(watched) == ["late", "made"]  # at once, not with the next check
    await watched.execute(record, datetime.now(UTC))
    assert await mails(watched) == ["late", "made"]


async def test_a_backup_that_was_never_made_is_late_too(watched: "Pool[asyncpg.Record]") -> None:
    await watched.execute("select fn.expect_backups(true, true, $1)", NOW)
    await watched.execute("select fn.expect_backups(true, true, $1)", NOW + 30 * HOUR)  # the worker was started again
    assert await check(watched, 35.9) == []
    assert await check(watched, 36.1) == ["late"]


async def test_an_older_backup_does_not_hide_a_newer_one(watched: "Pool[asyncpg.Record]") -> None:
    for hours in (10, 5):
        record = "select fn.record_backup($1, $2, 1000, 10)"
        await watched.execute(record, NOW + hours * HOUR, f"feelback-{hours}.dump")
    assert await watched.fetchval("select name from fn.backup_state()") == "feelback-10.dump"


def state(dsn: str) -> dict[str, Any]:
    with closing(psycopg.connect(dsn)) as connection:
        row = connection.execute("select to_jsonb(b) from public.backup_state as b").fetchone()
        return dict(row[0]) if row else {}


def test_a_backup_and_its_failure_are_recorded(full: str, tmp_path: Path) -> None:
    place = tmp_path / "kept"
    assert feelback("backup", DATABASE_URL=full, BACKUP_URL=str(place)).returncode == 0
    recorded = state(full)
    assert recorded["name"] == max(path.name for path in place.glob("*.dump"))
    assert recorded["row_count"] > 5000
    assert recorded["made_at"] is not None
    (tmp_path / "file").touch()
    failed = feelback("backup", DATABASE_URL=full, BACKUP_URL=str(tmp_path / "file" / "x"))
    assert failed.returncode == 1
    after = state(full)
    assert "cannot be written to" in after["error"]
    assert after["made_at"] == recorded["made_at"]
    assert feelback("backup", DATABASE_URL=full, BACKUP_URL=str(place)).returncode == 0
    assert state(full)["error"] is None


def test_a_backup_of_another_version_is_made_and_not_recorded(empty_database: str, tmp_path: Path) -> None:
    process = feelback("backup", DATABASE_URL=empty_database, BACKUP_URL=str(tmp_path))
    assert (process.returncode, "not recorded" in process.stderr) == (0, True), process.stderr


def databases(dsn: str) -> set[str]:
    return {row[0] for row in rows(dsn, "select datname from pg_database where datname like '%\\_drill'")}


def settings(dsn: str, place: Path, **more: str) -> config.Settings:
    return config.load(
        {"DATABASE_URL": dsn, "SECRET_KEY": SECRET, "PGBIN": PGBIN, "BACKUP_URL": str(place), **more}
    )  # fmt: skip


def test_a_drill_restores_and_compares_and_leaves_nothing(full: str, tmp_path: Path) -> None:
    feelback("jobs", "run", "reconcile", DATABASE_URL=full)
    assert feelback("backup", DATABASE_URL=full, BACKUP_URL=str(tmp_path)).returncode == 0
    process = feelback("backup", "drill", DATABASE_URL=full, BACKUP_URL=str(tmp_path))
    assert process.returncode == 0, process.stderr
    assert "rows restored and compared" in process.stdout
    recorded = state(full)
    assert (recorded["drill_error"], recorded["drill_differed"]) == (None, 0)
    assert recorded["drill_rows"] > 5000
    assert recorded["drill_seconds"] > 0
    assert databases(full) == set()


def test_a_drill_that_fails_is_recorded_and_mailed_once(full: str, tmp_path: Path) -> None:
    with closing(psycopg.connect(full, autocommit=True)) as connection:
        connection.execute("update person set is_operator = true where email = (select min(email) from person)")
    assert feelback("backup", DATABASE_URL=full, BACKUP_URL=str(tmp_path)).returncode == 0
    (dump,) = tmp_path.glob("*.dump")
    whole = dump.read_bytes()
    dump.write_bytes(whole[:-1])
    events = "select context ->> 'event' from mail where template = 'backup_notice' order by created_at"
    for _ in range(2):
        process = feelback("backup", "drill", DATABASE_URL=full, BACKUP_URL=str(tmp_path))
        assert process.returncode == 1
        assert "cut off" in state(full)["drill_error"]
    assert rows(full, events) == [("not_restored",)]
    assert databases(full) == set()
    dump.write_bytes(whole)
    assert feelback("backup", "drill", DATABASE_URL=full, BACKUP_URL=str(tmp_path)).returncode == 0
    assert rows(full, events) == [("not_restored",), ("restored",)]


def test_a_drill_without_the_key_reads_the_backup_to_its_end(full: str, tmp_path: Path, age: tuple[str, Path]) -> None:
    folder = Folder(tmp_path)
    manifest = backup.create(full, PGBIN, folder, Encryption("age", age[0]))
    here = settings(full, tmp_path)
    assert drill.run(here, full, folder, manifest.name, None).rows is None
    process = feelback(
        "backup", "drill", DATABASE_URL=full, BACKUP_URL=str(tmp_path), BACKUP_IDENTITY=str(age[1])
    )  # fmt: skip
    assert process.returncode == 0, process.stderr
    assert state(full)["drill_rows"] == sum(manifest.rows.values())
    path = tmp_path / manifest.name
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(FeelbackError, match="cut off"):
        drill.run(here, full, folder, manifest.name, None)


def test_a_drill_without_the_key_of_gpg_reads_it_to_its_end(
    full: str, tmp_path: Path, gpg: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path / "kept")
    name = backup.create(full, PGBIN, folder, Encryption("gpg", gpg)).name
    here = settings(full, tmp_path)
    assert drill.run(here, full, folder, name, None).rows is not None
    empty = tmp_path / "empty"
    empty.mkdir(mode=0o700)
    monkeypatch.setenv("GNUPGHOME", str(empty))
    assert drill.run(here, full, folder, name, None).rows is None


def test_a_drill_drops_what_a_killed_one_left_and_nothing_else(full: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    manifest = backup.create(full, PGBIN, folder, NO_ENCRYPTION)
    name = full.rpartition("/")[2].partition("?")[0] + "_drill"
    with closing(psycopg.connect(full, autocommit=True)) as connection:
        connection.execute(f"create database {name}".encode())
        with pytest.raises(FeelbackError, match="no drill has made"):
            drill.run(settings(full, tmp_path), full, folder, manifest.name, None)
        connection.execute(f"comment on database {name} is '{drill.COMMENT}'".encode())
    assert drill.run(settings(full, tmp_path), full, folder, manifest.name, None).differed == 0
    assert databases(full) == set()


def test_a_full_disk_is_noticed_before_and_not_after(
    full: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Folder(tmp_path)
    manifest = backup.create(full, PGBIN, folder, NO_ENCRYPTION)
    monkeypatch.setattr(space, "free_bytes", lambda path: space.MARGIN)
    with pytest.raises(FeelbackError, match="MB are free"):
        backup.create(full, PGBIN, folder, NO_ENCRYPTION)
    with pytest.raises(FeelbackError, match="MB are free"):
        drill.run(settings(full, tmp_path), full, folder, manifest.name, None)
    assert databases(full) == set()


def test_a_program_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "MOST_SECONDS", 0.2)
    started = time.monotonic()
    with pytest.raises(FeelbackError, match="sleep was killed: it took longer"):
        for _ in pipes.read([["sleep", "600"]]):
            pass
    assert time.monotonic() - started < 300


async def test_a_drill_is_due_once_a_week(pool: "Pool[asyncpg.Record]") -> None:
    async def claim(hours: float) -> bool:
        return bool(await pool.fetchval("select fn.claim_drill($1)", NOW + hours * HOUR))

    await pool.execute("select fn.expect_backups(true, true, $1)", NOW)
    assert not await claim(1)  # there is no backup yet
    await pool.execute("update backup_state set made_at = $1", NOW)
    assert await claim(1)
    assert not await claim(2)
    finish = "select fn.record_drill('x', 1, $1, 0, $2, $3)"
    await pool.execute(finish, 10, None, NOW + 2 * HOUR)
    assert not await claim(7 * 24)
    assert await claim(1 + 7 * 24)
    await pool.execute(finish, None, "broken", NOW + (2 + 7 * 24) * HOUR)
    assert not await claim(1 + 7 * 24 + 23)
    assert await claim(1 + 7 * 24 + 24)  # one that failed, or was cut off, is tried again the next day
    assert await claim(1 + 7 * 24 + 48)
    await pool.execute("select fn.expect_backups(true, false, $1)", NOW)
    assert not await claim(10_000)


@pytest.fixture
def environ(full: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The settings of a worker with backups in a folder, which is returned."""
    place = tmp_path / "kept"
    for name, text in {
        "DATABASE_URL": full, "SECRET_KEY": SECRET, "PGBIN": PGBIN, "BACKUP_URL": str(place),
    }.items():  # fmt: skip
        monkeypatch.setenv(name, text)
    return place


def test_the_worker_does_the_drill(full: str, environ: Path) -> None:
    async def claimed() -> tuple[bool | None, str, bool | None]:
        pool = await db.connect(full)
        try:
            handler = drills.Drills(Resources(config.load(), full, pool, None))
            assert await handler.claim() is None  # nothing was backed up yet; but now it is known that it should
            assert feelback("backup", DATABASE_URL=full, BACKUP_URL=str(environ)).returncode == 0
            item = await handler.claim()
            assert item is not None
            return item, await handler.do(item), await handler.claim()
        finally:
            await pool.close()

    assert asyncio.run(claimed()) == (True, "restored", None)
    recorded = state(full)
    assert recorded["has_drills"]
    assert (recorded["drill_error"], recorded["drill_rows"] > 5000) == (None, True)


def test_a_worker_without_backups_takes_no_drill(full: str) -> None:
    """And no worker machine is started for one."""

    async def claimed() -> bool | None:
        pool = await db.connect(full)
        try:
            await pool.execute("update backup_state set has_drills = true, made_at = now() - interval '1 day'")
            assert await pool.fetchval("select due_at < now() from fn.work_kind where name = 'drill'")
            settings = config.load({"DATABASE_URL": full, "SECRET_KEY": SECRET})
            item = await drills.Drills(Resources(settings, full, pool, None)).claim()
            assert await pool.fetchval("select due_at is null from fn.work_kind where name = 'drill'")
            return item
        finally:
            await pool.close()

    assert asyncio.run(claimed()) is None
    assert state(full)["expected_since"] is None


def test_a_drill_that_ends_without_a_result_is_a_failure(
    full: str, environ: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drills, "COMMAND", [sys.executable, "-c", "import os; print('Killed', flush=True); os.abort()"])

    async def run() -> str:
        pool = await db.connect(full)
        try:
            return await drills.Drills(Resources(config.load(), full, pool, None)).do(True)
        finally:
            await pool.close()

    assert asyncio.run(run()) == "failed"
    assert state(full)["drill_error"] == "Killed"


@pytest.mark.parametrize("handler", ["SIG_DFL", "SIG_IGN"])
def test_a_worker_that_stops_stops_its_drill(
    full: str, environ: Path, monkeypatch: pytest.MonkeyPatch, handler: str
) -> None:
    pid = environ.parent / "pid"
    code = f"import os, signal, time; signal.signal(2, signal.{handler})"
    code += f"; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    monkeypatch.setattr(drills, "COMMAND", [sys.executable, "-c", code])
    monkeypatch.setattr(drills, "STOP_SECONDS", 0.5)

    async def run() -> None:
        pool = await db.connect(full)
        try:
            task = asyncio.create_task(drills.Drills(Resources(config.load(), full, pool, None)).do(True))
            while not (pid.exists() and pid.read_text()):  # noqa: ASYNC110 - another process writes it
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        finally:
            await pool.close()

    asyncio.run(run())
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
