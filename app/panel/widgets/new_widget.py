"""Creating a widget: a preset from the gallery, then its question, options and rules."""

from collections.abc import Mapping
from datetime import timedelta

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.context import pool
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.panel.widgets import widget_forms
from app.queries import presets, projects, widget_settings
from app.queries.presets import Preset
from app.queries.projects import Project

blueprint = Blueprint("new_widget", __name__, url_prefix="/projects/<slug:slug>/widgets")
auth.require_actor(blueprint)
QUESTIONS = {
    "pulse": "Do you like this page?",
    "updown": "More pages like this?",
    "yesno": "Was this helpful?",
    "reaction": "How does it make you feel?",
    "rating": "Rate this page",
    "nps": "Would you recommend us?",
    "message": "Write to us",
    "tagged": "Ideas and errors",
    "form": "Contact",
}
FIELDS = [
    {"name": "email", "kind": "email", "label": "Email", "required": True},
    {"name": "message", "kind": "text", "label": "Message", "required": True, "max": 2000},
]


@blueprint.get("/new")
async def get_new_widget(slug: str) -> str:
    """The gallery, or the form for the preset in the query string."""
    project = await projects.project(auth.tenant(), slug)
    return await _page(project, request.args, {}, "")


@blueprint.post("")
async def post_widget(slug: str) -> Response:
    """Create the widget and go on to integrate it, or show the form with what is wrong."""
    project, form = await projects.project(auth.tenant(), slug), await request.form
    seconds, kind = widget_forms.edit_seconds(form), read.text(form, "type", 20)
    try:
        id = await widget_settings.create_widget(
            auth.tenant(), project.id, read.text(form, "name", 300), kind,
            options=widget_forms.options(form), visitor_policy=read.text(form, "visitor_policy", 20) or None,
            edit_window=None if seconds is None else timedelta(seconds=seconds),
            fields=widget_forms.fields(form) if kind == "form" else None, is_open_form="is_open_form" in form,
        )  # fmt: skip
    except FeelbackError as error:
        if error.status not in (409, 422):
            raise
        wrong = f"{error.message} {error.data.get('hint', '')}".rstrip()
        return Response(await _page(project, form, form, wrong), error.status)
    return see_other(f"/projects/{slug}/integrate?widget={id}")


async def _page(project: Project, query: Mapping[str, str], form: Mapping[str, str], wrong: str) -> str:
    gallery = await presets.presets(pool())
    preset = _find_preset(gallery, query)
    context = {"section": "Widgets", "project": project, "questions": QUESTIONS, "fields": FIELDS}
    if preset is None or project.role == "viewer":
        return await render_template("widgets/gallery.html", presets=gallery, **context)
    return await render_template(
        "widgets/new.html", preset=preset, options=_options(form, preset), form=form, wrong=wrong,
        edit_windows=widget_forms.EDIT_WINDOWS,
        kinds=widget_forms.KINDS, **context,
    )  # fmt: skip


def _find_preset(gallery: list[Preset], query: Mapping[str, str]) -> Preset | None:
    of_type = [each for each in gallery if each.type == query.get("type")]
    of_name = [each for each in of_type if each.name == query.get("preset")]
    return next(iter(of_name or of_type), None)


def _options(form: Mapping[str, str], preset: Preset) -> object:
    # A form with an error shows its own values again.
    rows = [
        {name: form.get(f"{name}-{n}", "") for name in ("value", "label", "icon", "weight")}
        for n in range(widget_forms.MOST)
        if form.get(f"value-{n}")
    ]
    return rows or preset.options
