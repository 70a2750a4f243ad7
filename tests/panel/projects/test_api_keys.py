"""API keys of a project: created, shown once, revoked."""

import re
from hashlib import sha256

import asyncpg

from tests.support.browser import Browser

Pool = asyncpg.Pool
AT = "/projects/demo/api-keys"


async def test_a_key_is_shown_once_and_only_its_hash_stays(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(AT)
    response = await owner.post(AT, {"scope": "send", "name": "Import", "days": "30"})
    assert (response.status_code, response.headers["Location"]) == (303, AT)  # a reload creates no second one
    await owner.get(AT)
    (secret,) = set(re.findall(r"fbk_send_[\w-]{43}", owner.text))
    row = await pool.fetchrow("select * from api_key where name = 'Import'")
    assert row
    assert (row["scope"], row["hint"], row["token_hash"]) == ("send", secret[-4:], sha256(secret.encode()).digest())
    assert (row["expires_at"] - row["created_at"]).days in (29, 30)
    await owner.get(AT)
    assert "Import" in owner.text
    assert secret not in owner.text


async def test_a_key_is_revoked(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(AT)
    await owner.post(AT, {"scope": "read_counts", "name": "Import", "days": "0"})
    id = await pool.fetchval("select id from api_key where name = 'Import'")
    assert (await owner.post(f"{AT}/{id}/revoke", {})).headers["Location"] == AT
    assert await pool.fetchval("select revoked_at is not null from api_key where id = $1", id)
    await owner.get(AT)
    assert "revoked" in owner.text


async def test_a_key_of_no_known_scope_is_refused(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    before = await pool.fetchval("select count(*) from api_key")
    await owner.get(AT)
    assert (await owner.post(AT, {"scope": "admin", "name": "x"})).status_code == 422
    assert await pool.fetchval("select count(*) from api_key") == before


async def test_editors_create_no_key(teammate: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await pool.execute("update member set role = 'editor' where role <> 'owner'")
    await teammate.get(AT)
    assert f'action="{AT}"' not in teammate.raw
    assert (await teammate.post(AT, {"scope": "read_counts", "name": "x"})).status_code == 403
