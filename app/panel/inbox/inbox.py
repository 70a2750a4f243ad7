"""The inbox of a project: messages by view, widget and search; one message; live events."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from quart import Blueprint, Response, get_flashed_messages, render_template, request

from app.database import db
from app.errors import FeelbackError
from app.http.context import pool, services
from app.panel.shared import auth, read
from app.queries import accounts, inbox, projects, widget_names
from app.queries.inbox import Message
from app.queries.projects import Project
from app.text.widget_types import WITH_TEXT

blueprint = Blueprint("inbox", __name__, url_prefix="/projects/<slug:slug>/inbox")
auth.require_actor(blueprint)
PAGE = 30
MOST_ARRIVALS = 100
OVERLAP_MS = 60_000  # a message's id may be older than that of one committed before it
VIEWS = {
    "inbox": "Inbox",
    "unread": "Unread",
    "starred": "Starred",
    "archive": "Archive",
    "spam": "Spam",
    "deleted": "Deleted",
    "all": "All",
}


@dataclass(frozen=True, slots=True)
class Filter:
    """Part of an inbox: a view, optionally one widget, a search, and messages before an id."""

    slug: str
    view: str = "inbox"
    widget_id: UUID | None = None
    search: str = ""
    before: UUID | None = None

    @property
    def words(self) -> str:
        return VIEWS[self.view]

    @property
    def clear_url(self) -> str:
        return f"/projects/{self.slug}/inbox"

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The filter as fields of a form or a query string, without defaults."""
        values = {
            "view": self.view if self.view != "inbox" else "",
            "widget": str(self.widget_id or ""),
            "q": self.search,
            "before": str(self.before or ""),
        }
        return [(name, text) for name, text in values.items() if text]

    def url(self, part: str = "", **changes: Any) -> str:
        """URL of this filter with `changes` to its fields; `part` is a path below the inbox."""
        values = {
            "view": self.view,
            "widget_id": self.widget_id,
            "search": self.search,
            "before": self.before,
        } | changes
        query = urlencode([*Filter(self.slug, **values).fields])
        return self.clear_url + part + (f"?{query}" if query else "")

    def message_url(self, id: UUID) -> str:
        """URL of a message whose page links back to this filter."""
        return self.url(f"/{id}")

    async def messages(self, project: Project, after: UUID | None, before: UUID | None, limit: int) -> list[Message]:
        """Messages between two ids, both excluded, newest first."""
        scope = (auth.tenant(), project.id, self.view, self.widget_id)
        if self.search:
            return await inbox.found_messages(*scope, self.search, after, before, limit)
        return await inbox.inbox_messages(*scope, after, before, limit)


def read_filter(slug: str, values: Mapping[str, str]) -> Filter:
    """The filter in a form or a query string. Invalid values fall back to defaults."""
    view = values.get("view", "")
    return Filter(
        slug,
        view if view in VIEWS else "inbox",
        read.uuid(values, "widget"),
        read.text(values, "q", 200),
        read.uuid(values, "before"),
    )


@blueprint.get("")
async def get_inbox(slug: str) -> str:
    """A page of the inbox, with the result of the last action if a form led here."""
    project = await projects.project(auth.tenant(), slug)
    filter = read_filter(slug, request.args)
    messages = await filter.messages(project, None, filter.before, PAGE + 1)
    names = await widget_names.widget_names(auth.tenant(), project.id)
    return await render_template(
        "inbox/page.html",
        project=project,
        section="Inbox",
        filter=filter,
        views=VIEWS,
        widgets=[widget for widget in names if widget.type in WITH_TEXT],
        messages=messages[:PAGE],
        older_url=filter.url(before=messages[PAGE - 1].id) if len(messages) > PAGE else "",
        action_id=read.uuid(request.args, "action"),
        result=next(iter(get_flashed_messages()), ""),
    )


@blueprint.get("/arrivals")
async def get_arrivals(slug: str) -> str:
    """Rows newer than the newest of an open page, and some before it, which the page has already."""
    project = await projects.project(auth.tenant(), slug)
    filter, newest = read_filter(slug, request.args), read.uuid(request.args, "after")
    after = UUID(int=max((newest.int >> 80) - OVERLAP_MS, 0) << 80) if newest else None
    messages = await filter.messages(project, after, None, MOST_ARRIVALS)
    return await render_template("inbox/_rows.html", project=project, filter=filter, messages=messages)


@blueprint.get("/<uuid:id>")
async def get_message(slug: str, id: UUID) -> str:
    project = await projects.project(auth.tenant(), slug)
    message = await inbox.inbox_message(auth.tenant(), project.id, id)
    filter = read_filter(slug, request.args)
    return await render_template(
        "inbox/message.html",
        project=project,
        section="Inbox",
        filter=filter,
        message=message,
        action_id=None,
        result="",
    )


@blueprint.get("/events")
async def get_events(slug: str) -> Response:
    """Server-sent events with the number of unread messages; the stream ends with the actor's access."""
    project = await projects.project(auth.tenant(), slug)
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
