"""`/v1/projects/…/destinations`: where events are sent, and what became of them."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET
from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import json_list, json_response, row_object
from app.api.models.destinations import DestinationChanges, NewDestination, NewReplay
from app.database.ids import new_uuid
from app.http.context import settings
from app.queries import destinations
from app.queries.destinations import Delivery, Destination, DestinationSettings
from app.webhooks import destination_urls, signature
from app.webhooks.problems import PROBLEMS

blueprint = Blueprint("api_destinations", __name__, url_prefix="/v1/projects/<uuid:project_id>/destinations")
authentication.require_key(blueprint)
NAMES = {"widget_ids": "widgets", "patterns": "pages"}


@blueprint.get("")
async def get_destinations(project_id: UUID) -> Response:
    """The destinations, oldest first; there are at most 20."""
    parameters.query()
    return json_list(map(_object, await destinations.destinations(tenant(), project_id)))


@blueprint.post("")
async def post_destination(project_id: UUID) -> Response:
    """A new destination, with the secret of a webhook, which is not shown again."""
    new = await parameters.body_as(NewDestination)
    id, secret = new_uuid(), signature.new_secret()
    encrypted = destination_urls.checked(settings(), new.type, id, new.url or None)
    encrypted = encrypted or signature.encrypted_secret(settings().secret_key, id, secret)
    await destinations.create_destination(tenant(), project_id, id, new.type, encrypted, _settings(new))
    return await _with_secret(project_id, id, secret if new.type == "webhook" else None, 201)


@blueprint.get("/<uuid:id>")
async def get_destination(project_id: UUID, id: UUID) -> Response:
    """One destination."""
    parameters.query()
    return json_response(_object(await destinations.destination(tenant(), project_id, id)))


@blueprint.patch("/<uuid:id>")
async def patch_destination(project_id: UUID, id: UUID) -> Response:
    """Change some of its settings."""
    changes = await parameters.body_as(DestinationChanges)
    url = None
    if changes.url is not UNSET:
        type = (await destinations.destination(tenant(), project_id, id)).type
        url = destination_urls.checked(settings(), type, id, changes.url)
    await destinations.update_destination(tenant(), project_id, id, _settings(changes), url)
    return json_response(_object(await destinations.destination(tenant(), project_id, id)))


@blueprint.delete("/<uuid:id>")
async def delete_destination(project_id: UUID, id: UUID) -> Response:
    """Delete a destination; what waits is not sent."""
    parameters.query()
    await destinations.delete_destination(tenant(), project_id, id)
    return Response("", 204)


@blueprint.post("/<uuid:id>/secret")
async def post_secret(project_id: UUID, id: UUID) -> Response:
    """A new secret; for 24 hours the one before signs as well."""
    parameters.query()
    secret = signature.new_secret()
    encrypted = signature.encrypted_secret(settings().secret_key, id, secret)
    await destinations.update_destination_secret(tenant(), project_id, id, encrypted)
    return await _with_secret(project_id, id, secret, 200)


@blueprint.post("/<uuid:id>/test")
async def post_test(project_id: UUID, id: UUID) -> Response:
    """Send a test event; its delivery says what became of it."""
    parameters.query()
    delivery_id = await destinations.send_test_event(tenant(), project_id, id)
    return json_response(await _delivery(project_id, id, delivery_id), 202)


@blueprint.post("/<uuid:id>/replay")
async def post_replay(project_id: UUID, id: UUID) -> Response:
    """Send again what was sent since a time, and what happened since then."""
    new = await parameters.body_as(NewReplay)
    count = await destinations.replay_events(tenant(), project_id, id, new.since)
    return json_response({"deliveries": count}, 202)


@blueprint.get("/<uuid:id>/deliveries")
async def get_deliveries(project_id: UUID, id: UUID) -> Response:
    """The deliveries, the newest first."""
    query = parameters.query("cursor", "limit")
    limit = parameters.limit(query)
    rows = await destinations.destination_deliveries(
        tenant(), project_id, id, before_id=parameters.id(query, "cursor"), limit=limit
    )
    return json_list(map(_delivery_object, rows), rows[-1].id if len(rows) == limit else None)


@blueprint.get("/<uuid:id>/deliveries/<uuid:delivery_id>")
async def get_delivery(project_id: UUID, id: UUID, delivery_id: UUID) -> Response:
    """One delivery, with its request."""
    parameters.query()
    return json_response(await _delivery(project_id, id, delivery_id))


@blueprint.post("/<uuid:id>/deliveries/<uuid:delivery_id>/resend")
async def post_resend(project_id: UUID, id: UUID, delivery_id: UUID) -> Response:
    """Send it again, with the same id."""
    parameters.query()
    await destinations.resend_delivery(tenant(), project_id, id, delivery_id)
    return json_response(await _delivery(project_id, id, delivery_id), 202)


def _settings(model: NewDestination | DestinationChanges) -> DestinationSettings:
    values = {name: getattr(model, NAMES.get(name, name), UNSET) for name in DestinationSettings.__dataclass_fields__}
    chosen = {name: value for name, value in values.items() if value is not UNSET}
    if chosen.get("quiet_from", 0) is None or chosen.get("quiet_until", 0) is None:  # null removes both
        chosen |= {"quiet_from": None, "quiet_until": None, "has_quiet_hours": False}
    return DestinationSettings(**chosen)


def _object(destination: Destination) -> dict[str, Any]:
    return row_object(destination, rename=NAMES)


def _delivery_object(delivery: Delivery) -> dict[str, Any]:
    return row_object(delivery) | {"problem": PROBLEMS[delivery.problem].text if delivery.problem else None}


async def _with_secret(project_id: UUID, id: UUID, secret: bytes | None, status: int) -> Response:
    row = _object(await destinations.destination(tenant(), project_id, id))
    return json_response(row | {"secret": signature.shown_secret(secret) if secret else None}, status)


async def _delivery(project_id: UUID, id: UUID, delivery_id: UUID) -> dict[str, Any]:
    delivery = await destinations.delivery(tenant(), project_id, id, delivery_id)
    text = await destinations.delivery_request(tenant(), project_id, delivery_id)
    return _delivery_object(delivery) | {"request": msgspec.json.decode(text) if text else None}
