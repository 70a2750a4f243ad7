"""Putting a widget on a page: what to copy, and whether responses arrive."""

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.context import settings
from app.http.redirects import see_other
from app.panel.integrate import setup
from app.panel.integrate.snippets import Widget, site_page
from app.panel.shared import auth, read
from app.queries import project_settings, projects, widget_settings
from app.queries.projects import Project
from app.queries.widget_settings import WidgetSettings
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
    """What to copy for a widget and a way to build pages; beside it, whether responses arrive."""
    project = await projects.project(auth.tenant(), slug)
    widgets = await widget_settings.widget_settings(auth.tenant(), project.id)
    if not widgets:
        return await render_template("integrate/begin.html", project=project, section="Integrate")
    kept, way = _chosen(widgets, request.args), read.text(request.args, "way", 20)
    seen = await setup.looked_up(project, kept)
    return await render_template(
        "integrate/page.html", project=project, section="Integrate", widgets=widgets, ways=WAYS, setup=seen,
        actions=ACTIONS, way=way if way in WAYS else "html",
        widget=Widget(kept, settings().base_url, site_page(seen.origins)),
    )  # fmt: skip


@blueprint.get("/setup")
async def get_setup(slug: str) -> Response:
    """Whether responses arrive, by itself; nothing where it is as the page shows it already."""
    project = await projects.project(auth.tenant(), slug)
    kept = await _widget(project, read.id(request.args, "widget"))
    seen = await setup.looked_up(project, kept, read.number(request.args, "since", 0, 0, 999_999_999))
    if seen.mark == request.args.get("mark"):
        return Response("", 204)
    text = await render_template("integrate/_setup.html", project=project, setup=seen, actions=ACTIONS)
    return Response(text)


@blueprint.post("/origins")
async def post_origin(slug: str) -> Response:
    """Lets pages of a site send, too."""
    project, form = await projects.project(auth.tenant(), slug), await request.form
    (kept,) = await project_settings.project_settings(auth.tenant(), project.id)
    origins = {"origins": [*dict.fromkeys([*kept.origins, read.text(form, "origin", 300)])]}
    await project_settings.update_project(auth.tenant(), project.id, origins)
    wanted = {name: form[name] for name in ("widget", "way") if form.get(name)}
    return see_other(f"/projects/{slug}/integrate?{urlencode(wanted)}#setup")


def _chosen(widgets: list[WidgetSettings], given: Mapping[str, str]) -> WidgetSettings:
    # The newest set that is in use, unless another one is asked for.
    wanted = read.uuid(given, "widget")
    if wanted is None:
        return next((each for each in reversed(widgets) if not each.archived_at), widgets[-1])
    found = next((each for each in widgets if each.id == wanted), None)
    if found is None:
        raise FeelbackError(404, "There is no such widget.", hint="See the list of widgets.")
    return found


async def _widget(project: Project, id: UUID) -> WidgetSettings:
    (kept,) = await widget_settings.widget_settings(auth.tenant(), project.id, id)
    return kept
