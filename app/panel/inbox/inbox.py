"""The inbox of a project: what visitors wrote, by view, set and search, and each message by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.database import db
from app.errors import FeelbackError
from app.http.context import pool, services
from app.panel.shared import auth, read
from app.queries import accounts, inbox, projects, widget_names
from app.queries.inbox import Message
from app.queries.projects import Project
from app.text.widget_types import WRITTEN

blueprint = Blueprint("inbox", __name__, url_prefix="/projects/<slug:slug>/inbox")
auth.require_actor(blueprint)
PAGE = 30
MOST_ARRIVALS = 100
OVERLAP_MS = 60_000  # a message may be older than one that was committed before it
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
    """What of an inbox is looked at: a view of it, one set of the project, a search, messages before an id."""

    slug: str
    view: str = "inbox"
    widget_id: UUID | None = None
    search: str = ""
    before: UUID | None = None

    @property
    def words(self) -> str:
        """What the view is called."""
        return VIEWS[self.view]

    @property
    def clear_url(self) -> str:
        """The address of the inbox."""
        return f"/projects/{self.slug}/inbox"

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The filter as the fields of a form or a query string; what is as usual is left out."""
        given = [("view", self.view if self.view != "inbox" else ""), ("widget", str(self.widget_id or ""))]
        return [(name, text) for name, text in (*given, ("q", self.search), ("before", str(self.before or ""))) if text]

    def url(self, part: str = "", **other: Any) -> str:
        """The address of this filter, of its `part`, with other values for some of its fields."""
        kept = {"view": self.view, "widget_id": self.widget_id, "search": self.search, "before": self.before} | other
        query = urlencode([*Filter(self.slug, **kept).fields])
        return self.clear_url + part + (f"?{query}" if query else "")

    def message_url(self, id: UUID) -> str:
        """The address of a message, from which one comes back to this filter."""
        return self.url(f"/{id}")

    async def messages(self, project: Project, after: UUID | None, before: UUID | None, limit: int) -> list[Message]:
        """The filter's messages between two ids, newest first."""
        where = (auth.tenant(), project.id, self.view, self.widget_id)
        if self.search:
            return await inbox.found_messages(*where, self.search, after, before, limit)
        return await inbox.inbox_messages(*where, after, before, limit)


def asked(slug: str, given: Mapping[str, str]) -> Filter:
    """The filter in a form or a query string; what makes no sense in it is as usual."""
    view = given.get("view", "")
    return Filter(
        slug,
        view if view in VIEWS else "inbox",
        read.uuid(given, "widget"),
        read.text(given, "q", 200),
        read.uuid(given, "before"),
    )


@blueprint.get("")
async def get_inbox(slug: str) -> str:
    """A page of the inbox; beside it what was just done, if a form led here."""
    project = await projects.project(auth.tenant(), slug)
    filter = asked(slug, request.args)
    found = await filter.messages(project, None, filter.before, PAGE + 1)
    names = await widget_names.widget_names(auth.tenant(), project.id)
    return await render_template(
        "inbox/page.html",
        project=project,
        section="Inbox",
        filter=filter,
        views=VIEWS,
        widgets=[found for found in names if found.type in WRITTEN],
        messages=found[:PAGE],
        older=filter.url(before=found[PAGE - 1].id) if len(found) > PAGE else "",
        done=read.uuid(request.args, "done"),
        said=read.text(request.args, "said", 100),
    )


@blueprint.get("/arrivals")
async def get_arrivals(slug: str) -> str:
    """Rows that came after the newest one of an open page, and some of those before, which it knows already."""
    project = await projects.project(auth.tenant(), slug)
    filter, newest = asked(slug, request.args), read.uuid(request.args, "after")
    after = UUID(int=max((newest.int >> 80) - OVERLAP_MS, 0) << 80) if newest else None
    found = await filter.messages(project, after, None, MOST_ARRIVALS)
    return await render_template("inbox/_rows.html", project=project, filter=filter, messages=found)


@blueprint.get("/<uuid:id>")
async def get_message(slug: str, id: UUID) -> str:
    """One message, whole, with what its page told along."""
    project = await projects.project(auth.tenant(), slug)
    message = await inbox.inbox_message(auth.tenant(), project.id, id)
    filter = asked(slug, request.args)
    return await render_template(
        "inbox/message.html", project=project, section="Inbox", filter=filter, message=message, done=None, said=""
    )


@blueprint.get("/events")
async def get_events(slug: str) -> Response:
    """A stream of server-sent events that tells when messages came; it ends when the actor may see them no more."""
    project = await projects.project(auth.tenant(), slug)
    live = services().live
    if live is None:
        raise db.unavailable()
    tenant, digest, connected = auth.tenant(), auth.token_hash(), pool()

    async def unread() -> int | None:
        rows = await accounts.session_actor(connected, digest) if digest else []
        if tenant.account_id not in [row.account_id for row in rows]:
            return None
        try:
            return (await projects.project(tenant, slug)).unread or 0
        except FeelbackError as error:
            if error.status == 404:
                return None
            raise

    headers = {"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"}
    response = Response(live.events(project.id, unread), 200, headers)
    response.timeout = None  # it lasts as long as the page is open
    return response
