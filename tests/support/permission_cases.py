"""Every route and function of the permission matrix."""

import importlib
import re
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from tests.panel.permissions.cases import Call, Route

Pool = asyncpg.Pool


async def filled(pool: "Pool[asyncpg.Record]", route: Route, account_id: UUID) -> str:
    """The path of a route with ids of the demo's account."""
    ids = {"slug": "demo"}
    if route.ids:
        ids |= dict(await pool.fetchrow(route.ids, account_id) or {})
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda match: str(ids[match[1]]), route.rule)


FOLDER = Path(__file__).parents[1] / "panel" / "permissions"


def cases(kind: str) -> list[Any]:
    """All cases of `routes` or `functions`, from the modules in that folder."""
    package = f"tests.panel.permissions.{kind}"
    modules = (importlib.import_module(f"{package}.{path.stem}") for path in sorted((FOLDER / kind).glob("*.py")))
    return [case for module in modules for case in (module.ROUTES if kind == "routes" else module.CALLS)]


ROUTES: list[Route] = cases("routes")

CALLS: list[Call] = cases("functions")


def function_name(call: Call) -> str:
    """Name of the SQL function that a case calls."""
    return re.findall(r"fn\.(\w+)", call.sql)[0]  # type: ignore[no-any-return]


async def filled_call(pool: "Pool[asyncpg.Record]", call: Call, account_id: UUID) -> str:
    """The SQL of a call, with the ids of the demo's account as literals."""
    project_id = await pool.fetchval("select id from project where account_id = $1 and slug = 'demo'", account_id)
    widget_id = await pool.fetchval("select id from widget where account_id = $1 and type = 'updown'", account_id)
    ids = {"account": account_id, "project": project_id, "widget": widget_id}
    if call.ids:
        ids |= dict(await pool.fetchrow(call.ids, account_id) or {})
    return re.sub(r"\{(\w+)\}", lambda match: f"'{ids[match[1]]}'", call.sql)
