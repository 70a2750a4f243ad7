"""`/v0`: the original's calls for a server, with the header `API-KEY`. What of its shapes is not known is ours.

Each takes one argument, as the published SDKs send it: an array of it, or the argument itself.
"""

from typing import Any
from uuid import UUID

import msgspec
from quart import Blueprint, Response, request

from app.api import authentication, parameters
from app.api.authentication import key, tenant
from app.api.json_response import json_response
from app.api.projects import SETTINGS, changes
from app.api.responses import page_of
from app.errors import FeelbackError
from app.http.v0_argument import v0_argument
from app.queries import project_settings, widget_settings
from app.queries.project_settings import ProjectSettings
from app.text.strict_json import loads

blueprint = Blueprint("api_v0", __name__, url_prefix="/v0")
authentication.require_key(blueprint)
BOTH = ("GET", "POST")
LISTED = ("projectId", "state", "contentSetId", "contentId", "type", "value", "from", "to", "text", "before", "limit")


@blueprint.route("/projects/list", methods=BOTH, endpoint="list_projects")
async def list_projects() -> Response:
    """`projects/list()`: [{id, name, slug, timeZone, origins, testMode, archived, createdAt, contentSets}]."""
    await _argument()
    rows = await project_settings.project_settings(tenant(), None)
    return json_response([await _project(row) for row in rows])


@blueprint.route("/projects/get", methods=BOTH, endpoint="get_project")
async def get_project() -> Response:
    """`projects/get("<projectId>" | {projectId})`: one of them."""
    argument = await _argument()
    parameters.only(argument, "projectId")
    id = _project_id(argument)
    return json_response(await _project((await project_settings.project_settings(tenant(), id))[0]))


@blueprint.post("/projects/save")
async def save_project() -> Response:
    """`projects/save({projectId, name?, slug?, timeZone?, origins?, …})`: changes what is named; the project then."""
    argument = await _argument()
    id = _project_id(argument)
    changed = {name: value for name, value in argument.items() if name not in ("projectId", "id")}
    await project_settings.update_project(tenant(), id, changes(changed, SETTINGS))
    return json_response(await _project((await project_settings.project_settings(tenant(), id))[0]))


@blueprint.route("/feelbacks/list", methods=BOTH, endpoint="list_responses")
async def list_responses() -> Response:
    """`feelbacks/list({projectId, state, contentSetId?, contentId?, …, before?, limit?})`: newest first.

    Each is {feelbackId, contentSetId, contentId, key, type, value, context, state, createdAt, editedAt}; `value` is
    what was sent: an option's value, a message's text, {tag, message} or a form's fields.
    """
    argument = await _argument()
    parameters.only(argument, *LISTED)
    names = {"contentSetId": "widget", "contentId": "placement", "value": "option", "before": "cursor"}
    query = {names.get(name, name): _text(name, value) for name, value in argument.items() if value is not None}
    query.pop("projectId", None)
    page = await page_of(_project_id(argument), query)
    return json_response([_response(item) for item in msgspec.json.decode(page.items_json)])


def _text(name: str, value: object) -> str:
    if type(value) not in (str, int):
        raise FeelbackError(422, f"{name} must be a text.")
    return str(value)


def _response(item: dict[str, Any]) -> dict[str, Any]:
    value = item["value"]
    if item["type"] == "message":
        value = item["message"]
    elif item["type"] == "tagged":
        value = {"tag": value, **({"message": item["message"]} if item["message"] is not None else {})}
    elif item["type"] == "form":
        value = item["fields"]
    return {
        "feelbackId": item["id"], "contentSetId": item["widget"], "contentId": item["placement"], "key": item["page"],
        "type": item["type"], "value": value, "context": item["context"], "state": item["state"],
        "createdAt": item["createdAt"], "editedAt": item["editedAt"],
    }  # fmt: skip


async def _project(row: ProjectSettings) -> dict[str, Any]:
    widgets = await widget_settings.widget_settings(tenant(), row.id)
    return {
        "id": row.id, "name": row.name, "slug": row.slug, "timeZone": row.time_zone, "origins": row.origins,
        "testMode": row.test_mode, "archived": row.archived_at is not None, "createdAt": row.created_at,
        "contentSets": [
            {
                "id": one.id, "name": one.name, "type": one.type,
                "values": [option.value for option in one.all_options if not option.retired],
            }
            for one in widgets
        ],
    }  # fmt: skip


def _project_id(argument: dict[str, Any]) -> UUID:
    named = argument.get("projectId", argument.get("id"))
    if named is None:
        return key().project_id
    return parameters.id({"projectId": _text("projectId", named)}, "projectId") or key().project_id


async def _argument() -> dict[str, Any]:
    value: Any = None
    if request.method == "GET":
        value = loads(request.args.get("$p", "[]").encode("utf-8", "replace"))
    elif await request.get_data():
        value = await parameters.loaded()
    return v0_argument(value, is_optional=True, text_name="projectId")
