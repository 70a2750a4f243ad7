"""Destinations of a project, as members create them."""

import uuid
from typing import Any
from uuid import UUID

import msgspec

from app.api.models import events
from tests.support.sql_world import Project, World

EVENTS = [
    "message.created",
    "message.updated",
    "response.created",
    "recap.closed",
    "export.ready",
    "reconcile.difference",
]


def destination(world: World, project: Project, **settings: Any) -> UUID:
    """The id of a new webhook that takes EVENTS; `settings` are arguments of fn.create_destination."""
    id = uuid.uuid4()
    values: dict[str, Any] = {
        "name": "Hook", "type": "webhook", "url": "https://example.com/hook", "recipient": None, "secret": b"x" * 61,
        "events": EVENTS, **settings,
    }  # fmt: skip
    names = ", ".join(f"_{name} => %s" for name in values)
    world.ask(
        f"select fn.create_destination(%s, %s, %s, {names})", project.account_id, project.id, id, *values.values()
    )
    return id


def check_payload(payload: str) -> dict[str, Any]:
    """A payload, which must be as the OpenAPI document describes its type.

    Raises:
        msgspec.ValidationError: it is not.
    """
    value: dict[str, Any] = msgspec.json.decode(payload)
    msgspec.convert(value, events.MODELS[value["type"]])
    for each in value["data"].get("others", []):
        msgspec.convert(each, events.MODELS[each["type"]])
    return value
