"""The checklist of a project without responses: what to ask, the snippet, the first response."""

from quart import render_template

from app.http.context import settings
from app.panel.integrate import setup
from app.panel.integrate.snippets import Snippet, site_page
from app.panel.shared import auth
from app.queries import project_settings, widget_settings
from app.queries.projects import Project
from app.text.refusal_reasons import ACTIONS


async def page(project: Project) -> str:
    """The checklist, with the newest active widget's snippet and setup once there is one."""
    widgets = await widget_settings.widget_settings(auth.tenant(), project.id)
    active = [each for each in widgets if not each.archived_at]
    (values,) = await project_settings.project_settings(auth.tenant(), project.id)
    check, snippet = None, None
    if active:
        check = await setup.load_setup(project, active[-1])
        design = await widget_settings.widget_design(auth.tenant(), project.id, active[-1].id)
        snippet = Snippet(active[-1], settings().base_url, site_page(values.origins), design)
    return await render_template(
        "projects/start.html", project=project, section="Overview", widgets=active, origins=values.origins,
        setup=check, actions=ACTIONS, snippet=snippet,
    )  # fmt: skip
