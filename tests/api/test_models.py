"""The models that the OpenAPI document is made from accept what the API accepts."""

import json
import re
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from app.api import projects, widgets
from app.api.models.base import changes_of
from app.api.models.ingestion import MODELS, Response, Responses
from app.api.models.management import Admission, NewOptions, NewWidget, ProjectSettings, WidgetSettings
from app.api.openapi.document import document
from app.ingest import questions, v1
from tests.support import factories
from tests.support.api_tenants import Tenant, ask
from tests.support.serving import Api

SURFACE = Path(__file__).parent / "openapi_surface.json"
KINDS = {
    "string": "string", "texts": "array", "array": "array", "object": "object", "boolean": "boolean",
    "whole": "integer", "seconds": "number",
}  # fmt: skip


def accepts(model: Any, value: Any) -> bool:
    """Whether a model takes a value of JSON."""
    try:
        msgspec.convert(value, model)
    except msgspec.ValidationError:
        return False
    return True


def surface() -> dict[str, Any]:
    """The methods, statuses and parameters of each path; the properties of each schema and which are required."""
    described = json.loads(json.dumps(document()))
    schemas = described["components"]["schemas"]
    return {
        "paths": {
            f"{method.upper()} {path}": {
                "statuses": sorted(call["responses"]),
                "bodies": sorted(call.get("requestBody", {}).get("content", {})),
                "parameters": sorted(part["$ref"].rpartition("/")[2] for part in call.get("parameters", [])),
            }
            for path, item in described["paths"].items()
            for method, call in item.items()
            if method != "parameters"
        },
        "schemas": {
            name: {"properties": sorted(schema["properties"]), "required": sorted(schema.get("required", []))}
            for name, schema in schemas.items()
            if "properties" in schema
        },
    }


def test_document_keeps_what_clients_rely_on() -> None:
    """A difference is a change of the API: `python -m tests.api.test_models` rewrites the file."""
    assert surface() == json.loads(SURFACE.read_text())


@pytest.mark.parametrize(
    ("settings", "names", "function"),
    [
        (ProjectSettings, projects.SETTINGS, "update_project"),
        (Admission, projects.ADMISSION, "update_project_admission"),
        (WidgetSettings, widgets.SETTINGS, "update_widget"),
    ],
)
async def test_models_of_settings_have_the_kinds_that_sql_checks(
    pool: "asyncpg.Pool[asyncpg.Record]", settings: Any, names: dict[str, str], function: str
) -> None:
    source = await pool.fetchval("select prosrc from pg_proc where proname = $1", function)
    kinds = json.loads(re.findall(r"check_changes\(_changes, '(.+?)'\)", source, re.S)[0])
    samples: dict[str, Any] = {
        "string": "a", "array": [], "object": {}, "boolean": True, "integer": 1, "number": 0.5, "null": None,
    }  # fmt: skip
    model = changes_of("Changes", settings)
    assert {field.encode_name for field in msgspec.structs.fields(settings)} == set(names)
    for name, column in names.items():
        kind = KINDS[kinds[column].rstrip("?")]
        accepted = {sample for sample, value in samples.items() if accepts(model, {name: value})}
        wanted = {kind, *(["null"] if kinds[column].endswith("?") else []), *(["integer"] if kind == "number" else [])}
        if name == "visitorPolicy":
            wanted.remove("string")  # "a" is not a policy
        assert accepted == wanted, name


RESPONSES: list[tuple[dict[str, Any], bool]] = [
    ({}, True), ({"revokable": False}, True), ({"revokable": 1}, False), ({"revokable": None}, False),
    ({"other": 1}, False), ({"visitor": "v" * 7}, False), ({"visitor": "v" * 8}, True), ({"visitor": "v" * 200}, True),
    ({"visitor": "v" * 201}, False), ({"visitor": None}, True), ({"visitor": 12345678}, False),
    ({"context": None}, True), ({"context": []}, False), ({"context": {f"k{n}": n for n in range(32)}}, True),
    ({"context": {f"k{n}": n for n in range(33)}}, False), ({"context": {"": 1}}, False),
    ({"context": {"k" * 64: 1}}, True), ({"context": {"k" * 65: 1}}, False), ({"context": {"k": [1]}}, False),
    ({"context": {"k": True, "l": None, "m": "x", "n": 1.5}}, True), ({"page": ""}, False),
    ({"page": "k" * 2048}, True), ({"page": "k" * 2049}, False), ({"page": 1}, False), ({"widget": "x"}, False),
    ({"title": "x" * 301}, False), ({"title": "x"}, True),
]  # fmt: skip


async def test_model_of_a_response_accepts_what_ingestion_accepts(api: Api) -> None:
    votes = await factories.widget(api.pool, "updown")
    for changes, is_accepted in RESPONSES:
        response = {"widget": votes.id, "page": "/a", "value": "+1", **changes}
        answer = await api.post("/v1/responses", response)
        assert (answer.status < 300, accepts(Response, response)) == (is_accepted, is_accepted), changes
    response = {"widget": votes.id, "page": "/a", "value": "+1"}
    for count in (0, 1, v1.MOST_ITEMS, v1.MOST_ITEMS + 1):
        batch = {"items": [response] * count}
        assert ((await api.post("/v1/responses", batch)).status == 200) == accepts(Responses, batch)
    assert {field.encode_name for field in msgspec.structs.fields(Response)} == v1.ITEM
    assert questions.MOST_PAGES == 200
    assert Response in MODELS


WIDGETS: list[dict[str, Any]] = [
    {"name": 1}, {"type": "vote"}, {"windowSeconds": -1}, {"windowSeconds": True}, {"windowSeconds": 315_360_001},
    {"openForm": 1}, {"fields": None}, {"keyRules": {"www": 1}}, {"options": [1]}, {"preset": 1},
    {"options": [{"value": "a", "weight": 2}]}, {"visitorPolicy": "nobody"}, {"other": 1}, {"name": ""},
    {"followUps": 1}, {"followUps": [{"option": "happy"}]}, {"followUps": [{"option": "happy", "question": ""}]},
]  # fmt: skip


@pytest.mark.parametrize("changes", WIDGETS, ids=str)
async def test_it_names_the_widget_setting_that_is_wrong(
    api: Api, tenants: list[Tenant], changes: dict[str, Any]
) -> None:
    own = tenants[0]
    path = own.filled("/v1/projects/{project}/widgets")
    answer = await ask(api, own.write, "POST", path, {"name": "New", "type": "reaction", **changes})
    assert answer.status == 422
    assert "_" not in answer.json()["message"]
    if changes not in ({"type": "vote"}, {"name": ""}):
        assert next(iter(changes)) in answer.json()["message"]
    assert not accepts(NewWidget, {"name": "New", "type": "reaction", **changes}) or changes == {"type": "vote"}


def test_new_options_bounds() -> None:
    for count, is_accepted in ((0, False), (1, True), (100, True), (101, False)):
        assert accepts(NewOptions, {"options": [{"value": str(n)} for n in range(count)]}) == is_accepted


if __name__ == "__main__":
    SURFACE.write_text(json.dumps(surface(), indent=1) + "\n")
