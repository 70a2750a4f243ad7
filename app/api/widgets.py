"""`/v1/projects/…/sets`: content sets, their settings and options."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.answers import answer, deleted, listed, told
from app.api.authentication import tenant
from app.api.models.management import NewOptions, NewSet
from app.api.projects import changes, stored_rules
from app.queries import discards, widget_settings

blueprint = Blueprint("api_sets", __name__, url_prefix="/v1/projects/<uuid:project_id>/sets")
authentication.require_key(blueprint)
SETTINGS = {
    "name": "name", "visitorPolicy": "visitor_policy", "windowSeconds": "edit_seconds", "keyRules": "key_rules",
    "fields": "fields", "openForm": "is_open_form",
}  # fmt: skip


@blueprint.get("")
async def get_sets(project_id: UUID) -> Response:
    """The content sets of a project, oldest first."""
    parameters.query()
    return listed(told(row) for row in await widget_settings.set_settings(tenant(), project_id))


@blueprint.post("")
async def post_set(project_id: UUID) -> Response:
    """A new content set, with the options given, or those of a preset or of its type."""
    body = await parameters.body()
    parameters.model(body, NewSet)
    id = await widget_settings.create_content_set(
        tenant(), project_id, body["name"], body["type"], preset=body.get("preset"),
        options=body.get("options"), visitor_policy=body.get("visitorPolicy"), edit_window=_window(body),
        fields=body.get("fields"), is_open_form=body.get("openForm", False),
        key_rules=stored_rules(body.get("keyRules", {})),
    )  # fmt: skip
    return await _set(project_id, id, 201)


def _window(body: dict[str, Any]) -> timedelta | None:
    seconds = body.get("windowSeconds", 3600)
    return None if seconds is None else timedelta(seconds=seconds)


@blueprint.get("/<uuid:id>")
async def get_set(project_id: UUID, id: UUID) -> Response:
    """The settings of a content set."""
    parameters.query()
    return await _set(project_id, id)


@blueprint.patch("/<uuid:id>")
async def patch_set(project_id: UUID, id: UUID) -> Response:
    """Changes the settings that the body names."""
    await widget_settings.change_content_set(tenant(), project_id, id, changes(await parameters.body(), SETTINGS))
    return await _set(project_id, id)


@blueprint.put("/<uuid:id>/options")
async def put_options(project_id: UUID, id: UUID) -> Response:
    """Gives a set these options, in this order; one that is left out is retired."""
    body = await parameters.body()
    parameters.model(body, NewOptions)
    await widget_settings.change_options(tenant(), project_id, id, body["options"])
    return await _set(project_id, id)


@blueprint.put("/<uuid:id>/archival")
async def put_archival(project_id: UUID, id: UUID) -> Response:
    """The set takes no more signals."""
    await widget_settings.archive_content_set(tenant(), project_id, id)
    return await _set(project_id, id)


@blueprint.delete("/<uuid:id>/archival")
async def delete_archival(project_id: UUID, id: UUID) -> Response:
    """The set takes signals again."""
    await widget_settings.restore_content_set(tenant(), project_id, id)
    return await _set(project_id, id)


@blueprint.delete("/<uuid:id>")
async def delete_set(project_id: UUID, id: UUID) -> Response:
    """Deletes a set with all that is in it."""
    return deleted(await discards.discard_content_set(tenant(), project_id, id))


async def _set(project_id: UUID, id: UUID, status: int = 200) -> Response:
    return answer(told((await widget_settings.set_settings(tenant(), project_id, id))[0]), status)
