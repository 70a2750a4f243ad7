"""`/v1/projects/…/issues`, and the issue of a message: what is opened at GitHub, GitLab or Forgejo."""

from typing import Any
from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import json_list, json_response, row_object
from app.errors import FeelbackError
from app.queries import inbox, issues
from app.queries.issues import Issue, ProjectIssue
from app.webhooks.forges import ISSUE_PROBLEMS

blueprint = Blueprint("api_issues", __name__, url_prefix="/v1/projects/<uuid:project_id>")
authentication.require_key(blueprint)


@blueprint.get("/issues")
async def get_issues(project_id: UUID) -> Response:
    """The issues of a project, newest first."""
    query = parameters.query("cursor", "limit")
    limit = parameters.limit(query)
    rows = await issues.issues(tenant(), project_id, parameters.id(query, "cursor"), limit)
    return json_list(map(_object, rows), rows[-1].id if len(rows) == limit else None)


@blueprint.get("/responses/<uuid:id>/issue")
async def get_issue(project_id: UUID, id: UUID) -> Response:
    """The issue of a message or of those that are the same."""
    parameters.query()
    await inbox.inbox_message(tenant(), project_id, id)  # 404
    return json_response(await _issue(project_id, id))


@blueprint.post("/responses/<uuid:id>/issue")
async def post_issue(project_id: UUID, id: UUID) -> Response:
    """Queue the opening of one; a second time it is the same."""
    parameters.query()
    await inbox.inbox_message(tenant(), project_id, id)  # 404
    await issues.create_issue(tenant(), project_id, id)
    return json_response(await _issue(project_id, id), 202)


@blueprint.delete("/responses/<uuid:id>/issue")
async def delete_issue(project_id: UUID, id: UUID) -> Response:
    """Remove the link to it; it stays at the forge."""
    parameters.query()
    await issues.delete_issue(tenant(), project_id, id)
    return Response("", 204)


async def _issue(project_id: UUID, id: UUID) -> dict[str, Any]:
    row = await issues.issue(tenant(), project_id, id)
    if row is None:
        raise FeelbackError(404, "The message has no issue.")
    return _object(row)


def _object(row: Issue | ProjectIssue) -> dict[str, Any]:
    values = row_object(row, "is_own", rename={"response_id": "response"})
    return values | {"problem": ISSUE_PROBLEMS[row.problem].text if row.problem else None}
