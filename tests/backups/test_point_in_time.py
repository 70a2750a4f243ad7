"""Point-in-time recovery: base backups and archived WAL lead back to a moment between two responses."""

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app import config
from app.backups import base, wal
from app.backups.base import Base
from app.backups.stores import Folder, store
from app.config.parse import NO_ENCRYPTION, Encryption
from app.database import migrate
from app.database.embedded import cluster
from app.database.embedded.programs import account
from app.errors import FeelbackError
from tests.support.command_line import feelback
from tests.support.settings import PGBIN, SECRET

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
# Postgres' user may not run our programs here, so the command leaves the file and waits until `Archiver` has stored it.
ARCHIVE_COMMAND = (
    "cp %p {folder}/%f.new && mv {folder}/%f.new {folder}/%f && while [ -e {folder}/%f ]; do sleep 0.02; done"
)


class Archiver:
    """Runs `feelback backup wal` for each file that the server archives."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self._folder, self._settings, self._stop = folder, settings, threading.Event()
        self.failures: list[str] = []
        self._thread = threading.Thread(target=self._run)

    def __enter__(self) -> "Archiver":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stop.wait(0.02):
            for path in sorted(self._folder.iterdir()):
                if path.suffix == ".new":
                    continue
                process = feelback("backup", "wal", str(path), **self._settings)
                if process.returncode:
                    self.failures.append(process.stderr)
                path.unlink()


@contextmanager
def archiving_server(folder: Path, more: dict[str, str], **settings: str) -> Iterator[str]:
    """The DSN of an embedded Postgres that archives its WAL."""
    spool = folder / "spool"
    spool.mkdir()
    account(folder / "none").own(spool)
    options = {
        "archive_mode": "on", "archive_command": ARCHIVE_COMMAND.format(folder=spool), "wal_level": "replica",
        "max_wal_senders": "4", "autovacuum": "off", **more,
    }  # fmt: skip
    loaded = config.load({"FEELBACK_DATA": str(folder / "from"), "PGBIN": PGBIN, "SECRET_KEY": SECRET})
    with Archiver(spool, **settings) as archiver, cluster.use(loaded, options) as dsn:
        yield dsn
    assert archiver.failures == []


def execute(dsn: str, query: str, *arguments: Any) -> list[Any]:
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        cursor = connection.execute(query.encode(), arguments or None)
        return cursor.fetchall() if cursor.description else []


def respond(dsn: str, page: str) -> datetime:
    """Store a response on a page; a moment after it was committed."""
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        connection.execute(RESPONSE.encode(), {"page": page})
        time.sleep(0.05)
        row = connection.execute("select clock_timestamp()").fetchone()
        assert row is not None
        time.sleep(0.05)
        return row[0]


RESPONSE = """
    select fn.ingest_responses(
        array[w.account_id], array[w.id], array[%(page)s], array[fn.uuid_v7(now())],
        array[(extract(epoch from now()) * 1000)::bigint], array[(now() at time zone 'UTC')::date], array[1::smallint],
        null, null, null, null, null, null, null, 1000, null
    )
    from widget as w
"""
PAGES = "select p.key from response as r join placement as p on p.id = r.placement_id order by 1"
WIDGET = """
    with a as (insert into account (id, name) values (fn.uuid_v7(now()), 'Acme') returning id),
    p as (
        insert into project (account_id, id, slug, name, time_zone, created_at)
        select a.id, fn.uuid_v7(now()), 'acorn', 'Acorn', 'UTC', now() from a returning account_id, id
    ), w as (
        insert into widget (account_id, id, project_id, name, type)
        select p.account_id, fn.uuid_v7(now()), p.id, 'Pulse', 'updown' from p returning account_id, id
    )
    select account_id, id from w
