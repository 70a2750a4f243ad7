"""Creating a widget: an idea from the gallery, then its question, options, look and rules."""

from collections.abc import Mapping
from datetime import timedelta

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.context import pool
from app.http.redirects import see_other
from app.panel.shared import auth
from app.panel.widgets import drafts, gallery, widget_forms
from app.panel.widgets.drafts import Draft
from app.queries import presets, widget_settings
from app.queries.projects import Project

blueprint = Blueprint("new_widget", __name__, url_prefix="/projects/<slug:slug>/widgets")
auth.require_actor(blueprint)


@blueprint.get("/new")
async def get_new_widget(slug: str) -> str:
    """The gallery, or the editor for the idea in the query string."""
    project = await auth.project(slug)
    return await _page(project, request.args)


@blueprint.post("")
async def post_widget(slug: str) -> Response:
    """Create the widget and go on to integrate it; or add, move or remove a row; or show what is wrong."""
    project, form = await auth.project(slug), await request.form
    draft, errors = drafts.of_form(form), dict[str, str]()
    if command := form.get("edit", ""):
        draft.edit(command, form.get(f"copy-{command.rpartition('-')[2]}", ""))
        return Response(await _page(project, form, draft, errors))
    values, options = draft.values(errors)
    if errors:
        return Response(await _page(project, form, draft, errors), 422)
    seconds = values["edit_seconds"]
    try:
        id = await widget_settings.create_widget(
            auth.tenant(), project.id, draft.name, draft.type, options=options,
            visitor_policy=draft.visitor_policy or None,
            edit_window=None if seconds is None else timedelta(seconds=seconds),
            fields=values.get("fields"), is_open_form=values.get("is_open_form", False),
            appearance=values["appearance"], texts=values["texts"], follow_ups=draft.follow_ups(),
        )  # fmt: skip
    except FeelbackError as error:
        errors = widget_forms.errors_of(error, draft)
        return Response(await _page(project, form, draft, errors), error.status)
    return see_other(f"/projects/{slug}/integrate?widget={id}")


async def _page(
    project: Project, query: Mapping[str, str], draft: Draft | None = None, errors: dict[str, str] | None = None
) -> str:
    goals = gallery.goals(await presets.presets(pool()))
    idea = gallery.find(goals, query.get("type", ""), query.get("preset", ""))
    if idea is None or project.role == "viewer":
        fields = next(drafts.of_idea(idea) for goal in goals for idea in goal.ideas if idea.type == "form").fields_json
        return await render_template(
            "widgets/gallery.html", section="Widgets", project=project, goals=goals, fields=fields
        )
    parts = widget_forms.context(draft or drafts.of_idea(idea), errors or {})
    action = f"/projects/{project.slug}/widgets"
    return await render_template(
        "widgets/new.html", section="Widgets", project=project, idea=idea, action=action, retired=[], **parts
    )
