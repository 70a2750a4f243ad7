"""What forges post when something happened to an issue: who may say so, and which issue it is."""

import contextlib
import hmac
from collections.abc import Callable
from typing import Any, NamedTuple

import msgspec

from app.text.strict_json import UNREADABLE
from app.webhooks.forges import FORGES, is_number


def is_signed(type: str, secret: bytes, header: Callable[[str, str], str], body: bytes) -> bool:
    """Whether a post has the signature of its body, or at GitLab the secret itself."""
    own_signature = header(FORGES[type].signature, "").encode("utf-8", "replace")
    signature = hmac.digest(secret, body, "sha256").hex()
    wanted = {"github": f"sha256={signature}".encode(), "gitlab": secret, "forgejo": signature.encode()}[type]
    return hmac.compare_digest(own_signature, wanted)


class AppEvent(NamedTuple):
    """What the GitHub App posted: of which installation, what happened, and the issue with its repository if any."""

    installation_id: int
    action: str
    path: str | None
    number: str | None


def app_event(body: bytes) -> AppEvent | None:
    """The event of a post; None if it is of no installation."""
    number = issue_number("github", body)
    with contextlib.suppress(*UNREADABLE, AttributeError):
        value: Any = msgspec.json.decode(body)
        id, path = (value.get("installation") or {}).get("id"), (value.get("repository") or {}).get("full_name")
        if isinstance(id, int) and 0 < id < 2**63:
            return AppEvent(id, str(value.get("action")), path if isinstance(path, str) else None, number)
    return None


def issue_number(type: str, body: bytes) -> str | None:
    """The number of the issue that a post is about; None if it is about something else."""
    try:
        value: Any = msgspec.json.decode(body)
    except UNREADABLE:
        return None
    part = value.get("object_attributes" if type == "gitlab" else "issue") if isinstance(value, dict) else None
    if type == "gitlab" and isinstance(value, dict) and value.get("object_kind") != "issue":
        return None
    number = part.get(FORGES[type].number) if isinstance(part, dict) else None
    return str(number) if is_number(number) else None
