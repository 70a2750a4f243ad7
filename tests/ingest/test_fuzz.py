"""Random requests from the API's own description: no server error, and no undocumented answer."""

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
from openapi_spec_validator import OpenAPIV31SpecValidator, validate

from app.api.openapi.document import document
from app.api.openapi.responses import FORM
from app.api.openapi.schemas import EXAMPLES
from app.ingest import questions, v1
from app.ingest.gate import ONE_RESPONSE, ONE_WIDGET, ROUTES
from tests.support import factories
from tests.support.fuzz_checks import CHECKS
from tests.support.serving import Api, check_tallies, serving

EXAMPLES_EACH = 120


def test_it_is_an_openapi_document() -> None:
    validate(document(), cls=OpenAPIV31SpecValidator)


def test_it_describes_every_path_and_method_there_is() -> None:
    described = {
        (path, method.upper())
        for path, item in document()["paths"].items()
        for method in item
        if method != "parameters" and not path.startswith("/v1/projects")  # which tests/api covers
    }
    there = {
        (path, method)
        for path, methods in ROUTES.items()
        for method in methods
        if path.startswith("/v1/") and method != "HEAD"  # which is GET without the body
    }
    there |= {("/v1/responses/{id}", method) for method in ONE_RESPONSE}
    assert described == there | {("/v1/widgets/{id}", method) for method in ONE_WIDGET if method != "HEAD"}


def schema(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", "components": document()["components"]}


def test_it_gives_examples_that_fit() -> None:
    for name, example in EXAMPLES.items():
        kind = {
            "batch": "Responses", "html": "HtmlForm", "stored": "Stored", "duplicate": "Stored", "results": "Results",
            "stats": "Stats", "seen": "CountedViews", "widget": "Widget",
        }.get(name, "Response")  # fmt: skip
        jsonschema_rs.validate(schema(kind), example)


async def test_it_answers_as_described(api: Api) -> None:
    votes = await factories.widget(api.pool, "updown")
    response = await api.stored(votes.id, "+1")
    for name, answer in (
        ("Stored", await api.create(votes.id, "-1")),
        ("Stored", await api.patch(response, "-1")),
        ("Results", await api.post("/v1/responses", {"items": [{"widget": votes.id, "page": "a", "value": "+1"}, {}]})),
        ("Stats", await api.send("GET", "/v1/stats", query=f"widget={votes.id}&page=a&page=b".encode())),
        ("Widget", await api.send("GET", f"/v1/widgets/{votes.id}")),
        ("Error", await api.create(votes.id, "none")),
        ("Error", await api.send("PUT", "/v1/stats")),
    ):
        jsonschema_rs.validate(schema(name), json.loads(answer.body))
    assert (v1.MOST_ITEMS, questions.MOST_PAGES) == (500, 200)
    assert document()["components"]["schemas"]["Responses"]["properties"]["items"]["maxItems"] == v1.MOST_ITEMS


@dataclass
class Target:
    """A server without rate limits, and the ids in it, which random requests would never guess."""

    url: str
    widgets: list[str]
    responses: list[dict[str, Any]]
    placement: str
    key: str
    statuses: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))

    def aim(self, case: schemathesis.Case) -> None:
        """Use existing ids in most cases, so that requests get further than a 404."""
        chance = zlib.crc32(repr((case.body, case.query, case.path_parameters)).encode("utf-8", "replace"))
        items = case.body.get("items") if isinstance(case.body, dict) else None
        for part in (case.body, case.query, *(items if isinstance(items, list) else [])):
            if isinstance(part, dict) and chance % 5:
                if "widget" in part:
                    part["widget"] = self.widgets[chance % len(self.widgets)]
                if "placement" in part:
                    part["placement"] = self.placement
        if case.media_type == FORM and isinstance(case.body, dict) and chance % 3:
            case.body |= {"widget": self.widgets[1], "page": "a", "value": "+1", "visitor": ""}
            case.body.pop("placement", None)
            case.headers["Origin"], case.headers["Referer"] = "https://example.com", "https://example.com/a"
        if case.path == "/v1/widgets/{id}" and chance % 5:
            case.path_parameters["id"] = self.widgets[chance % len(self.widgets)]
        elif case.path_parameters and chance % 5:
            response = self.responses[chance % len(self.responses)]
            case.path_parameters["id"] = response["id"]
            case.headers["Feelback-Token"] = response["revokable"]["token"]
        if chance % 7 == 0:
            case.headers["Authorization"] = f"Bearer {self.key}"
        elif chance % 7 == 1:
            case.headers["Origin"] = "https://example.com"


@pytest.fixture
async def target(api: Api, database: str) -> AsyncIterator[Target]:
    project = await factories.project(api.pool)
    types = ("pulse", "updown", "reaction", "rating", "message", "tagged", "form")
    widgets = [(await factories.widget(api.pool, type, project, is_open_form=type == "form")).id for type in types]
    responses = [await api.stored(widgets[1], value) for value in ("+1", "-1")]
    placement = str(await api.pool.fetchval("select id from placement"))
    key = await factories.api_key(api.pool, project)
    with serving({"DATABASE_URL": database, "LIMITS": "off", "LOG_LEVEL": "warning"}) as server:
        yield Target(server.url, widgets, responses, placement, key)
        log = server.log.read_text()
    assert "ERROR" not in log, log
    await check_tallies(api.pool)


def fuzz(operation: Any, mode: schemathesis.GenerationMode, target: Target, session: requests.Session) -> None:
    @settings(max_examples=EXAMPLES_EACH, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        target.aim(case)
        answer = case.call(base_url=target.url, session=session)
        target.statuses[operation.label].add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    ask()


def test_it_never_fails_and_answers_as_described_whatever_it_is_sent(target: Target) -> None:
    with requests.Session() as session:
        for result in schemathesis.openapi.from_dict(document()).get_all_operations():
            operation = result.ok()
            if operation.path.startswith("/v1/projects"):
                continue
            fuzz(operation, schemathesis.GenerationMode.POSITIVE, target, session)
            if operation.path != "/v1/openapi.json":  # no request for it can be invalid
                fuzz(operation, schemathesis.GenerationMode.NEGATIVE, target, session)
    assert target.statuses["POST /v1/responses"] >= {200, 201, 303, 422}
    assert target.statuses["PATCH /v1/responses/{id}"] >= {200, 422}
    assert target.statuses["GET /v1/widgets/{id}"] >= {200}
    assert target.statuses["GET /v1/stats"] >= {200, 422}
