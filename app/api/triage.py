"""`/v1/projects/…`: the triage of messages, tags, notes, similar messages and saved views."""

from typing import Any
from uuid import UUID

from msgspec import UNSET
from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import json_list, json_response, row_object
from app.api.models.triage import NewNote, NewSavedView, NewTag, NewTriage, SavedViewName, UndoneTriage
from app.queries import inbox, notes, saved_views, triage
from app.queries.triage import NOBODY, TriageChange

blueprint = Blueprint("api_triage", __name__, url_prefix="/v1/projects/<uuid:project_id>")
authentication.require_key(blueprint)


@blueprint.post("/triage")
async def post_triage(project_id: UUID) -> Response:
    """Change status, assignee, tags or group of messages."""
    new = await parameters.body_as(NewTriage)
    assignee_id = None if new.assignee is UNSET else new.assignee or NOBODY
    change = TriageChange(
        status=new.status or None,
        assignee_id=assignee_id,
        add_tag_ids=new.add_tags or (),
        remove_tag_ids=new.remove_tags or (),
        group=new.group or None,
    )
    action = await triage.triage_messages(tenant(), project_id, new.ids, change)
    return json_response({"changed": action.changed, "action": action.action_id})


@blueprint.post("/triage/undo")
async def post_triage_undo(project_id: UUID) -> Response:
    """Undo a change of the last hour; the second time nothing changes."""
    undone = await parameters.body_as(UndoneTriage)
    ids = await inbox.undo_message_action(tenant(), project_id, undone.action)
    return json_response({"changed": len(ids)})


@blueprint.get("/tags")
async def get_tags(project_id: UUID) -> Response:
    """The tags of a project by name."""
    parameters.query()
    return json_list(map(row_object, await triage.tags(tenant(), project_id)))


@blueprint.post("/tags")
async def post_tag(project_id: UUID) -> Response:
    """A new tag."""
    id = await triage.create_tag(tenant(), project_id, (await parameters.body_as(NewTag)).name)
    return json_response(await _tag(project_id, id), 201)


@blueprint.patch("/tags/<uuid:id>")
async def patch_tag(project_id: UUID, id: UUID) -> Response:
    """Rename a tag."""
    await triage.update_tag(tenant(), project_id, id, (await parameters.body_as(NewTag)).name)
    return json_response(await _tag(project_id, id))


@blueprint.delete("/tags/<uuid:id>")
async def delete_tag(project_id: UUID, id: UUID) -> Response:
    """Delete a tag and take it off its messages."""
    parameters.query()
    await triage.delete_tag(tenant(), project_id, id)
    return Response("", 204)


@blueprint.get("/responses/<uuid:id>/notes")
async def get_notes(project_id: UUID, id: UUID) -> Response:
    """The notes about a message, oldest first."""
    parameters.query()
    await inbox.inbox_message(tenant(), project_id, id)  # 404
    return json_list(row_object(note, "is_own") for note in await notes.notes(tenant(), project_id, id))


@blueprint.post("/responses/<uuid:id>/notes")
async def post_note(project_id: UUID, id: UUID) -> Response:
    """A new note, by no member."""
    note_id = await notes.create_note(tenant(), project_id, id, (await parameters.body_as(NewNote)).body)
    rows = await notes.notes(tenant(), project_id, id)
    return json_response(next(row_object(row, "is_own") for row in rows if row.id == note_id), 201)


@blueprint.delete("/notes/<uuid:id>")
async def delete_note(project_id: UUID, id: UUID) -> Response:
    """Delete a note."""
    parameters.query()
    await notes.delete_note(tenant(), project_id, id)
    return Response("", 204)


@blueprint.get("/responses/<uuid:id>/similar")
async def get_similar(project_id: UUID, id: UUID) -> Response:
    """Messages that read like one and are not in its group."""
    parameters.query()
    await inbox.inbox_message(tenant(), project_id, id)  # 404
    rows = await triage.similar_messages(tenant(), project_id, id)
    return json_list(row_object(row, "created_at") for row in rows)


@blueprint.get("/views")
async def get_views(project_id: UUID) -> Response:
    """The saved views of the inbox by name."""
    parameters.query()
    return json_list(map(row_object, await saved_views.saved_views(tenant(), project_id)))


@blueprint.post("/views")
async def post_view(project_id: UUID) -> Response:
    """A new saved view."""
    new = await parameters.body_as(NewSavedView)
    id = await saved_views.create_saved_view(tenant(), project_id, new.name, new.query.lstrip("?"))
    return json_response(await _view(project_id, id), 201)


@blueprint.patch("/views/<uuid:id>")
async def patch_view(project_id: UUID, id: UUID) -> Response:
    """Rename a saved view."""
    await saved_views.update_saved_view(tenant(), project_id, id, (await parameters.body_as(SavedViewName)).name)
    return json_response(await _view(project_id, id))


@blueprint.delete("/views/<uuid:id>")
async def delete_view(project_id: UUID, id: UUID) -> Response:
    """Delete a saved view."""
    parameters.query()
    await saved_views.delete_saved_view(tenant(), project_id, id)
    return Response("", 204)


async def _tag(project_id: UUID, id: UUID) -> dict[str, Any]:
    return next(row_object(tag) for tag in await triage.tags(tenant(), project_id) if tag.id == id)


async def _view(project_id: UUID, id: UUID) -> dict[str, Any]:
    return next(row_object(view) for view in await saved_views.saved_views(tenant(), project_id) if view.id == id)
