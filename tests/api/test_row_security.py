"""Every call with a key of its project, of another project, of another account, of each scope, and without."""

import re
from hashlib import sha256
from typing import Any

import asyncpg
import pytest

from app.api.openapi.document import document
from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.server.quart_app import create_app
from tests.support import factories
from tests.support.api_cases import CASES, OF, SCOPES, Case
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
            path = re.sub(r"<uuid:(\w+)_id>", r"{\1}", rule.rule)
            path = re.sub(r"/(\w+)s/<uuid:id>", r"/\1s/{\1}", path)
            calls |= {(method, path) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}}
    assert calls == {(case.method, case.path) for case in CASES} | BY_KEY


def test_the_document_names_the_scope_of_every_call() -> None:
    paths = document()["paths"]
    for case in CASES:
        scopes = paths[case.path][case.method.lower()]["security"]
        assert scopes == [{"apiKey": [case.scope]}], (case.method, case.path)
    assert paths["/v1/responses"]["post"].get("security", document()["security"]) == [{}, {"apiKey": ["send"]}]


async def test_a_key_sends_or_reads_as_its_scope_says(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    for scope, key in own.keys.items():
        headers = {"authorization": f"Bearer {key}"}
        status = (await api.create(own.votes, "+1", headers=headers)).status
        assert status == (201 if scope in ("send", "manage") else 403), scope
        for kind, least in (("responses", "read_messages"), ("pages", "read_counts"), ("days", "read_counts")):
            answer = await ask(api, key, "GET", own.filled(f"{OF}/exports"), query=f"kind={kind}")
            assert answer.status == (200 if SCOPES.index(scope) >= SCOPES.index(least) else 403), (scope, kind)
            assert (b"A word of mine" in answer.body) == (kind == "responses" and answer.status == 200)
        listed = await ask(api, key, "GET", "/v1/projects")
        assert listed.status == (403 if scope == "send" else 200)
        if scope == "send":
            assert listed.json()["message"] == (
                "This needs an API key with the scope read_counts. This key may not: it has send."
            )
        old = await api.send("GET", "/v0/feelbacks/list", None, {"API-KEY": key}, query=b"$p=[{}]")
        assert old.status == (200 if scope in ("read_messages", "manage") else 403), scope


async def test_keys_of_earlier_versions_keep_what_they_could(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    sql = "select scope, kind from api_key where token_hash = $1"
    for kind, scope in (("read", "read_messages"), ("write", "manage")):
        key = await factories.api_key(api.pool, own.project, kind)
        row = await api.pool.fetchrow(sql, sha256(key.encode()).digest())
        assert tuple(row) == (scope, kind)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method} {case.path}")
async def test_it_is_for_keys_of_its_project(api: Api, tenants: list[Tenant], case: Case) -> None:
    own, beside, other = tenants
    path = own.filled(case.path)

    async def status(key: str, path: str = path) -> int:
        answer = await ask(api, key, case.method, path, own.body(case))
        if answer.status >= 400:
            assert set(answer.json()) == {"error", "message", "data"}
        return answer.status

    before = await everything(api)
    assert await status("") == 401
    assert await status("fbk_send_nothing") == 401
    for foreign in (beside, other):
        for key in (foreign.keys[case.scope], foreign.write):
            # For them, existing and missing ids look the same.
            there = await ask(api, key, case.method, path, own.body(case))
            nowhere = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "019a7d2e-6f00-7c3a-9b51-0a2b3c4d5e6f", path)
            missing = await ask(api, key, case.method, nowhere, own.body(case))
            assert (there.status, there.body) == (missing.status, missing.body)
            assert there.status == 404
            # Ids of the one in the address of the other's project.
            if "/{" in case.path.removeprefix(OF):
                mixed = path.replace(str(own.project.id), str(foreign.project.id))
                assert (await ask(api, key, case.method, mixed, own.body(case))).status in (
                    (404, 403) if case.scope == "manage" else (404,)
                )
    for scope in SCOPES[: SCOPES.index(case.scope)]:
        assert await status(own.keys[scope]) == 403, scope
    assert await everything(api) == before
    if case.method == "GET":
        for scope in SCOPES[SCOPES.index(case.scope) + 1 :]:
            assert await status(own.keys[scope]) == case.status, scope
    assert await status(own.keys[case.scope]) == case.status


async def test_a_parameter_that_a_call_does_not_know_is_refused(api: Api, tenants: list[Tenant]) -> None:
    own = tenants[0]
    before = await everything(api)
    for case in CASES:
        answer = await ask(api, own.write, case.method, own.filled(case.path), case.body, query="surprise=1")
        assert answer.status == 422, (case.method, case.path)
        assert answer.json()["message"].startswith("Unknown parameter 'surprise'."), (case.method, case.path)
    assert await everything(api) == before


async def everything(api: Api) -> list[Any]:
    """The rows that a call could have changed."""
    tables = ("project", "widget", "option", "page", "placement", "response", "tally", "audit", "deletion")
    return [await api.pool.fetch(f"select * from {table} as t order by t::text") for table in tables]


async def test_it_shows_a_key_its_project_alone(api: Api, tenants: list[Tenant]) -> None:
    for tenant in tenants:
        for key in (tenant.keys["read_counts"], tenant.read, tenant.write):
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
