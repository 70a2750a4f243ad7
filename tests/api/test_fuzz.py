"""Random requests from the management API's description: no server error, and no undocumented answer."""

import json
import zlib
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings

from app.api.openapi.document import document
from tests.support.api_cases import CASES
from tests.support.api_tenants import Tenant, ask
from tests.support.fuzz_checks import CHECKS
from tests.support.serving import Api, serving

EXAMPLES_EACH = 40
GOES = ("deleteWidget", "deletePlacement", "deleteResponseOfProject")


def described() -> dict[tuple[str, str], Any]:
    """Every call of the management API, by method and path."""
    return {
        (method.upper(), path): call
        for path, item in document()["paths"].items()
        for method, call in item.items()
        if path.startswith("/v1/projects") and method != "parameters"
    }


def test_it_describes_every_call_there_is() -> None:
    assert set(described()) == {(case.method, case.path) for case in CASES} | {("GET", "/v1/projects")}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.method} {case.path}")
async def test_it_answers_as_described(api: Api, tenants: list[Tenant], case: Any) -> None:
    own = tenants[0]
    for sql in ("call fn.refresh_stats()", "select fn.refresh_leaders()"):
        await api.pool.execute(sql)
    answer = await ask(api, own.write, case.method, own.filled(case.path), own.body(case))
    description = described()[case.method, case.path]["responses"][str(answer.status)]
    assert {name.lower() for name in description["headers"]} <= set(answer.headers)
    assert {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"} <= set(answer.headers)
    if answer.headers.get("content-type") == "application/json":
        schema = {**description["content"]["application/json"]["schema"], "components": document()["components"]}
        jsonschema_rs.validate(schema, json.loads(answer.body))


@dataclass
class Target:
    """A server without limits, and the ids in it."""

    url: str
    tenant: Tenant
    statuses: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def aim(self, case: schemathesis.Case, id: str) -> None:
        """Use existing ids in most cases."""
        chance = zlib.crc32(repr((case.body, case.query, case.path_parameters)).encode("utf-8", "replace"))
        tenant = self.tenant
        if chance % 7:
            known = {"project": str(tenant.project.id), "widget": tenant.votes, "placement": tenant.placement}
            for name in case.path_parameters or {}:
                if name == "project" or (name in known and id not in GOES):
                    case.path_parameters[name] = known[name]
        for name, known_id in (("widget", tenant.votes), ("placement", tenant.placement)):
            if isinstance(case.query, dict) and name in case.query and chance % 3:
                case.query[name] = known_id
        case.headers["Authorization"] = f"Bearer {tenant.read if chance % 11 == 0 else tenant.write}"


@pytest.fixture
async def target(api: Api, database: str, tenants: list[Tenant]) -> AsyncIterator[Target]:
    with serving({"DATABASE_URL": database, "LIMITS": "off", "LOG_LEVEL": "warning"}) as server:
        yield Target(server.url, tenants[0])
        log = server.log.read_text()
    assert "ERROR" not in log, log


def fuzz(operation: Any, mode: schemathesis.GenerationMode, target: Target, session: requests.Session) -> None:
    @settings(max_examples=EXAMPLES_EACH, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case: schemathesis.Case) -> None:
        target.aim(case, operation.definition.raw["operationId"])
        answer = case.call(base_url=target.url, session=session)
        target.statuses[operation.label].add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    call()


def test_it_never_fails_and_answers_as_described_whatever_it_is_sent(target: Target) -> None:
    with requests.Session() as session:
        for result in schemathesis.openapi.from_dict(document()).get_all_operations():
            operation = result.ok()
            if not operation.path.startswith("/v1/projects"):
                continue
            fuzz(operation, schemathesis.GenerationMode.POSITIVE, target, session)
            if operation.path != "/v1/projects":
                fuzz(operation, schemathesis.GenerationMode.NEGATIVE, target, session)
    every = target.statuses
    assert every["PATCH /v1/projects/{project}"] >= {200, 422}
    assert every["POST /v1/projects/{project}/widgets"] >= {201, 422}
    assert every["GET /v1/projects/{project}/responses"] >= {200, 422}
