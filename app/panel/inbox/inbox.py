"""The inbox of a project: messages by view, widget and search; one message."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from quart import Blueprint, get_flashed_messages, render_template, request

from app.panel.inbox import issue_section, reply_form, triage_filter
from app.panel.inbox.triage_filter import CHOICES, TriageChoice
from app.panel.shared import auth, filters, read
from app.panel.shared.filters import Chip
from app.panel.shared.filters import Filter as SharedFilter
from app.queries import inbox, members, notes, responses, saved_views, triage, window_choices
from app.queries.inbox import Message, MessageFilter
from app.queries.projects import Project

blueprint = Blueprint("inbox", __name__, url_prefix="/projects/<slug:slug>/inbox")
auth.require_actor(blueprint)
PAGE = 30
MOST_ARRIVALS = 100
MOST_ASSIGNEES = 500
MOST_CHANGES = 5000  # messages that one action changes
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
    """Part of an inbox: a view, a search and messages before an id, of what the `shared` filter and `triage` leave in.

    `since` and `until` are the ids between which its period lies, if it has one.
    """

    slug: str
    view: str = "inbox"
    search: str = ""
    before: UUID | None = None
    shared: SharedFilter = field(default_factory=SharedFilter)
    triage: TriageChoice = field(default_factory=TriageChoice)
    since: UUID | None = None
    until: UUID | None = None

    @property
    def words(self) -> str:
        return VIEWS[self.view]

    @property
    def clear_url(self) -> str:
        return f"/projects/{self.slug}/inbox"

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The filter as fields of a form or a query string, without defaults."""
        values = self._address.values | {"before": str(self.before or "")}
        return [(name, text) for name, text in values.items() if text]

    @property
    def query(self) -> str:
        """The query string by which a view is saved, without its question mark."""
        return replace(self, before=None).url().partition("?")[2]

    @property
    def all_chips(self) -> list[Chip]:
        """What of it leaves something out, in words."""
        return [*self.triage.chips(self._address), *self._address.all_chips]

    @property
    def _address(self) -> SharedFilter:
        """All of it but `before`, as the parameters of an address."""
        view = self.view if self.view != "inbox" else ""
        return replace(self.shared, extra={"view": view, **self.triage.values, "q": self.search})

    @property
    def is_any(self) -> bool:
        """Whether it shows the whole of its view."""
        return self.triage.is_any and not (self.search or self.shared.query)

    def url(self, part: str = "", **changes: Any) -> str:
        """URL of this filter with `changes` to its fields; `part` is a path below the inbox."""
        query = urlencode(replace(self, **changes).fields)
        return self.clear_url + part + (f"?{query}" if query else "")

    def message_url(self, id: UUID) -> str:
        """URL of a message whose page links back to this filter."""
        return self.url(f"/{id}")

    def option_url(self, widget_id: UUID, option: str, reason: str = "") -> str:
        """URL of the messages with an option of a widget, or with a reason of it."""
        return self.url(shared=replace(self.shared, widget_id=widget_id, option=option, reason=reason), before=None)

    def triage_url(self, **changes: Any) -> str:
        """URL of the messages with another choice of triage."""
        return self.url(triage=replace(self.triage, **changes), before=None)

    async def messages(self, project: Project, after: UUID | None, before: UUID | None, limit: int) -> list[Message]:
        """Messages between two ids, both excluded, newest first."""
        first, last = self._between(after, before)
        return await inbox.inbox_messages(auth.tenant(), project.id, self._counts, first, last, limit)

    async def count(self, project: Project, most: int) -> int:
        """How many messages there are, at most `most`."""
        return await inbox.message_count(auth.tenant(), project.id, self._counts, *self._between(None, None), most)

    @property
    def _counts(self) -> MessageFilter:
        shared = self.shared
        return MessageFilter(
            view=self.view, search=self.search, widget_id=shared.widget_id, page_id=shared.page_id,
            origin=shared.origin, option=shared.option, reason=shared.reason, triage=self.triage.filter,
        )  # fmt: skip

    def _between(self, after: UUID | None, before: UUID | None) -> tuple[UUID | None, UUID | None]:
        """Ids, both excluded, between which messages lie, given those that a caller names."""
        ids = [id for id in (after, self.since) if id], [id for id in (before, self.until) if id]
        return max(ids[0], default=None), min(ids[1], default=None)


