"""Putting a widget on a page: snippets and the setup checker."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.context import settings
from app.http.redirects import see_other
from app.panel.integrate import setup
from app.panel.integrate.snippets import Snippet, site_page
from app.panel.shared import auth, read
from app.queries import project_settings, projects, widget_settings
from app.queries.projects import Project
from app.queries.widget_settings import WidgetSettings
from app.text import languages
from app.text.refusal_reasons import ACTIONS

blueprint = Blueprint("integrate", __name__, url_prefix="/projects/<slug:slug>/integrate")
auth.require_actor(blueprint)
WAYS = {
    "html": "HTML",
    "react": "React",
    "vue": "Vue",
    "astro": "Astro",
    "wordpress": "WordPress",
    "published": "Published SDKs",
    "form": "Without JavaScript",
}


@blueprint.get("")
async def get_integrate(slug: str) -> str:
    project = await projects.project(auth.tenant(), slug)
    widgets = await widget_settings.widget_settings(auth.tenant(), project.id)
    if not widgets:
        return await render_template("integrate/begin.html", project=project, section="Integrate")
    widget, way = _find_widget(widgets, request.args), read.text(request.args, "way", 20)
    check = await setup.load_setup(project, widget)
    design = await widget_settings.widget_design(auth.tenant(), project.id, widget.id)
    return await render_template(
        "integrate/page.html", project=project, section="Integrate", widgets=widgets, ways=WAYS, setup=check,
        actions=ACTIONS, way=way if way in WAYS else "html",
        language_names=languages.NAMES,
        snippet=Snippet(
            widget, settings().base_url, site_page(check.origins), design, read.text(request.args, "language", 35)
        ),
    )  # fmt: skip


@blueprint.get("/setup")
async def get_setup(slug: str) -> Response:
    """The setup checker's fragment; 204 if the page shows it already."""
    project = await projects.project(auth.tenant(), slug)
    widget = await _widget(project, read.id(request.args, "widget"))
    check = await setup.load_setup(project, widget, read.number(request.args, "since", 0, 0, 999_999_999))
    if check.mark == request.args.get("mark"):
        return Response("", 204)
    text = await render_template("integrate/_setup.html", project=project, setup=check, actions=ACTIONS)
    return Response(text)


@blueprint.post("/origins")
async def post_origin(slug: str) -> Response:
    """Allow one more site to send responses."""
    project, form = await projects.project(auth.tenant(), slug), await request.form
    await project_settings.add_origin(auth.tenant(), project.id, read.text(form, "origin", 300))
    query = {name: form[name] for name in ("widget", "way") if form.get(name)}
    return see_other(f"/projects/{slug}/integrate?{urlencode(query)}#setup")


def _find_widget(widgets: list[WidgetSettings], query: Mapping[str, str]) -> WidgetSettings:
    # By default the newest widget that is not archived.
    id = read.uuid(query, "widget")
    if id is None:
        return next((each for each in reversed(widgets) if not each.archived_at), widgets[-1])
    widget = next((each for each in widgets if each.id == id), None)
    if widget is None:
        raise FeelbackError(404, "There is no such widget.", hint="See the list of widgets.")
    return widget


async def _widget(project: Project, id: UUID) -> WidgetSettings:
    (widget,) = await widget_settings.widget_settings(auth.tenant(), project.id, id)
    return widget
