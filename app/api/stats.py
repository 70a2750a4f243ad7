"""`/v1/projects/…`: windows, periods, trend and leaders of a project; windows and periods of its widgets and pages."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import camel, json_list, json_response, row_object
from app.errors import FeelbackError
from app.queries import api

blueprint = Blueprint("api_stats", __name__, url_prefix="/v1/projects/<uuid:project_id>")
authentication.require_key(blueprint)
UNITS = ("week", "month", "year")
WINDOWS = ("1", "7", "30", "90", "365")


@blueprint.get("/windows")
async def get_windows(project_id: UUID) -> Response:
    """What the last 24 hours and the rolling windows say of a project."""
    return await _windows(project_id, "project", None)


@blueprint.get("/widgets/<uuid:id>/windows")
async def get_widget_windows(project_id: UUID, id: UUID) -> Response:
    """The same of a widget, with its counts."""
    return await _windows(project_id, "widget", id)


@blueprint.get("/placements/<uuid:id>/windows")
async def get_placement_windows(project_id: UUID, id: UUID) -> Response:
    """The same of a placement."""
    return await _windows(project_id, "placement", id)


async def _windows(project_id: UUID, scope: str, id: UUID | None) -> Response:
    query = parameters.query(*(() if scope == "project" else ("reasons", "seen")))
    with_reasons = parameters.choice(query, "reasons", "0", "1") == "1"
    with_seen = parameters.choice(query, "seen", "0", "1") == "1"
    windows_json = await api.scope_windows(
        tenant(), project_id, scope, id, with_reasons=with_reasons, with_seen=with_seen
    )
    return json_list(
        {camel(name): value for name, value in row.items() if name not in ("reasons", "seen")}
        | ({"reasons": _reasons(row["reasons"])} if with_reasons else {})
        | ({"seen": row["seen"] and {camel(name): value for name, value in row["seen"].items()}} if with_seen else {})
        for row in msgspec.json.decode(windows_json or "[]")
    )


@blueprint.get("/periods")
async def get_periods(project_id: UUID) -> Response:
    """The closed weeks, months or years of a project, newest first."""
    return await _periods(project_id, "project", None)


@blueprint.get("/widgets/<uuid:id>/periods")
async def get_widget_periods(project_id: UUID, id: UUID) -> Response:
    """The same of a widget, with its counts."""
    return await _periods(project_id, "widget", id)


@blueprint.get("/placements/<uuid:id>/periods")
async def get_placement_periods(project_id: UUID, id: UUID) -> Response:
    """The same of a placement."""
    return await _periods(project_id, "placement", id)


async def _periods(project_id: UUID, scope: str, id: UUID | None) -> Response:
    # No reasons of a project, as it has no counts by option.
    query = parameters.query("unit", "from", "to", *(() if scope == "project" else ("reasons",)))
    with_reasons = parameters.choice(query, "reasons", "0", "1") == "1"
    unit = parameters.choice(query, "unit", *UNITS) or "month"
    since, until = parameters.day(query, "from") or date(1970, 1, 1), parameters.day(query, "to") or date(9998, 12, 31)
    rows = await api.scope_periods(tenant(), project_id, scope, id, unit, since, until, with_reasons=with_reasons)
    return json_list(
        {**row_object(row, "reasons_json"), "unit": unit}
        | ({"reasons": _reasons(msgspec.json.decode(row.reasons_json or "[]"))} if with_reasons else {})
        for row in rows
    )


def _reasons(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Groups of reasons by option, each reason by its value and without labels and messages."""
    return [
        {
            "option": group["option"],
            "responses": group["responses"],
            "reasons": [
                {"reason": reason["value"]}
                | {
                    camel(name): reason[name]
                    for name in ("count", "share", "share_interval", "share_before", "is_change")
                }
                for reason in group["reasons"]
            ],
        }
        for group in groups
    ]


@blueprint.get("/trend")
async def get_trend(project_id: UUID) -> Response:
    """The responses of each day, of a project or of one widget; by default the last 30 days of its zone."""
    query = parameters.query("from", "to", "widget")
    since, until = parameters.day(query, "from"), parameters.day(query, "to")
    if since and until and since > until:
        raise FeelbackError(422, "from is after to.")
    rows = await api.project_days(tenant(), project_id, since, until, parameters.id(query, "widget"))
    return json_list(map(row_object, rows))


@blueprint.get("/leaders")
async def get_leaders(project_id: UUID) -> Response:
    """The pages that lead a window: most responses, best, worst, rise and fall."""
    days = int(parameters.choice(parameters.query("days"), "days", *WINDOWS) or 30)
    rows = await api.leaders(tenant(), project_id, days)
    kinds: dict[str, list[dict[str, object]]] = {kind: [] for kind in ("most", "best", "worst", "rise", "fall")}
    for row in rows:
        kinds[row.kind].append(row_object(row, "kind", rename={"key": "page"}))
    return json_response({"days": days, **kinds})