def read_filter(slug: str, values: Mapping[str, str]) -> Filter:
    """The filter in a form or a query string.

    Raises:
        FeelbackError: 422 if an id is not a UUID, or the period or the status is unknown.
    """
    view, shared = values.get("view", ""), filters.from_query(values)
    return Filter(
        slug,
        view if view in VIEWS else "inbox",
        read.text(values, "q", 200),
        read.uuid(values, "before"),
        shared,
        triage_filter.from_query(values),
    )


async def project_filter(project: Project, values: Mapping[str, str]) -> Filter:
    """The same, with its labels and the ids between which its period lies.

    Raises:
        FeelbackError: 422, 404 if the project does not have what it names.
    """
    filter = read_filter(project.slug, values)
    filter = replace(
        filter,
        shared=await filters.labelled(project, filter.shared),
        triage=await triage_filter.labelled(project, filter.triage),
    )
    window = filter.shared.window
    if not (window.name or window.from_day):
        return filter
    span = await window_choices.window_span(auth.tenant(), project.id, window.name, window.from_day, window.to_day)
    return replace(filter, since=_floor(span.since), until=_floor(span.until))


def _floor(time: datetime) -> UUID:
    """The smallest UUIDv7 of a time, as fn.uuid_floor."""
    return UUID(int=max(int(time.timestamp() * 1000), 0) << 80)


@blueprint.get("")
async def get_inbox(slug: str) -> str:
    """A page of the inbox, with the result of the last action if a form led here."""
    project = await auth.project(slug)
    filter = await project_filter(project, request.args)
    messages = await filter.messages(project, None, filter.before, PAGE + 1)
    widgets = await responses.widget_choices(auth.tenant(), project.id)
    return await render_template(
        "inbox/page.html",
        project=project,
        section="Inbox",
        filter=filter,
        url_filter=filter.shared,
        address=filter.clear_url,
        views=VIEWS,
        saved_views=await saved_views.saved_views(auth.tenant(), project.id),
        **await triage_choices(project),
        widgets=[widget for widget in widgets if widget.takes_words],
        messages=messages[:PAGE],
        older_url=filter.url(before=messages[PAGE - 1].id) if len(messages) > PAGE else "",
        action_id=read.uuid(request.args, "action"),
        result=next(iter(get_flashed_messages()), ""),
    )


@blueprint.get("/arrivals")
async def get_arrivals(slug: str) -> str:
    """Rows newer than the newest of an open page, and some before it, which the page has already."""
    project = await auth.project(slug)
    filter, newest = await project_filter(project, request.args), read.uuid(request.args, "after")
    after = UUID(int=max((newest.int >> 80) - OVERLAP_MS, 0) << 80) if newest else None
    messages = await filter.messages(project, after, None, MOST_ARRIVALS)
    return await render_template("inbox/_rows.html", project=project, filter=filter, messages=messages)


@blueprint.get("/count")
async def get_count(slug: str) -> str:
    """How many messages match, as text for the list; it counts as many as one action changes."""
    project = await auth.project(slug)
    filter = replace(await project_filter(project, request.args), before=None)
    count = await filter.count(project, MOST_CHANGES + 1)
    return await render_template("inbox/_count.html", count=count, most=MOST_CHANGES)


@blueprint.get("/<uuid:id>")
async def get_message(slug: str, id: UUID) -> str:
    """A message on its own page, or the fragment beside the list."""
    project = await auth.project(slug)
    tenant = auth.tenant()
    message = await inbox.inbox_message(tenant, project.id, id)
    filter = read_filter(slug, request.args)
    is_pane = bool(request.headers.get("HX-Request"))
    return await render_template(
        "inbox/_message.html" if is_pane else "inbox/message.html",
        is_pane=is_pane,
        project=project,
        section="Inbox",
        filter=filter,
        message=message,
        notes=await notes.notes(tenant, project.id, id),
        **await reply_form.replies_and_form(project, message),
        **await issue_section.issue_and_tracker(project, id),
        same=await triage.group_messages(tenant, project.id, id) if message.group_size else [],
        similar=await triage.similar_messages(tenant, project.id, id) if project.role != "viewer" else [],
        **await triage_choices(project),
        action_id=read.uuid(request.args, "action"),
        result="" if is_pane else next(iter(get_flashed_messages()), ""),
    )


async def triage_choices(project: Project) -> dict[str, Any]:
    """What the fields of triage offer: statuses, members and tags of a project, for a template."""
    people = await members.members(auth.tenant(), "", MOST_ASSIGNEES, 0)
    return {"statuses": CHOICES, "people": people, "tags": await triage.tags(auth.tenant(), project.id)}
