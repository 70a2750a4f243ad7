"""Settings of a widget: question, options, fields, look, texts, rules; archive, unarchive, delete."""

from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.shared import auth
from app.panel.widgets import drafts, widget_forms
from app.panel.widgets.drafts import Draft
from app.queries import deletions, follow_ups, widget_settings
from app.queries.projects import Project

blueprint = Blueprint("widget_settings", __name__, url_prefix="/projects/<slug:slug>/widgets/<uuid:id>")
auth.require_actor(blueprint)


@blueprint.get("/settings")
async def get_widget_settings(slug: str, id: UUID) -> str:
    return await _page(await auth.project(slug), id)


@blueprint.post("/settings")
async def post_widget_settings(slug: str, id: UUID) -> Response:
    """Update the widget; or add, move or remove a row; or show what is wrong. A missing option is retired."""
    project, form = await auth.project(slug), await request.form
    archived = await follow_ups.archived_reasons(auth.tenant(), project.id, id)
    draft, errors = drafts.of_form(form, archived), dict[str, str]()
    if command := form.get("edit", ""):
        draft.edit(command, form.get(f"copy-{command.rpartition('-')[2]}", ""))
        return Response(await _page(project, id, draft, errors))
    changes, options = draft.values(errors)
    if errors:
        return Response(await _page(project, id, draft, errors), 422)
    try:
        items = draft.follow_ups() if options else None
        await widget_settings.edit_widget(auth.tenant(), project.id, id, changes, options or None, items)
    except FeelbackError as error:
        errors = widget_forms.errors_of(error, draft)
        return Response(await _page(project, id, draft, errors), error.status)
    return see_other(f"/projects/{slug}/widgets/{id}/settings?saved=1")


@blueprint.post("/archive")
async def post_archive_widget(slug: str, id: UUID) -> Response:
    project = await auth.project(slug)
    await widget_settings.archive_widget(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/widgets/{id}/settings")


@blueprint.post("/unarchive")
async def post_unarchive_widget(slug: str, id: UUID) -> Response:
    project = await auth.project(slug)
    await widget_settings.unarchive_widget(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/widgets/{id}/settings")


@blueprint.post("/delete")
async def post_delete_widget(slug: str, id: UUID) -> Response:
    """Delete the widget and its responses. A large one is deleted in the background."""
    project = await auth.project(slug)
    await deletions.delete_widget(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/widgets")


async def _page(project: Project, id: UUID, draft: Draft | None = None, errors: dict[str, str] | None = None) -> str:
    (widget,) = await widget_settings.widget_settings(auth.tenant(), project.id, id)
    design = await widget_settings.widget_design(auth.tenant(), project.id, id)
    if draft is None:
        archived = await follow_ups.archived_reasons(auth.tenant(), project.id, id)
        draft = drafts.of_widget(widget, design, archived)
    parts = widget_forms.context(draft, errors or {})
    return await render_template(
        "widgets/settings.html", section="Widgets", project=project, widget=widget, saved="saved" in request.args,
        retired=[each for each in widget.all_options if each.retired], may=project.role != "viewer",
        action=f"/projects/{project.slug}/widgets/{id}/settings", **parts,
    )  # fmt: skip
