"""What a backup says about visitors: no address can be recovered from it, and restoring it works all the same."""

import ipaddress
import itertools
import re
import subprocess
from contextlib import closing
from hashlib import blake2b
from pathlib import Path
from uuid import UUID

import asyncpg
import psycopg

from app import config
from app.backups import backup, programs, restore
from app.backups.manifests import Manifest
from app.backups.stores import Folder
from app.config.parse import NO_ENCRYPTION
from app.database.secrets import visitor_key
from tests.support import factories
from tests.support.serving import BROWSER, running, settings
from tests.support.settings import PGBIN, SECRET

VICTIM = "203.0.113.77"
NETWORK = ipaddress.ip_network("203.0.113.0/24")  # instead of all of IPv4
HEX = re.compile(r"\\\\x([0-9a-f]+)")


def dump_text(folder: Path, manifest: Manifest) -> str:
    """The backup as SQL, as an attacker reads it."""
    program, _ = programs.find("pg_restore", PGBIN, manifest.server, manifest.pg_dump)
    return subprocess.run(
        [program, "-f", "-", folder / manifest.name], check=True, capture_output=True, text=True
    ).stdout


def recovered(text: str, project: UUID, more_keys: tuple[bytes, ...] = ()) -> set[str]:
    """The addresses that hashes in a dump are of, by trying each with each 32 bytes in it, or given, as the key."""
    values = {bytes.fromhex(digits) for digits in HEX.findall(text)}
    hashes = {value for value in values if len(value) == 16}
    keys = {value for value in values if len(value) == 32} | {*more_keys}
    matches = set()
    for key, address in itertools.product(keys, NETWORK):
        packed = address.packed
        for sender in (b"%b%c%b%b" % (project.bytes, len(packed), packed, BROWSER.encode()), project.bytes + packed):
            if blake2b(sender, key=key, digest_size=16).digest() in hashes:
                matches.add(str(address))
    return matches


async def respond(database: str, pool: "asyncpg.Pool[asyncpg.Record]") -> factories.Project:
    """A vote of the victim, with and without a token, and a vote under the policy of addresses."""
    project = await factories.project(pool)
    async with running(settings(database), pool) as api:
        for policy in ("visitor", "address"):
            likes = await factories.widget(pool, of=project, policy=policy)
            await api.stored(likes.id, "+", address=VICTIM, visitor=None)
            await api.stored(likes.id, "+", "/other", address=VICTIM, visitor="a-secret-of-mine")
    return project


async def test_no_address_is_recovered_from_a_backup(
    database: str, pool: "asyncpg.Pool[asyncpg.Record]", tmp_path: Path
) -> None:
    project = await respond(database, pool)
    manifest = backup.create(database, PGBIN, Folder(tmp_path), NO_ENCRYPTION)
    text = dump_text(tmp_path, manifest)
    assert manifest.rows["visit"] > 0
    assert not {*backup.EXCLUDED_DATA} & manifest.rows.keys()
    salt = await pool.fetchval("select salt from visitor_salt")
    assert salt.hex() not in text
    assert await pool.fetchval("select count(*) from address_visit") > 0
    assert await pool.fetchval("select count(*) from visit where address is not null") == 0
    for row in await pool.fetch("select address from address_visit"):
        # What counts an address is nowhere else, but where the address is the visitor.
        rows = await pool.fetchval("select count(*) from response where visitor = $1", row["address"])
        assert (row["address"].hex() in text) == (rows > 0)
    assert recovered(text, project.id) == set()
    # Nor with the salt, as from a standby's archive or the server's disk: it takes the key outside the database.
    assert recovered(text, project.id, (salt,)) == set()
    key = visitor_key([SECRET], await pool.fetchval("select encrypted from encrypted_key"))
    assert recovered(text, project.id, (blake2b(salt, key=key, digest_size=32).digest(),)) == {VICTIM}  # it can fail


async def test_addresses_were_recovered_before(
    database: str, pool: "asyncpg.Pool[asyncpg.Record]", tmp_path: Path
) -> None:
    # A day that a version without the key began: its salt alone yields the address, and is in no dump all the same.
    await pool.execute("insert into visitor_salt values ((now() at time zone 'UTC')::date, $1)", b"s" * 32)
    project = await respond(database, pool)
    manifest = backup.create(database, PGBIN, Folder(tmp_path), NO_ENCRYPTION)
    text = dump_text(tmp_path, manifest)
    assert recovered(text, project.id) == set()
    assert recovered(text, project.id, (b"s" * 32,)) == {VICTIM}


async def test_a_restored_database_has_no_salts_and_recognises_tokens(
    database: str, empty_database: str, pool: "asyncpg.Pool[asyncpg.Record]", tmp_path: Path
) -> None:
    project = await respond(database, pool)
    manifest = backup.create(database, PGBIN, Folder(tmp_path), NO_ENCRYPTION)
    own = config.load({"DATABASE_URL": empty_database, "SECRET_KEY": SECRET, "PGBIN": PGBIN})
    result = restore.restore(own, empty_database, Folder(tmp_path), manifest.name, None)
    assert result.differences == []
    assert (result.reconciled.differed, result.reconciled.failed) == (0, 0)
    with closing(psycopg.connect(empty_database, autocommit=True)) as connection:
        for table in backup.EXCLUDED_DATA:
            assert connection.execute(f"select count(*) from {table}".encode()).fetchone() == (0,)
        row = connection.execute(
            "select id from widget where project_id = %s and visitor_policy = 'visitor'", [project.id]
        ).fetchone()
    assert row is not None
    other = await asyncpg.create_pool(empty_database, min_size=1, max_size=2)
    async with running(own, other) as api:
        again = await api.stored(str(row[0]), "+", "/other", address="198.51.100.9", visitor="a-secret-of-mine")
    await other.close()
    assert again["outcome"] == "duplicate"
