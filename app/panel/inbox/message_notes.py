"""Notes about a message."""

from uuid import UUID

from quart import Response, request

from app.panel.inbox.inbox import blueprint, project_filter
from app.panel.inbox.message_actions import respond
from app.panel.shared import auth
from app.queries import notes


@blueprint.post("/<uuid:id>/notes")
async def post_note(slug: str, id: UUID) -> Response:
    """Add a note."""
    form = await request.form
    project = await auth.project(slug)
    filter = await project_filter(project, form)
    await notes.create_note(auth.tenant(), project.id, id, form.get("note", "").replace("\r\n", "\n").strip())
    return await respond(project, filter, [id], "Note added", None, is_in_place=True)


@blueprint.post("/<uuid:id>/notes/<uuid:note_id>/delete")
async def post_note_deletion(slug: str, id: UUID, note_id: UUID) -> Response:
    """Delete a note."""
    form = await request.form
    project = await auth.project(slug)
    filter = await project_filter(project, form)
    await notes.delete_note(auth.tenant(), project.id, note_id)
    return await respond(project, filter, [id], "Note deleted", None, is_in_place=True)
