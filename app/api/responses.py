"""`/v1/projects/…/responses`: single responses."""

from dataclasses import replace
from uuid import UUID

import msgspec
from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import json_list
from app.queries import api, responses, triage
from app.queries.api import ResponsePage
from app.queries.filters import TimeFilter
from app.queries.triage import TriageFilter
from app.text import widget_types

blueprint = Blueprint("api_responses", __name__, url_prefix="/v1/projects/<uuid:project_id>/responses")
authentication.require_key(blueprint)
STATUSES = ("open", *triage.STATUSES)
STATES = ("active", "test", "archive", "spam", "deleted", "all")


@blueprint.get("")
async def get_responses(project_id: UUID) -> Response:
    """Single responses, newest first; a page may hold fewer than asked for and still have a next one."""
    query = parameters.query(
        "widget",
        "placement",
        "type",
        "option",
        "reason",
        "from",
        "to",
        "text",
        "state",
        "status",
        "assignee",
        "tag",
        "group",
        "cursor",
        "limit",
    )
    page = await page_of(project_id, query)
    return json_list(msgspec.json.decode(page.items_json), page.next_id)


async def page_of(project_id: UUID, query: dict[str, str]) -> ResponsePage:
    """The page of responses that a query, or the argument of a call of `/v0`, asks for.

    Raises:
        FeelbackError: 422 for what cannot be asked for, 404.
    """
    filter = TimeFilter(
        widget_id=parameters.id(query, "widget"),
        placement_id=parameters.id(query, "placement"),
        type=parameters.choice(query, "type", *widget_types.NAMES),
        option=query.get("option"),
        reason=query.get("reason", ""),
        since=parameters.time(query, "from"),
        until=parameters.time(query, "to"),
        text=query.get("text", ""),
        state=parameters.choice(query, "state", *STATES) or "active",
    )
    filter = replace(filter, triage=_triage(query))
    before_id, limit = parameters.id(query, "cursor"), parameters.limit(query)
    return await api.responses(tenant(), project_id, filter, before_id=before_id, limit=limit)


def _triage(query: dict[str, str]) -> TriageFilter:
    """The part of a query that is about triage.

    Raises:
        FeelbackError: 422 for an unknown status or a wrong id.
    """
    status = parameters.choice(query, "status", *STATUSES)
    statuses = None if status is None else triage.OPEN if status == "open" else (status,)
    assignee_id = triage.NOBODY if query.get("assignee") == "none" else parameters.id(query, "assignee")
    return TriageFilter(statuses, assignee_id, parameters.id(query, "tag"), parameters.id(query, "group"))


@blueprint.delete("/<uuid:id>")
async def delete_response(project_id: UUID, id: UUID) -> Response:
    """Deletes one response."""
    parameters.query()
    await responses.delete_project_response(tenant(), project_id, id)
    return Response("", 204)
