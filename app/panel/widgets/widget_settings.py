"""Settings of a widget: name, rules, fields, options; archive, unarchive, delete."""

import json
from collections.abc import Awaitable
from typing import Any
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.panel.widgets import widget_forms
from app.queries import deletions, projects, widget_settings
from app.queries.projects import Project

blueprint = Blueprint("widget_settings", __name__, url_prefix="/projects/<slug:slug>/widgets/<uuid:id>")
auth.require_actor(blueprint)


@blueprint.get("/settings")
async def get_widget_settings(slug: str, id: UUID) -> str:
    return await _page(await _project(slug), id, "", "")


@blueprint.post("/settings")
async def post_widget_settings(slug: str, id: UUID) -> Response:
    """Update the name, the rules and a form's fields."""
    project, form = await _project(slug), await request.form

    async def update() -> None:
        changes: dict[str, Any] = {
            "name": read.text(form, "name", 300),
            "visitor_policy": read.text(form, "visitor_policy", 20),
            "edit_seconds": widget_forms.edit_seconds(form),
        }
        if read.text(form, "type", 10) == "form":
            changes |= {"fields": widget_forms.fields(form), "is_open_form": "is_open_form" in form}
        await widget_settings.update_widget(auth.tenant(), project.id, id, changes)

    return await _save(update(), project, id, "rules")


@blueprint.post("/options")
async def post_options(slug: str, id: UUID) -> Response:
    """Replace the options. One that is missing in the form is retired."""
    project, form = await _project(slug), await request.form

    async def update() -> None:
        await widget_settings.update_options(auth.tenant(), project.id, id, widget_forms.options(form))

    return await _save(update(), project, id, "options")


@blueprint.post("/archive")
async def post_archive_widget(slug: str, id: UUID) -> Response:
    project = await _project(slug)
    await widget_settings.archive_widget(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/widgets/{id}/settings")


@blueprint.post("/unarchive")
async def post_unarchive_widget(slug: str, id: UUID) -> Response:
    project = await _project(slug)
    await widget_settings.unarchive_widget(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/widgets/{id}/settings")


@blueprint.post("/delete")
async def post_delete_widget(slug: str, id: UUID) -> Response:
    """Delete the widget and its responses. A large one is deleted in the background."""
    project = await _project(slug)
    await deletions.delete_widget(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/widgets")


async def _project(slug: str) -> Project:
    return await projects.project(auth.tenant(), slug)


async def _save(update: Awaitable[None], project: Project, id: UUID, part: str) -> Response:
    try:
        await update
    except FeelbackError as error:
        if error.status not in (409, 422):
            raise
        wrong = f"{error.message} {error.data.get('hint', '')}".rstrip()
        return Response(await _page(project, id, wrong, part), error.status)
    return see_other(f"/projects/{project.slug}/widgets/{id}/settings?saved={part}")


async def _page(project: Project, id: UUID, wrong: str, part: str) -> str:
    (widget,) = await widget_settings.widget_settings(auth.tenant(), project.id, id)
    return await render_template(
        "widgets/settings.html", section="Widgets", project=project, widget=widget, wrong=wrong, part=part,
        saved=request.args.get("saved", ""), options=[each for each in widget.all_options if not each.retired],
        retired=[each for each in widget.all_options if each.retired], fields=json.loads(widget.fields),
        edit_windows=widget_forms.EDIT_WINDOWS, kinds=widget_forms.KINDS, may=project.role != "viewer",
    )  # fmt: skip
