"""The drill: back up, destroy, restore, compare; and all kinds of broken backups."""

import asyncio
import base64
import json
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest

from app import config
from app.backups import backup, manifests, programs, restore
from app.backups.stores import Folder, store
from app.commands import aws_lambda
from app.commands.database import with_pool
from app.config.parse import NO_ENCRYPTION, Encryption
from app.database import upkeep
from app.errors import ConfigError, FeelbackError
from tests.support.command_line import feelback, rows
from tests.support.outbox import stored_mail
from tests.support.settings import PGBIN, SECRET


def all_rows(dsn: str) -> dict[str, list[Any]]:
    """Every row of every table, except yoyo's."""
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        names = [row[0] for row in connection.execute(backup.TABLES) if "yoyo" not in row[0]]
        return {
            name: sorted(str(row[0]) for row in connection.execute(f"select t::text from public.{name} as t"))
            for name in names
        }


def restored(dsn: str, folder: Folder, name: str, identity: Path | None = None) -> restore.Restored:
    settings = config.load({"DATABASE_URL": dsn, "SECRET_KEY": SECRET, "PGBIN": PGBIN})
    return restore.restore(settings, dsn, folder, name, identity)


RIGHTS = """
    select c.relname, pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity from pg_class as c
    where c.relnamespace in ('public'::regnamespace, 'mv'::regnamespace) and c.relkind in ('r', 'p', 'm')
        and c.relname !~ 'yoyo|schema_version' order by 1
"""
POLICIES = "select polname, polrelid::regclass::text from pg_policy order by 2, 1"
FUNCTIONS = "select proname, prosecdef from pg_proc where pronamespace = 'fn'::regnamespace order by 1"


def test_a_backup_in_storage_is_restored(full: str, empty_database: str, bucket: str) -> None:
    upkeep.reconcile(full)  # so that the reconciliation after restoring has nothing to do
    refused = feelback("backup", DATABASE_URL=full, BACKUP_URL=bucket)
    assert (refused.returncode, "BACKUP_ENCRYPTION" in refused.stderr) == (2, True)
    assert store(bucket).names() == {}
    process = feelback("backup", DATABASE_URL=full, BACKUP_URL=bucket, BACKUP_ENCRYPTION="off")
    assert process.returncode == 0, process.stderr
    assert "verified" in process.stdout
    assert "verified" in feelback("backup", "verify", DATABASE_URL=full, BACKUP_URL=bucket).stdout
    listing = feelback("backup", "list", DATABASE_URL=full, BACKUP_URL=bucket).stdout
    assert "not encrypted" in listing
    before = all_rows(full)
    back = feelback("restore", DATABASE_URL=empty_database, BACKUP_URL=bucket)
    assert back.returncode == 0, back.stdout + back.stderr
    assert "Checked" in back.stdout
    after = all_rows(empty_database)
    # Restoring reconciles, which records that it ran.
    differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert differing <= {
        "backup_state",
        "reconciliation",
        "reconcile_cursor",
        "reconcile_result",
        "roll_up",
        "schema_version",
        "job_run",
        *backup.EXCLUDED_DATA,
    }, differing
    assert sum(map(len, before.values())) > 5000
    for query in (RIGHTS, POLICIES, FUNCTIONS):
        assert rows(empty_database, query) == rows(full, query)
    again = feelback("restore", DATABASE_URL=empty_database, BACKUP_URL=bucket)
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)


