"""The demo's account with a member of each role, and a stranger."""

from uuid import UUID

import asyncpg
import pytest

from app.site import demo_project
from tests.panel.permissions.cases import ROLES
from tests.support.permission_cases import Pool


@pytest.fixture
async def people(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> dict[str, UUID]:
    """Ids of a member of the demo's account by role, and of a stranger, who owns another account."""
    account_id = await pool.fetchval("select account_id from fn.demo_project($1)", demo_project.EMAIL)
    ids = {"owner": await pool.fetchval("select id from person where email = $1", demo_project.EMAIL)}
    for role in ROLES[:-1]:
        ids[role] = await pool.fetchval(
            "insert into person (id, email, verified_at) values (gen_random_uuid(), $1, now()) returning id",
            f"{role}@example.com",
        )
        await pool.execute(
            "insert into member (account_id, person_id, role) values ($1, $2, $3)", account_id, ids[role], role
        )
    ids["stranger"] = await pool.fetchval(
        "select person_id from fn.create_account('Others', 'stranger@example.com', null)"
    )
    return ids


@pytest.fixture
async def account_id(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> UUID:
    """The demo's account."""
    return await pool.fetchval("select account_id from fn.demo_project($1)", demo_project.EMAIL)  # type: ignore[no-any-return]
