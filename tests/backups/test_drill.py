"""The drill: back up, destroy, restore, compare; and every way for a backup to be broken."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import psycopg
import pytest

from app import config
from app.backups import backup, manifests, restore
from app.backups.stores import Folder, store
from app.commands import aws_lambda
from app.config import ROOT
from app.config.parse import NO_ENCRYPTION, Encryption
from app.database import upkeep
from app.errors import ConfigError, FeelbackError
from tests.support.settings import PGBIN, SECRET


def placements(dsn: str) -> dict[str, list[Any]]:
    """Every row of every table; but what migrating writes down about itself."""
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        names = [row[0] for row in connection.execute(backup.TABLES) if "yoyo" not in row[0]]
        return {
            name: sorted(str(row[0]) for row in connection.execute(f"select t::text from public.{name} as t"))
            for name in names
        }


def rows(dsn: str, query: str) -> list[Any]:
    with closing(psycopg.connect(dsn, autocommit=True)) as connection:
        return connection.execute(query.encode()).fetchall()


def feelback(*arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: text for name, text in os.environ.items() if name not in config.names()}
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120,
        env={**kept, "SECRET_KEY": SECRET, "PGBIN": PGBIN, **settings},
    )  # fmt: skip


RIGHTS = """
    select c.relname, pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity from pg_class as c
    where c.relnamespace in ('public'::regnamespace, 'mv'::regnamespace) and c.relkind in ('r', 'p', 'm')
        and c.relname !~ 'yoyo|schema_digest' order by 1
