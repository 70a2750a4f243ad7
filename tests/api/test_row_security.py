"""Every call with a key of its project, of another project, of another account, with a read key, and without."""

import re
from typing import Any

import asyncpg
import pytest

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.server.quart_app import create_app
from tests.support.api_cases import CASES, OF, Case
from tests.support.api_tenants import Tenant, ask
from tests.support.serving import Api, settings

# Calls without a project in the path: the key decides.
BY_KEY = {("GET", "/v1/projects")} | {
    (method, f"/v0/{call}")
    for call in ("projects/list", "projects/get", "projects/save", "feelbacks/list")
    for method in ("GET", "POST")
} - {("GET", "/v0/projects/save")}


def test_every_call_has_a_case() -> None:
    calls = set()
    for rule in create_app(settings("postgresql://nowhere/x")).url_map.iter_rules():
        if rule.rule.startswith(("/v1/", "/v0/")):
            path = rule.rule.replace("<uuid:project_id>", "{project}")
            path = re.sub(r"/(\w+)s/<uuid:id>", r"/\1s/{\1}", path)
            calls |= {(method, path) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    assert calls == {(case.method, case.path) for case in CASES} | BY_KEY


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method} {case.path}")
async def test_it_is_for_keys_of_its_project(api: Api, tenants: list[Tenant], case: Case) -> None:
    own, beside, other = tenants
    path = own.filled(case.path)

    async def status(key: str, path: str = path) -> int:
        answer = await ask(api, key, case.method, path, case.body)
        if answer.status >= 400:
            assert set(answer.json()) == {"error", "message", "data"}
        return answer.status

    before = await everything(api)
    assert await status("") == 401
    assert await status("fbk_write_nothing") == 401
    for foreign in (beside, other):
        for key in (foreign.read, foreign.write):
            # For them, existing and missing ids look the same.
            there = await ask(api, key, case.method, path, case.body)
            nowhere = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f", path)
            missing = await ask(api, key, case.method, nowhere, case.body)
            assert (there.status, there.body) == (missing.status, missing.body)
            assert there.status == 404
            # Ids of the one in the address of the other's project.
            if "/{" in case.path.removeprefix(OF):
                mixed = path.replace(str(own.project.id), str(foreign.project.id))
                assert (await ask(api, key, case.method, mixed, case.body)).status in (
                    (404, 403) if case.writes else (404,)
                )
    if case.writes:
        assert await status(own.read) == 403
    assert await everything(api) == before
    assert await status(own.write if case.writes else own.read) == case.status


async def everything(api: Api) -> list[Any]:
    """The rows that a call could have changed."""
    tables = ("project", "widget", "option", "page", "placement", "response", "tally", "audit", "deletion")
    return [await api.pool.fetch(f"select * from {table} as t order by t::text") for table in tables]


async def test_it_shows_a_key_its_project_alone(api: Api, tenants: list[Tenant]) -> None:
    for tenant in tenants:
        for key in (tenant.read, tenant.write):
            projects = (await ask(api, key, "GET", "/v1/projects")).json()["items"]
            assert [project["id"] for project in projects] == [str(tenant.project.id)]


async def test_it_refuses_keys_that_are_over_or_revoked_at_once(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    assert (await ask(api, own.read, "GET", "/v1/projects")).status == 200
    await api.pool.execute("update api_key set revoked_at = now() where kind = 'read'")
    await api.pool.execute("update api_key set expires_at = now() where kind = 'write'")
    for key in (own.read, own.write):
        answer = await ask(api, key, "GET", "/v1/projects")
        assert answer.status == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


async def test_it_makes_no_keys_and_no_projects(
    api: Api, app_pool: "asyncpg.Pool[asyncpg.Record]", tenants: list[Tenant]
) -> None:
    own = tenants[0]
    for method, path in (("POST", OF + "/api-keys"), ("POST", "/v1/projects"), ("DELETE", OF)):
        answer = await ask(api, own.write, method, own.filled(path), {})
        assert answer.status == 405
        assert answer.json()["error"] == "method_not_allowed"
        assert "GET" in answer.headers["allow"]
    key_id = await api.pool.fetchval("select id from api_key where kind = 'write' and project_id = $1", own.project.id)
    acting = TenantPool(app_pool, own.project.account_id, None, key_id, own.project.id)
    with pytest.raises(FeelbackError, match="may not"):
        await db.value(acting, "select fn.delete_project($1, $2)", own.project.account_id, own.project.id)
