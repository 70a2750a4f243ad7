"""Signed links in chat messages: what a member can do to a message, once they have confirmed it."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from itsdangerous import BadData, URLSafeTimedSerializer

from app.database.tenant import TenantPool
from app.queries import inbox, triage
from app.webhooks.cards import Link

SECONDS = 30 * 86_400  # as long as its delivery is kept


class MessageAction(NamedTuple):
    """Something to do to a message: the label of its button, the question, and what does it."""

    label: str
    question: str
    perform: Callable[[TenantPool, UUID, UUID], Awaitable[object]]


class MessageLink(NamedTuple):
    """What a link is about."""

    slug: str
    message_id: UUID
    action: str


def _move(action: str) -> Callable[[TenantPool, UUID, UUID], Awaitable[object]]:
    async def move(tenant: TenantPool, project_id: UUID, id: UUID) -> object:
        return await inbox.update_messages(tenant, project_id, [id], action)

    return move


async def _resolve(tenant: TenantPool, project_id: UUID, id: UUID) -> object:
    return await triage.triage_messages(tenant, project_id, [id], triage.TriageChange(status="resolved"))


# Each has a button in chat messages, in this order, and a page to confirm it.
ACTIONS = {
    "resolve": MessageAction("Resolve", "Resolve this message?", _resolve),
    "archive": MessageAction("Archive", "Archive this message?", _move("archive")),
    "spam": MessageAction("Mark as spam", "Mark this message as spam?", _move("spam")),
}


def links(base_url: str, secret_keys: Sequence[str], payload: dict[str, Any]) -> list[Link]:
    """The buttons of a chat message: open what it is about, and the actions if that is a message."""
    data = payload["data"]
    at = f"{base_url}/projects/{data['project']['slug']}"
    if "response" not in data:
        return [Link("Open", at)]
    id = data["response"]["id"]
    tokens = {name: _serializer(secret_keys).dumps([data["project"]["slug"], id, name]) for name in ACTIONS}
    actions = [Link(ACTIONS[name].label, f"{base_url}/message-links/{token}") for name, token in tokens.items()]
    return [Link("Open", f"{at}/inbox/{id}"), *actions]


def link(secret_keys: Sequence[str], token: str) -> MessageLink | None:
    """What a token is about; None if it has expired or was not signed here."""
    try:
        slug, id, action = _serializer(secret_keys).loads(token, max_age=SECONDS)
        return MessageLink(slug, UUID(id), action) if action in ACTIONS else None
    except (BadData, ValueError, TypeError):
        return None


def _serializer(secret_keys: Sequence[str]) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer([*reversed(secret_keys)], salt="message-link")  # the last signs
