"""Errors about settings use the API's names."""

import json
import re
from typing import Any

import asyncpg
import pytest

from app.api import projects, widgets
from app.api.json_response import camel
from tests.support.api_tenants import Tenant, ask
from tests.support.serving import Api

OF = "/v1/projects/{project}"
RESOURCES = {
    "project": (OF, projects.SETTINGS, "update_project"),
    "admission": (f"{OF}/admission", projects.ADMISSION, "update_project_admission"),
    "widget": (f"{OF}/widgets/{{widget}}", widgets.SETTINGS, "update_widget"),
}
WRONG: list[Any] = [1.5, "x" * 300, [1], {"a": 1}, True, None, -1, {"trailingSlash": "x"}, ["\n"]]


@pytest.mark.parametrize("resource", RESOURCES)
async def test_api_has_every_setting_of_the_database(pool: "asyncpg.Pool[asyncpg.Record]", resource: str) -> None:
    _, settings, function = RESOURCES[resource]
    source = await pool.fetchval("select prosrc from pg_proc where proname = $1", function)
    kinds = json.loads(re.findall(r"check_changes\(_changes, '(.+?)'\)", source, re.S)[0])
    assert set(settings.values()) == set(kinds)
    assert {name: camel(column) for name, column in settings.items()} == {name: name for name in settings}


@pytest.mark.parametrize("resource", RESOURCES)
async def test_no_error_names_a_column(api: Api, tenants: list[Tenant], resource: str) -> None:
    own = tenants[0]
    path, settings, _ = RESOURCES[resource]
    for name in settings:
        kinds = set()
        for value in WRONG:
            answer = await ask(api, own.write, "PATCH", own.filled(path), {name: value})
            if answer.status == 200:
                continue
            error = answer.json()
            assert answer.status == 422, (name, value, error)
            words = f"{error['message']} {error['data'].get('hint', '')}"
            assert not re.search(r"[a-z]_[a-z]", words), words
            if " must be " in error["message"] and error["message"].startswith(f"{name} "):
                kinds.add(error["message"])
        assert len(kinds) == 1, name