def test_a_stored_mail_is_in_no_backup(database: str, empty_database: str, tmp_path: Path) -> None:
    asyncio.run(with_pool(database, lambda pool: stored_mail(pool, link="/links/a-secret-of-a-link")))
    process = feelback("backup", DATABASE_URL=database, BACKUP_URL=str(tmp_path))
    assert process.returncode == 0, process.stderr
    (dump,) = (path for path in tmp_path.iterdir() if path.suffix != ".json")
    ((version,),) = rows(database, "show server_version_num")
    program, _ = programs.find("pg_restore", PGBIN, int(version) // 10_000)
    listed = subprocess.run([program, "--file=-", str(dump)], capture_output=True, check=True).stdout
    assert b"COPY public.mail " in listed
    assert b"a-secret-of-a-link" not in listed
    assert base64.b64encode(b"a-secret-of-a-link")[:16] not in listed
    assert b"a-secret-of-a-link".hex().encode() not in listed
    back = feelback("restore", DATABASE_URL=empty_database, BACKUP_URL=str(tmp_path))
    assert back.returncode == 0, back.stdout + back.stderr
    assert rows(empty_database, "select (select count(*) from mail), (select count(*) from mail_body)") == [(1, 0)]


@pytest.mark.parametrize("program", ["age", "gpg"])
def test_a_backup_is_encrypted(
    full: str, empty_database: str, tmp_path: Path, request: pytest.FixtureRequest, program: str
) -> None:
    recipient, identity = request.getfixturevalue("age") if program == "age" else (request.getfixturevalue("gpg"), None)
    folder = Folder(tmp_path / "kept")
    manifest = backup.create(full, PGBIN, folder, Encryption(program, recipient))
    assert manifest.name.endswith(f".dump.{program}")
    stored = (tmp_path / "kept" / manifest.name).read_bytes()
    assert b"PGDMP" not in stored
    assert b"feelback" not in stored[40:]
    result = restored(empty_database, folder, manifest.name, identity)
    assert (result.differences, result.rows) == ([], sum(manifest.rows.values()))


def test_restoring_requires_the_keys_of_age(
    full: str, empty_database: str, tmp_path: Path, age: tuple[str, Path]
) -> None:
    folder = Folder(tmp_path)
    manifest = backup.create(full, PGBIN, folder, Encryption("age", age[0]))
    with pytest.raises(FeelbackError, match="encrypted with age"):
        restored(empty_database, folder, manifest.name, None)
    other = tmp_path / "other.txt"
    subprocess.run(["age-keygen", "-o", other], check=True, capture_output=True)
    with pytest.raises(FeelbackError, match="age failed"):
        restored(empty_database, folder, manifest.name, other)
    assert all_rows(empty_database) == {}


def broken(text: bytes) -> Iterator[tuple[str, bytes]]:
    middle = len(text) // 2
    yield "truncated", text[:middle]
    yield "one byte short", text[:-1]
    yield "empty", b""
    yield "a bit turned", text[:middle] + bytes([text[middle] ^ 1]) + text[middle + 1 :]
    yield "longer", text + b"x"
    yield "another file", b"x" * len(text)


@pytest.fixture(params=["pg_restore of the server's version", "a newer pg_restore"])
def any_pg_restore(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A newer one than the server goes through psql: the image's is of Postgres 17."""
    if request.param.startswith("a newer"):
        find = programs.find

        def newer(name: str, *arguments: Any) -> tuple[str, int]:
            path, major = find(name, *arguments)
            return path, 99 if name == "pg_restore" else major

        monkeypatch.setattr(programs, "find", newer)


@pytest.mark.usefixtures("any_pg_restore")
def test_each_pg_restore_restores_all(full: str, empty_database: str, tmp_path: Path) -> None:
    upkeep.reconcile(full)
    folder = Folder(tmp_path)
    name = backup.create(full, PGBIN, folder, NO_ENCRYPTION).name
    result = restored(empty_database, folder, name)
    assert (result.differences, result.rows) == ([], sum(result.manifest.rows.values()))
    assert result.reconciled.differed == 0


@pytest.mark.usefixtures("any_pg_restore")
def test_a_broken_backup_leaves_the_database_empty(full: str, empty_database: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    manifest = backup.create(full, PGBIN, folder, NO_ENCRYPTION)
    text = (tmp_path / manifest.name).read_bytes()
    for what, wrong in broken(text):
        (tmp_path / manifest.name).write_bytes(wrong)
        with pytest.raises(FeelbackError, match=r"broken|cut off|(pg_restore|psql) failed"):
            restored(empty_database, folder, manifest.name, None)
        assert all_rows(empty_database) == {}, what
        with pytest.raises(FeelbackError, match=r"broken|cut off"):
            restore.verify(folder, manifest.name)
    (tmp_path / manifest.name).write_bytes(text)
    (tmp_path / f"{manifest.name}.json").write_text("{}")
    with pytest.raises(FeelbackError, match="is broken"):
        restored(empty_database, folder, manifest.name, None)


def test_rows_that_differ_from_the_manifest_are_reported(full: str, empty_database: str, tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    manifest = backup.create(full, PGBIN, folder, NO_ENCRYPTION)
    body = json.loads((tmp_path / f"{manifest.name}.json").read_text())
    body["rows"]["project"] += 1
    (tmp_path / f"{manifest.name}.json").write_text(json.dumps(body))
    back = feelback("restore", "--from", str(tmp_path), DATABASE_URL=empty_database)
    assert back.returncode == 1
    assert "project" in back.stdout
    assert "Checked" not in back.stdout


def test_nothing_is_stored_when_the_dump_fails(full: str, bucket: str, tmp_path: Path) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    program = fake / "pg_dump"
    program.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99.1" && exit\n'
                       "head -c 40000000 /dev/zero; echo 'the disk is on fire' >&2; exit 3\n")  # fmt: skip
    program.chmod(0o755)
    for place in (bucket, str(tmp_path / "kept")):
        with pytest.raises(FeelbackError, match="pg_dump failed: the disk is on fire"):
            backup.create(full, str(fake), store(place), NO_ENCRYPTION)
        assert store(place).names() == {}
    assert "Uploads" not in boto3.client("s3").list_multipart_uploads(Bucket="backups")


def test_an_error_names_the_missing_program(full: str, tmp_path: Path) -> None:
    with pytest.raises(FeelbackError, match=r"pg_dump must be \d+ or newer. Found: none"):
        backup.create(full, str(tmp_path), Folder(tmp_path), NO_ENCRYPTION)


def test_one_backup_runs_at_a_time(full: str, tmp_path: Path) -> None:
    with backup._snapshot(full), pytest.raises(FeelbackError, match="Another backup"):
        backup.create(full, PGBIN, Folder(tmp_path), NO_ENCRYPTION)


def test_a_lambda_creates_a_backup(full: str, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {"DATABASE_URL": full, "SECRET_KEY": SECRET, "PGBIN": PGBIN}.items():
        monkeypatch.setenv(name, text)
    with pytest.raises(ConfigError, match="BACKUP_URL"):
        aws_lambda.handler({}, None)
    monkeypatch.setenv("BACKUP_URL", bucket)
    with pytest.raises(ConfigError, match="BACKUP_ENCRYPTION"):
        aws_lambda.handler({}, None)
    monkeypatch.setenv("BACKUP_ENCRYPTION", "off")
    result = aws_lambda.handler({}, None)
    assert result["rows"] > 5000
    assert manifests.time_of(result["name"])
    assert restore.verify(store(bucket), result["name"]).sha256 == result["sha256"]


def test_a_role_that_is_not_superuser_can_restore(server: str, full: str, tmp_path: Path) -> None:
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute("create role operator login createrole")
        connection.execute("grant feelback_owner, feelback_panel to operator with admin option")
        connection.execute("create database operated owner operator")
    theirs = server.replace("feelback@", "operator@", 1).replace("/feelback?", "/operated?", 1)
    try:
        upkeep.reconcile(full)
        folder = Folder(tmp_path)
        manifest = backup.create(full, PGBIN, folder, NO_ENCRYPTION)
        result = restored(theirs, folder, manifest.name, None)
        assert result.differences == []
        again = backup.create(theirs, PGBIN, folder, NO_ENCRYPTION, manifest.created_at + timedelta(seconds=1))
        changed = {name for name in manifest.rows if manifest.rows[name] != again.rows[name]}
        assert changed <= {"reconciliation"}
    finally:
        with closing(psycopg.connect(server, autocommit=True)) as connection:
            connection.execute("drop database operated with (force)")
            connection.execute("drop owned by operator")
            connection.execute("drop role operator")
