"""Base backups: all files of a Postgres server by pg_basebackup, from which WAL leads to any later moment.

Since Postgres 17 those between two full ones are incremental, if the server has summarize_wal on.
"""

import json
import re
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import psycopg

from app.backups import manifests, pipes, programs, wal
from app.backups.encryption import encrypt_commands
from app.backups.manifests import Sum
from app.backups.stores import Store
from app.config import child_environ
from app.config.parse import Encryption
from app.errors import FeelbackError

NAME = re.compile(r"base-(\d{8}T\d{6}Z)\.tar\.gz(?:\.age|\.gpg)?")
INCREMENTAL_SINCE = 17
FULL_AFTER = timedelta(days=7)  # a chain of incremental backups is at most as long
PG_MANIFEST = ".backup_manifest"


class Base(msgspec.Struct, frozen=True):
    """A base backup. `parent` is what it is incremental to, "" if full; `tar_bytes` is its size unpacked.

    `first_wal` is the file of WAL in which it begins. From `ended_at` on it can be restored to any moment.
    """

    name: str
    created_at: datetime
    ended_at: datetime
    server: int  # the major version of Postgres
    encryption: str  # "", "age" or "gpg"
    bytes: int
    sha256: str
    parent: str
    tar_bytes: int
    first_wal: str


def create(dsn: str, pgbin: str, store: Store, encryption: Encryption, *, full: bool = False) -> Base:
    """Make a base backup of the server at `dsn`, which must archive its WAL: incremental if it can be, unless `full`.

    Raises:
        FeelbackError: 409 if the server archives no WAL, 500 if a program or the storage fails.
    """
    started = datetime.now(UTC)
    with closing(psycopg.connect(dsn, autocommit=True, application_name="feelback backup")) as connection:
        server = connection.info.server_version // 10_000
        mode, segment = _setting(connection, "archive_mode"), _setting(connection, "wal_segment_size")
        summarizes = server >= INCREMENTAL_SINCE and _setting(connection, "summarize_wal") == "on"
        sizes = connection.execute("select pg_size_bytes(%s)", [segment]).fetchone()
    if mode == "off":
        raise FeelbackError(
            409, "The server archives no WAL: archive_mode is off.", hint="docs/recovery.md has the steps."
        )
    parent = None if full or not summarizes else _parent(store, started)
    program, _ = programs.find("pg_basebackup", pgbin, server)
    place, environ = programs.connection(dsn)
    name = f"base-{started:%Y%m%dT%H%M%SZ}.tar.gz" + (f".{encryption.program}" if encryption.program else "")
    stored = Sum()
    with tempfile.TemporaryDirectory(prefix="feelback-base-") as folder:
        command = [program, "--pgdata=-", "--format=tar", "--wal-method=none", "--checkpoint=fast", "--label=feelback"]
        command.append(f"--dbname={place}")
        if parent is not None:
            Path(folder, "parent").write_bytes(b"".join(store.read(parent.name + PG_MANIFEST)))
            command.append(f"--incremental={folder}/parent")
        copy = [sys.executable, "-P", "-m", "app.backups.tar_filter", folder]
        commands = [command, copy, ["gzip", "-1"], *encrypt_commands(encryption)]
        store.write(name, stored.over(pipes.read(commands, {**child_environ(), **environ})))
        body, size = Path(folder, "backup_manifest").read_bytes(), int(Path(folder, "bytes").read_text())
    base = Base(
        name, started, datetime.now(UTC), server, encryption.program, stored.bytes, stored.sha256,
        parent.name if parent else "", size, _first_wal(body, sizes[0] if sizes else 0),
    )  # fmt: skip
    try:
        for _ in manifests.verified(store.read(name), base):
            pass
    except FeelbackError:
        store.delete(name)
        raise
    store.write(name + PG_MANIFEST, iter([body]))
    store.write(f"{name}.json", iter([msgspec.json.format(msgspec.json.encode(base), indent=2) + b"\n"]))
    return base


def bases(store: Store) -> list[Base]:
    """The base backups that are complete, oldest first."""
    files = store.names()
    names = sorted(name for name in files if NAME.fullmatch(name) and f"{name}.json" in files)
    return [msgspec.json.decode(b"".join(store.read(f"{name}.json")), type=Base) for name in names]


def chain(known: Sequence[Base], target: datetime | None) -> list[Base]:
    """The full backup and the incremental ones after it from which a moment is restored; None is the latest.

    Raises:
        FeelbackError: 404 if there is none that is old enough, or a part of it is missing.
    """
    by_name = {base.name: base for base in known}
    fit = [base for base in known if target is None or base.ended_at <= target]
    if not fit:
        first = f"The first is of {known[0].ended_at:%Y-%m-%d %H:%M:%S} UTC." if known else "There is none at all."
        raise FeelbackError(404, "There is no base backup from before that time.", hint=first)
    parts = [fit[-1]]
    while parts[0].parent:
        if parts[0].parent not in by_name:
            raise FeelbackError(404, f"{parts[0].parent} is missing, to which {parts[0].name} is incremental.")
        parts.insert(0, by_name[parts[0].parent])
    return parts


def delete_old(bases_store: Store, wal_store: Store, days: int, now: datetime | None = None) -> list[str]:
    """Delete the base backups and the WAL that no moment of the last `days` needs; returns the names of the former."""
    known = bases(bases_store)
    limit = (now or datetime.now(UTC)) - timedelta(days=days)
    fulls = [base for base in known if not base.parent and base.ended_at <= limit]
    if not fulls:
        return []
    first = fulls[-1]
    old = [base.name for base in known if base.created_at < first.created_at]
    for name in old:
        for suffix in (".json", PG_MANIFEST, ""):  # without .json it counts as interrupted
            bases_store.delete(name + suffix)
    wal.delete_before(wal_store, first.first_wal)
    for store in (bases_store, wal_store):
        store.tidy()
    return old


def _parent(store: Store, now: datetime) -> Base | None:
    known = bases(store)
    full = max((base.created_at for base in known if not base.parent), default=None)
    return known[-1] if full is not None and now - full < FULL_AFTER else None


def _setting(connection: psycopg.Connection, name: str) -> str:
    row = connection.execute("select current_setting(%s)", [name]).fetchone()
    return str(row[0]) if row else ""


def _first_wal(body: bytes, segment: int) -> str:
    first = json.loads(body)["WAL-Ranges"][0]
    high, low = (int(part, 16) for part in first["Start-LSN"].split("/"))
    return f"{first['Timeline']:08X}{high:08X}{low // segment:08X}"
