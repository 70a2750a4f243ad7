"""`/v1/projects/…/widgets`: widgets, their settings and options."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import deletion, json_list, json_response, row_object
from app.api.models.management import NewOptions, NewWidget
from app.api.projects import changes, stored_rules
from app.queries import deletions, widget_settings

blueprint = Blueprint("api_widgets", __name__, url_prefix="/v1/projects/<uuid:project_id>/widgets")
authentication.require_key(blueprint)
SETTINGS = {
    "name": "name", "visitorPolicy": "visitor_policy", "windowSeconds": "edit_seconds", "keyRules": "key_rules",
    "fields": "fields", "openForm": "is_open_form", "appearance": "appearance", "texts": "texts",
}  # fmt: skip


@blueprint.get("")
async def get_widgets(project_id: UUID) -> Response:
    """The widgets of a project, oldest first."""
    parameters.query()
    return json_list(row_object(row) for row in await widget_settings.widget_settings(tenant(), project_id))


@blueprint.post("")
async def post_widget(project_id: UUID) -> Response:
    """A new widget, with the options and follow-ups given, or those of a preset, or the options of its type."""
    body = await parameters.body()
    parameters.model(body, NewWidget)
    id = await widget_settings.create_widget(
        tenant(), project_id, body["name"], body["type"], preset=body.get("preset"),
        options=body.get("options"), visitor_policy=body.get("visitorPolicy"), edit_window=_window(body),
        fields=body.get("fields"), is_open_form=body.get("openForm", False),
        key_rules=stored_rules(body.get("keyRules", {})), appearance=body.get("appearance"), texts=body.get("texts"),
        follow_ups=body.get("followUps"),
    )  # fmt: skip
    return await _widget(project_id, id, 201)


def _window(body: dict[str, Any]) -> timedelta | None:
    seconds = body.get("windowSeconds", 3600)
    return None if seconds is None else timedelta(seconds=seconds)


@blueprint.get("/<uuid:id>")
async def get_widget(project_id: UUID, id: UUID) -> Response:
    """The settings of a widget."""
    parameters.query()
    return await _widget(project_id, id)


@blueprint.patch("/<uuid:id>")
async def patch_widget(project_id: UUID, id: UUID) -> Response:
    """Changes the settings that the body names."""
    await widget_settings.update_widget(tenant(), project_id, id, changes(await parameters.body(), SETTINGS))
    return await _widget(project_id, id)


@blueprint.put("/<uuid:id>/options")
async def put_options(project_id: UUID, id: UUID) -> Response:
    """Gives a widget these options, in this order; one that is left out is retired."""
    body = await parameters.body()
    parameters.model(body, NewOptions)
    await widget_settings.update_options(tenant(), project_id, id, body["options"])
    return await _widget(project_id, id)


@blueprint.post("/<uuid:id>/archive")
async def post_archive(project_id: UUID, id: UUID) -> Response:
    """The widget takes no more responses."""
    parameters.query()
    await widget_settings.archive_widget(tenant(), project_id, id)
    return await _widget(project_id, id)


@blueprint.post("/<uuid:id>/unarchive")
async def post_unarchive(project_id: UUID, id: UUID) -> Response:
    """The widget takes responses again."""
    parameters.query()
    await widget_settings.unarchive_widget(tenant(), project_id, id)
    return await _widget(project_id, id)


@blueprint.delete("/<uuid:id>")
async def delete_widget(project_id: UUID, id: UUID) -> Response:
    """Delete a widget with its placements and responses."""
    parameters.query()
    return deletion(await deletions.delete_widget(tenant(), project_id, id))


async def _widget(project_id: UUID, id: UUID, status: int = 200) -> Response:
    return json_response(row_object((await widget_settings.widget_settings(tenant(), project_id, id))[0]), status)
