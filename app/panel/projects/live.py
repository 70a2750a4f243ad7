"""The stream of a project, which keeps its open screens up to date, and the newest messages, which it brings in."""

from dataclasses import replace

from quart import Blueprint, Response, render_template, request

from app.database import db
from app.errors import FeelbackError
from app.http.context import pool, services
from app.panel.shared import auth, filters
from app.queries import accounts, inbox, projects
from app.queries.inbox import MessageFilter

blueprint = Blueprint("live", __name__, url_prefix="/projects/<slug:slug>")
auth.require_actor(blueprint)
MOST_MESSAGES = 6


@blueprint.get("/events")
async def get_events(slug: str) -> Response:
    """Server-sent events with the number of unread messages; the stream ends with the actor's access."""
    project = await auth.project(slug)
    live = services().live
    if live is None:
        raise db.unavailable()
    tenant, digest, connected, idle = auth.tenant(), auth.token_hash(), pool(), auth.idle_time()

    async def unread() -> int | None:
        # An open page is no use of the session: it ends when the person is away for long.
        rows = await accounts.session_actor(connected, digest, idle, is_used=False) if digest else []
        if tenant.account_id not in [row.account_id for row in rows]:
            return None
        try:
            return (await projects.project(tenant, slug)).unread or 0
        except FeelbackError as error:
            if error.status == 404:
                return None
            raise

    headers = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
    response = Response(live.events(project.id, auth.actor().person_id, unread), 200, headers)
    response.timeout = None  # open as long as the page is
    return response


@blueprint.get("/newest")
async def get_newest(slug: str) -> str:
    """The fragment with the newest messages of the overview or of a page."""
    project = await auth.project(slug)
    filter = filters.from_query(request.args)
    newest = MessageFilter(
        view="all", widget_id=filter.widget_id, page_id=filter.page_id, origin=filter.origin, option=filter.option,
        reason=filter.reason,
    )  # fmt: skip
    return await render_template(
        "projects/_newest.html",
        project=project,
        filter=replace(filter, window=filter.window.resolved(project)),
        newest=await inbox.inbox_messages(auth.tenant(), project.id, newest, None, None, MOST_MESSAGES),
    )
