"""Making a widget: what it asks, from a gallery of presets; then its name, options and rules."""

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
    {"name": "email", "kind": "email", "label": "E-mail", "required": True},
    {"name": "message", "kind": "text", "label": "Message", "required": True, "max": 2000},
]


@blueprint.get("/new")
async def get_new_widget(slug: str) -> str:
    """The gallery; with a preset, the form that begins with it."""
    project = await projects.project(auth.tenant(), slug)
    return await _page(project, request.args, {}, "")


@blueprint.post("")
async def post_widget(slug: str) -> Response:
    """Makes the widget and goes on to putting it on a page, or shows the form again."""
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
    return see_other(f"/projects/{slug}/integrate?set={id}")


async def _page(project: Project, wanted: Mapping[str, str], form: Mapping[str, str], wrong: str) -> str:
    every = await presets.presets(pool())
    chosen = _chosen(every, wanted)
    shown = {"section": "Widgets", "project": project, "questions": QUESTIONS, "fields": FIELDS}
    if chosen is None or project.role == "viewer":
        return await render_template("widgets/gallery.html", presets=every, **shown)
    given = _again(form, chosen)
    return await render_template(
        "widgets/new.html", preset=chosen, form=form, wrong=wrong, given=given, windows=widget_forms.WINDOWS,
        kinds=widget_forms.KINDS, **shown,
    )  # fmt: skip


def _chosen(every: list[Preset], wanted: Mapping[str, str]) -> Preset | None:
    of_type = [each for each in every if each.type == wanted.get("type")]
    named = [each for each in of_type if each.name == wanted.get("preset")]
    return next(iter(named or of_type), None)


def _again(form: Mapping[str, str], preset: Preset) -> dict[str, object]:
    # What was sent and not taken is shown again, as it was written.
    rows = [
        {name: form.get(f"{name}-{n}", "") for name in ("value", "label", "icon", "weight")}
        for n in range(widget_forms.MOST)
        if form.get(f"value-{n}")
    ]
    return {"options": rows or preset.options}
