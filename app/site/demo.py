"""The demo page."""

from quart import Blueprint, render_template

from app.errors import FeelbackError
from app.http import sdk
from app.http.context import pool, settings
from app.queries import demo, widgets
from app.site import demo_project as demo_data

blueprint = Blueprint("demo", __name__)


@blueprint.get("/demo")
async def get_demo() -> str:
    """Show a public page with a widget of each type and its counts."""
    project = await demo.demo_project(pool())
    if project is None:
        raise FeelbackError(404, "The demo is not loaded.", hint="Run `feelback demo`, then reload this page.")
    live = await widgets.demo_widgets(pool(), project.account_id, project.id, demo_data.KEY)
    return await render_template(
        "demo/page.html",
        project=project,
        widgets=live,
        key=demo_data.KEY,
        base_url=settings().base_url,
        version=sdk.newest(),
        integrity=sdk.integrity()["feelback.js"],
    )
