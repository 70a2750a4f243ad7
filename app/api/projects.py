"""`/v1/projects`: the project of the key, its settings, archival, and what of it is being deleted."""

from uuid import UUID

from quart import Blueprint, Response

from app.api import authentication, parameters
from app.api.authentication import tenant
from app.api.json_response import json_list, json_response, row_object
from app.queries import deletions, project_settings

blueprint = Blueprint("api_projects", __name__, url_prefix="/v1/projects")
authentication.require_key(blueprint)
# What of a project may be changed, and how the database calls it.
SETTINGS = {
    "name": "name", "slug": "slug", "timeZone": "time_zone", "origins": "origins", "keyRules": "key_rules",
    "visitorPolicy": "visitor_policy", "retentionDays": "retention_days", "testMode": "test_mode",
}  # fmt: skip
ADMISSION = {"freeKeys": "free_keys", "networkPages": "network_pages", "networkMessages": "network_messages"}
RULES = {"trailingSlash": "trailing_slash", "hashRoutes": "hash_routes"}


@blueprint.get("")
async def get_projects() -> Response:
    """The projects that the key may see: its own."""
    parameters.query()
    return json_list(row_object(row) for row in await project_settings.project_settings(tenant(), None))


@blueprint.get("/<uuid:project_id>")
async def get_project(project_id: UUID) -> Response:
    """The settings of a project."""
    parameters.query()
    return await _project(project_id)


@blueprint.patch("/<uuid:project_id>")
async def patch_project(project_id: UUID) -> Response:
    """Changes the settings that the body names."""
    await project_settings.update_project(tenant(), project_id, changes(await parameters.body(), SETTINGS))
    return await _project(project_id)


@blueprint.get("/<uuid:project_id>/admission")
async def get_admission(project_id: UUID) -> Response:
    """Which page keys a project takes, and its daily limits."""
    parameters.query()
    return await _admission(project_id)


@blueprint.patch("/<uuid:project_id>/admission")
async def patch_admission(project_id: UUID) -> Response:
    """Changes those of them that the body names."""
    body = changes(await parameters.body(), ADMISSION)
    await project_settings.update_project_admission(tenant(), project_id, body)
    return await _admission(project_id)


@blueprint.post("/<uuid:project_id>/archive")
async def post_archive(project_id: UUID) -> Response:
    """The project takes no more responses."""
    parameters.query()
    await project_settings.archive_project(tenant(), project_id)
    return await _project(project_id)


@blueprint.post("/<uuid:project_id>/unarchive")
async def post_unarchive(project_id: UUID) -> Response:
    """The project takes responses again."""
    parameters.query()
    await project_settings.unarchive_project(tenant(), project_id)
    return await _project(project_id)


@blueprint.delete("/<uuid:project_id>/test-responses")
async def delete_test_responses(project_id: UUID) -> Response:
    """Deletes the responses of test mode."""
    parameters.query()
    gone = await project_settings.delete_test_responses(tenant(), project_id)
    return json_response({"deleted": gone})


@blueprint.get("/<uuid:project_id>/deletions")
async def get_deletions(project_id: UUID) -> Response:
    """What of the project is being deleted, and how far that is."""
    parameters.query()
    return json_list(row_object(row) for row in await deletions.deletions(tenant(), project_id))


def changes(body: dict[str, object], names: dict[str, str]) -> dict[str, object]:
    """A body's changes by the database's names.

    Raises:
        FeelbackError: 422 for what cannot be changed.
    """
    parameters.only(body, *names)
    columns = {names[name]: value for name, value in body.items()}
    rules = columns.get("key_rules")
    return {**columns, "key_rules": stored_rules(rules)} if isinstance(rules, dict) else columns


def stored_rules(rules: dict[str, object]) -> dict[str, object]:
    """Rules for keys by the names that they are kept under."""
    return {RULES.get(name, name): rule for name, rule in rules.items()}


async def _project(project_id: UUID) -> Response:
    return json_response(row_object((await project_settings.project_settings(tenant(), project_id))[0]))


async def _admission(project_id: UUID) -> Response:
    return json_response(row_object(await project_settings.project_admission(tenant(), project_id)))
