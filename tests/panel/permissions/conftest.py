"""The demo's account with a member of each role, a stranger, and nobody."""

import importlib
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from app.site import demo_project
from tests.panel.permissions.cases import ROLES, Call, Route

Pool = asyncpg.Pool
FOLDER = Path(__file__).parent


def cases(kind: str) -> list[Any]:
    """All cases of `routes` or `functions`, from the modules in that folder."""
    package = f"tests.panel.permissions.{kind}"
    modules = (importlib.import_module(f"{package}.{path.stem}") for path in sorted((FOLDER / kind).glob("*.py")))
    return [case for module in modules for case in (module.ROUTES if kind == "routes" else module.CALLS)]


ROUTES: list[Route] = cases("routes")
CALLS: list[Call] = cases("functions")


@pytest.fixture
async def people(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> dict[str, UUID]:
    """Who is in the demo's account, by role; and a stranger, who owns another one."""
    account_id = await pool.fetchval("select account_id from fn.demo_project($1)", demo_project.EMAIL)
    found = {"owner": await pool.fetchval("select id from person where email = $1", demo_project.EMAIL)}
    for role in ROLES[:-1]:
        found[role] = await pool.fetchval(
            "insert into person (id, email, verified_at) values (gen_random_uuid(), $1, now()) returning id",
            f"{role}@example.com",
        )
        await pool.execute(
            "insert into member (account_id, person_id, role) values ($1, $2, $3)", account_id, found[role], role
        )
    found["stranger"] = await pool.fetchval(
        "select person_id from fn.create_account('Others', 'stranger@example.com', null)"
    )
    return found


@pytest.fixture
async def account_id(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> UUID:
    """The demo's account."""
    return await pool.fetchval("select account_id from fn.demo_project($1)", demo_project.EMAIL)  # type: ignore[no-any-return]


async def filled(pool: "Pool[asyncpg.Record]", route: Route, account_id: UUID) -> str:
    """The address of a route, with what its placeholders stand for in the demo's account."""
    ids = {"slug": "demo"}
    if route.ids:
        ids |= dict(await pool.fetchrow(route.ids, account_id) or {})
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(ids[found[1]]), route.rule)


def function_name(call: Call) -> str:
    """Name of the SQL function that a case calls."""
    return re.findall(r"fn\.(\w+)", call.sql)[0]  # type: ignore[no-any-return]


async def filled_call(pool: "Pool[asyncpg.Record]", call: Call, account_id: UUID) -> str:
    """The SQL of a call, with the ids of the demo's account as literals."""
    project_id = await pool.fetchval("select id from project where account_id = $1 and slug = 'demo'", account_id)
    set_id = await pool.fetchval("select id from content_set where account_id = $1 and type = 'updown'", account_id)
    ids = {"account": account_id, "project": project_id, "set": set_id}
    if call.ids:
        ids |= dict(await pool.fetchrow(call.ids, account_id) or {})
    return re.sub(r"\{(\w+)\}", lambda match: f"'{ids[match[1]]}'", call.sql)