"""
POLICIES = "select polname, polrelid::regclass::text from pg_policy order by 2, 1"
FUNCTIONS = "select proname, prosecdef from pg_proc where pronamespace = 'fn'::regnamespace order by 1"


def test_it_brings_back_from_storage_what_it_backed_up(full: str, empty_database: str, bucket: str) -> None:
    upkeep.reconcile(full)  # or restoring, which reconciles, would have something to pass on
    made = feelback("backup", DATABASE_URL=full, BACKUP_URL=bucket)
    assert made.returncode == 0, made.stderr
    assert "read back and found whole" in made.stdout
    assert "whole" in feelback("backup", "verify", DATABASE_URL=full, BACKUP_URL=bucket).stdout
    listed = feelback("backup", "list", DATABASE_URL=full, BACKUP_URL=bucket).stdout
    assert "not encrypted" in listed
    before = placements(full)
    back = feelback("restore", DATABASE_URL=empty_database, BACKUP_URL=bucket)
    assert back.returncode == 0, back.stdout + back.stderr
    assert "Proved" in back.stdout
    after = placements(empty_database)
    # Reconciling says that it looked.
    differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert differing <= {"reconciliation", "reconcile_cursor", "roll_up", "schema_digest", "job_run"}, differing
    assert sum(map(len, before.values())) > 5000
    for query in (RIGHTS, POLICIES, FUNCTIONS):
        assert rows(empty_database, query) == rows(full, query)
    again = feelback("restore", DATABASE_URL=empty_database, BACKUP_URL=bucket)
    assert (again.returncode, "is not empty" in again.stderr) == (1, True)


@pytest.mark.parametrize("program", ["age", "gpg"])
def test_it_encrypts(
    full: str, empty_database: str, tmp_path: Path, request: pytest.FixtureRequest, program: str
) -> None:
    recipient, identity = request.getfixturevalue("age") if program == "age" else (request.getfixturevalue("gpg"), None)
    kept = Folder(tmp_path / "kept")
    made = backup.make(full, PGBIN, kept, Encryption(program, recipient))
    assert made.name.endswith(f".dump.{program}")
    stored = (tmp_path / "kept" / made.name).read_bytes()
    assert b"PGDMP" not in stored
    assert b"feelback" not in stored[40:]
    done = restore.restore(empty_database, PGBIN, kept, made.name, identity, SECRET)
    assert (done.differed, done.rows) == ([], sum(made.rows.values()))


def test_it_asks_for_the_keys_of_age(full: str, empty_database: str, tmp_path: Path, age: tuple[str, Path]) -> None:
    kept = Folder(tmp_path)
    made = backup.make(full, PGBIN, kept, Encryption("age", age[0]))
    with pytest.raises(FeelbackError, match="encrypted with age"):
        restore.restore(empty_database, PGBIN, kept, made.name, None, SECRET)
    other = tmp_path / "other.txt"
    subprocess.run(["age-keygen", "-o", other], check=True, capture_output=True)
    with pytest.raises(FeelbackError, match="age failed"):
        restore.restore(empty_database, PGBIN, kept, made.name, other, SECRET)
    assert placements(empty_database) == {}


def broken(text: bytes) -> Iterator[tuple[str, bytes]]:
    middle = len(text) // 2
    yield "truncated", text[:middle]
    yield "one byte short", text[:-1]
    yield "empty", b""
    yield "a bit turned", text[:middle] + bytes([text[middle] ^ 1]) + text[middle + 1 :]
    yield "longer", text + b"x"
    yield "another file", b"x" * len(text)


def test_it_refuses_what_is_broken_and_leaves_the_database_empty(
    full: str, empty_database: str, tmp_path: Path
) -> None:
    kept = Folder(tmp_path)
    made = backup.make(full, PGBIN, kept, NO_ENCRYPTION)
    text = (tmp_path / made.name).read_bytes()
    for what, wrong in broken(text):
        (tmp_path / made.name).write_bytes(wrong)
        with pytest.raises(FeelbackError, match=r"broken|cut off|pg_restore failed"):
            restore.restore(empty_database, PGBIN, kept, made.name, None, SECRET)
        assert placements(empty_database) == {}, what
        with pytest.raises(FeelbackError, match=r"broken|cut off"):
            restore.verify(kept, made.name)
    (tmp_path / made.name).write_bytes(text)
    (tmp_path / f"{made.name}.json").write_text("{}")
    with pytest.raises(FeelbackError, match="is broken"):
        restore.restore(empty_database, PGBIN, kept, made.name, None, SECRET)


def test_it_tells_of_rows_that_are_not_those_noted(full: str, empty_database: str, tmp_path: Path) -> None:
    kept = Folder(tmp_path)
    made = backup.make(full, PGBIN, kept, NO_ENCRYPTION)
    noted = json.loads((tmp_path / f"{made.name}.json").read_text())
    noted["rows"]["project"] += 1
    (tmp_path / f"{made.name}.json").write_text(json.dumps(noted))
    back = feelback("restore", "--from", str(tmp_path), DATABASE_URL=empty_database)
    assert back.returncode == 1
    assert "project" in back.stdout
    assert "Proved" not in back.stdout


def test_it_keeps_nothing_when_the_dump_fails(full: str, bucket: str, tmp_path: Path) -> None:
    fake = tmp_path / "bin"
    fake.mkdir()
    program = fake / "pg_dump"
    program.write_text('#!/bin/sh\n[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99.1" && exit\n'
                       "head -c 40000000 /dev/zero; echo 'the disk is on fire' >&2; exit 3\n")  # fmt: skip
    program.chmod(0o755)
    for place in (bucket, str(tmp_path / "kept")):
        with pytest.raises(FeelbackError, match="pg_dump failed: the disk is on fire"):
            backup.make(full, str(fake), store(place), NO_ENCRYPTION)
        assert store(place).names() == {}
    assert "Uploads" not in boto3.client("s3").list_multipart_uploads(Bucket="backups")


def test_it_says_which_program_is_missing(full: str, tmp_path: Path) -> None:
    with pytest.raises(FeelbackError, match=r"pg_dump must be \d+ or newer. Found: none"):
        backup.make(full, str(tmp_path), Folder(tmp_path), NO_ENCRYPTION)


def test_it_makes_one_backup_at_a_time(full: str, tmp_path: Path) -> None:
    with backup._snapshot(full), pytest.raises(FeelbackError, match="Another backup"):
        backup.make(full, PGBIN, Folder(tmp_path), NO_ENCRYPTION)


def test_it_runs_as_a_lambda(full: str, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text in {"DATABASE_URL": full, "SECRET_KEY": SECRET, "PGBIN": PGBIN}.items():
        monkeypatch.setenv(name, text)
    with pytest.raises(ConfigError, match="BACKUP_URL"):
        aws_lambda.handler({}, None)
    monkeypatch.setenv("BACKUP_URL", bucket)
    told = aws_lambda.handler({}, None)
    assert told["rows"] > 5000
    assert manifests.time_of(told["name"])
    assert restore.verify(store(bucket), told["name"]).sha256 == told["sha256"]


def test_it_works_for_a_user_who_is_no_superuser(server: str, full: str, tmp_path: Path) -> None:
    with closing(psycopg.connect(server, autocommit=True)) as connection:
        connection.execute("create role operator login createrole")
        connection.execute("grant feelback_owner, feelback_panel to operator with admin option")
        connection.execute("create database operated owner operator")
    theirs = server.replace("feelback@", "operator@", 1).replace("/feelback?", "/operated?", 1)
    try:
        upkeep.reconcile(full)
        kept = Folder(tmp_path)
        made = backup.make(full, PGBIN, kept, NO_ENCRYPTION)
        done = restore.restore(theirs, PGBIN, kept, made.name, None, SECRET)
        assert done.differed == []
        again = backup.make(theirs, PGBIN, kept, NO_ENCRYPTION, made.created_at + timedelta(seconds=1))
        changed = {name for name in made.rows if made.rows[name] != again.rows[name]}
        assert changed <= {"reconciliation"}
    finally:
        with closing(psycopg.connect(server, autocommit=True)) as connection:
            connection.execute("drop database operated with (force)")
            connection.execute("drop owned by operator")
            connection.execute("drop role operator")