"""


def pages(folder: Path) -> list[str]:
    """The pages with a response in the restored server, once it runs again."""
    loaded = config.load({"FEELBACK_DATA": str(folder), "PGBIN": PGBIN, "SECRET_KEY": SECRET})
    with cluster.use(loaded) as dsn:
        return [row[0] for row in execute(dsn, PAGES)]


def version(dsn: str) -> int:
    return int(execute(dsn, "show server_version_num")[0][0]) // 10_000


@pytest.mark.slow
def test_it_goes_back_to_a_moment_between_two_responses(data_folder: Path, bucket: str, age: tuple[str, Path]) -> None:
    settings = {
        "BACKUP_URL": bucket, "BACKUP_ENCRYPTION": f"age:{age[0]}", "BACKUP_IDENTITY": str(age[1]),
        "FEELBACK_DATA": str(data_folder / "from"),
    }  # fmt: skip
    summarize = {"summarize_wal": "on"} if "/15" not in PGBIN else {}
    with archiving_server(data_folder, summarize, **settings) as dsn:
        migrate.apply(dsn, secret=SECRET)
        ((account_id, widget_id),) = execute(dsn, WIDGET)
        execute(
            dsn, "select fn.create_options(%s, %s, 'updown', fn.preset_options('updown', null))", account_id, widget_id
        )
        respond(dsn, "/before")
        for _ in range(2):
            process = feelback("backup", "base", **settings)
            assert (process.returncode, "verified" in process.stdout) == (0, True), process.stderr
            respond(dsn, f"/after-base-{_}")
            time.sleep(1)  # names of base backups have seconds
        moment = respond(dsn, "/last")
        respond(dsn, "/mistake")
        assert len(execute(dsn, PAGES)) == 5
        execute(dsn, "select pg_switch_wal()")
        too_early = execute(dsn, "select clock_timestamp() - interval '1 day'")[0][0]
        is_incremental = version(dsn) >= 17
        assert ("incremental to" in process.stdout) == is_incremental
    # Elsewhere, from storage alone.
    target = {**settings, "FEELBACK_DATA": str(data_folder / "to")}
    back = feelback("restore", "--to", moment.isoformat(), **target)
    assert back.returncode == 0, back.stdout + back.stderr
    assert f"from {2 if is_incremental else 1} base backups" in back.stdout
    assert "0 differed" in back.stdout
    assert "Checked" in back.stdout
    assert pages(data_folder / "to") == ["/after-base-0", "/after-base-1", "/before", "/last"]
    latest = {**settings, "FEELBACK_DATA": str(data_folder / "latest")}
    back = feelback("restore", "--to", "latest", **latest)
    assert back.returncode == 0, back.stdout + back.stderr
    assert "/mistake" in pages(data_folder / "latest")
    for to, message in (
        (moment.isoformat(), "is not empty"),
        (too_early.isoformat(), "There is no base backup from before"),
        ((moment + timedelta(days=1)).isoformat(), "The archive does not reach to that time"),
        ("yesterday", "is not a moment"),
        ("2026-11-24 09:41", "no time zone"),
    ):
        folder = "to" if message == "is not empty" else "fails"
        failed = feelback("restore", "--to", to, **{**settings, "FEELBACK_DATA": str(data_folder / folder)})
        assert (failed.returncode != 0, message in failed.stderr) == (True, True), failed.stderr
        assert "Traceback" not in failed.stderr
        assert not (data_folder / "fails" / "postgres" / "data").exists()


def test_a_file_of_wal_is_stored_once(tmp_path: Path, age: tuple[str, Path]) -> None:
    path, folder = tmp_path / "000000010000000000000001", Folder(tmp_path / "archive")
    path.write_bytes(b"x" * 100_000)
    encryption = Encryption("age", age[0])
    assert wal.archive(folder, path, encryption)
    assert not wal.archive(folder, path, encryption)  # Postgres repeats it after a crash
    path.write_bytes(b"y" * 100_000)
    with pytest.raises(FeelbackError, match="has another"):  # a second server with the same place
        wal.archive(folder, path, encryption)
    fetched = tmp_path / "fetched"
    assert wal.fetch(folder, path.name, fetched, age[1])
    assert fetched.read_bytes() == b"x" * 100_000
    assert not wal.fetch(folder, "000000010000000000000002", fetched, age[1])
    odd = tmp_path / "secrets.txt"
    odd.touch()
    with pytest.raises(FeelbackError, match="not the name of a file of WAL"):
        wal.archive(folder, odd, encryption)


def test_a_broken_file_of_wal_is_not_taken_for_the_end(tmp_path: Path) -> None:
    path, folder = tmp_path / "000000010000000000000001", Folder(tmp_path / "archive")
    path.write_bytes(b"x" * 100_000)
    wal.archive(folder, path, NO_ENCRYPTION)
    (stored,) = (tmp_path / "archive").iterdir()
    path.write_bytes(b"y" * 100_000)
    stored.write_bytes(subprocess.run(["gzip", "-c", path], check=True, capture_output=True).stdout)
    for text in (stored.read_bytes(), stored.read_bytes()[:-9]):
        stored.write_bytes(text)
        with pytest.raises(FeelbackError, match=r"is broken|gzip failed"):
            wal.fetch(folder, path.name, tmp_path / "fetched", None)
        assert not (tmp_path / "fetched").exists()


def a_base(days: float, parent: str = "", first_wal: str = "000000010000000000000001") -> Base:
    time = NOW - timedelta(days=days)
    return Base(f"base-{time:%Y%m%dT%H%M%SZ}.tar.gz", time, time, 18, "", 1, "", parent, 1, first_wal)


def test_a_chain_begins_with_a_full_backup() -> None:
    full, other = a_base(3), a_base(0)
    first = a_base(2, full.name)
    second = a_base(1, first.name)
    known = [full, first, second, other]
    assert base.chain(known, NOW - timedelta(hours=1)) == [full, first, second]
    assert base.chain(known, NOW - timedelta(days=2.5)) == [full]
    assert base.chain(known, None) == [other]
    with pytest.raises(FeelbackError, match="There is no base backup from before"):
        base.chain(known, NOW - timedelta(days=4))
    with pytest.raises(FeelbackError, match="is missing"):
        base.chain([full, second], None)


def test_what_no_moment_needs_is_deleted(tmp_path: Path) -> None:
    import msgspec

    bases, archive = store(str(tmp_path / "base")), store(str(tmp_path / "wal"))
    old, full = a_base(20, first_wal="000000010000000000000003"), a_base(10, first_wal="000000010000000000000005")
    known = [old, a_base(15, old.name), full, a_base(5, full.name), a_base(3)]
    for each in known:
        for suffix in ("", ".json", base.PG_MANIFEST):
            bases.write(each.name + suffix, iter([msgspec.json.encode(each)]))
    for number in range(2, 8):
        archive.write(f"00000001{number:016X}-{'0' * 16}.gz", iter([b""]))
    archive.write(f"00000002.history-{'0' * 16}.gz", iter([b""]))
    assert base.delete_old(bases, archive, 7, NOW) == [old.name, known[1].name]
    assert base.bases(bases) == known[2:]
    left = sorted(name.split("-")[0] for name in archive.names())
    assert left == ["00000001" + f"{number:016X}" for number in (5, 6, 7)] + ["00000002.history"]
    assert base.delete_old(bases, archive, 30, NOW) == []


def test_a_server_without_archive_is_refused(full: str, tmp_path: Path) -> None:
    process = feelback("backup", "base", DATABASE_URL=full, BACKUP_URL=str(tmp_path))
    assert (process.returncode, "archive_mode is off" in process.stderr) == (1, True)
