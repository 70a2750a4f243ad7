"""Messages in the inbox of a project."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool
from app.queries.follow_ups import Reason
from app.queries.triage import TagName, TriageFilter
from app.text.email_addresses import deliverable

_TAGS = Decoder(list[TagName])
_REASONS = Decoder(list[Reason])
_FIELDS, _CONTEXT = Decoder(dict[str, str | float | bool | None]), Decoder(dict[str, object])


@dataclass(frozen=True, slots=True)
class Message:
    """What a visitor wrote, in a message, a form or a follow-up.

    `fields` is JSON, times are the project's, `is_test` is of test mode.
    """

    id: UUID
    widget_id: UUID
    widget_name: str
    type: str
    key: str
    label: str
    icon: str
    body: str | None
    fields: str | None
    sender: str | None
    created_at: datetime
    edited_at: datetime | None
    folder: str
    is_read: bool
    is_starred: bool
    is_test: bool
    option: str
    reasons_json: str
    status: str
    assignee_id: UUID | None
    assignee: str
    tags_json: str
    group_id: UUID | None
    group_size: int
    notes: int

    @property
    def tags(self) -> list[TagName]:
        """Its tags by name."""
        return _TAGS.decode(self.tags_json)

    @property
    def triage(self) -> str:
        """A text that differs once its triage does, by which an open page knows that it is outdated."""
        return f"{self.status} {self.assignee_id} {self.group_id} {self.group_size} {self.notes} {self.tags_json}"

    @property
    def reasons(self) -> list[Reason]:
        """Why its sender chose the option."""
        return _REASONS.decode(self.reasons_json)

    @property
    def answers(self) -> list[tuple[str, str]]:
        """Values of a form's fields, by name."""
        fields = _FIELDS.decode(self.fields) if self.fields else {}
        return [(name, _words(value)) for name, value in fields.items()]

    @property
    def gist(self) -> str:
        """The message in one line of at most 120 characters."""
        line = " ".join((self.body or ", ".join(words for _, words in self.answers)).split())
        return line if len(line) <= 120 else line[:119].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class WholeMessage(Message):
    """A message with the context that its page sent, as JSON, and the address that its visitor left."""

    context_json: str
    page_id: UUID
    contact: str | None

    @property
    def reply_to(self) -> str:
        """The address to which a reply is sent; empty if the visitor left none that mail can be sent to."""
        try:
            return deliverable(self.contact or "")
        except ValueError:
            return ""

    @property
    def context_items(self) -> list[tuple[str, str]]:
        """Names and values of the context, without the sender's address."""
        items = _CONTEXT.decode(self.context_json).items()
        return [
            ("Language" if name == "$language" else name, _words(value)) for name, value in items if name != "$user"
        ]


@dataclass(frozen=True, slots=True)
class MessageAction:
    """The id to undo it by, None where nothing changed, and the number of messages that changed."""

    action_id: UUID | None
    changed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFilter:
    """Messages of a view; with `search`, those in which every word of it begins a word."""

    view: str = "inbox"
    search: str = ""
    widget_id: UUID | None = None
    page_id: UUID | None = None
    origin: str = ""
    option: str = ""
    reason: str = ""
    triage: TriageFilter = field(default_factory=TriageFilter)


async def inbox_messages(
    tenant: TenantPool, project_id: UUID, filter: MessageFilter, after: UUID | None, before: UUID | None, limit: int
) -> list[Message]:
    """A page of messages, newest first."""
    if filter.search:
        sql = """
            select * from fn.matching_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            """
        return await db.many(
            tenant, Message, sql, tenant.account_id, project_id, filter.view, filter.widget_id, filter.search, after,
            before, limit, filter.page_id, filter.origin, filter.option, filter.reason, *filter.triage.arguments,
        )  # fmt: skip
    sql = "select * from fn.inbox_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    return await db.many(
        tenant, Message, sql, tenant.account_id, project_id, filter.view, filter.widget_id, after, before, limit,
        filter.page_id, filter.origin, filter.option, filter.reason, *filter.triage.arguments,
    )  # fmt: skip


async def message_count(
    tenant: TenantPool, project_id: UUID, filter: MessageFilter, after: UUID | None, before: UUID | None, most: int
) -> int:
    """How many messages there are, at most `most`."""
    if filter.search:
        sql = """
            select count(*)
            from fn.matching_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        """
        count: int = await db.value(
            tenant, sql, tenant.account_id, project_id, filter.view, filter.widget_id, filter.search, after, before,
            most, filter.page_id, filter.origin, filter.option, filter.reason, *filter.triage.arguments,
        )  # fmt: skip
        return count
    sql = "select count(*) from fn.inbox_messages($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
    count = await db.value(
        tenant, sql, tenant.account_id, project_id, filter.view, filter.widget_id, after, before, most,
        filter.page_id, filter.origin, filter.option, filter.reason, *filter.triage.arguments,
    )  # fmt: skip
    return count


async def inbox_message(tenant: TenantPool, project_id: UUID, id: UUID) -> WholeMessage:
    """One message.

    Raises:
        FeelbackError: 404 where the project has none.
    """
    return await db.row(
        tenant, WholeMessage, "select * from fn.inbox_message($1, $2, $3)", tenant.account_id, project_id, id
    )


async def update_messages(tenant: TenantPool, project_id: UUID, ids: Sequence[UUID], action: str) -> MessageAction:
    """Mark or move messages: `action` is read, unread, star, unstar, inbox, archive, spam or delete.

    Raises:
        FeelbackError: 403 for viewers; 422 for more than 5,000 or another action.
    """
    return await db.row(
        tenant,
        MessageAction,
        "select * from fn.update_messages($1, $2, $3, $4)",
        tenant.account_id,
        project_id,
        list(ids),
        action,
    )


async def undo_message_action(tenant: TenantPool, project_id: UUID, id: UUID) -> list[UUID]:
    """Undo an action; returns the ids of the messages that changed.

    Raises:
        FeelbackError: 403 for viewers; 404 where it is more than an hour ago.
    """
    return list(await db.value(tenant, "select fn.undo_message_action($1, $2, $3)", tenant.account_id, project_id, id))


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
