"""API keys of a project: list, create, revoke."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from quart import Blueprint, Response, render_template, request, session

from app.errors import FeelbackError
from app.http.context import settings
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import api_keys
from app.queries.projects import Project

blueprint = Blueprint("api_keys", __name__, url_prefix="/projects/<slug:slug>/api-keys")
auth.require_actor(blueprint)
NEW_KEY = "api_key"
DAYS = (30, 90, 365)
SCOPES = {
    "send": "Send responses",
    "read_counts": "Read settings and counts",
    "read_messages": "Read settings, counts and responses",
    "manage": "Manage the project, send and read everything",
}


@blueprint.get("")
async def get_api_keys(slug: str) -> str:
    """The keys; once after a key was created also its secret."""
    return await _page(await auth.project(slug), {}, "", session.pop(NEW_KEY, ""))


@blueprint.post("")
async def post_api_key(slug: str) -> Response:
    """Create a key; the next page shows its secret, which only the browser's cookie holds until then."""
    project, form = await auth.project(slug), await request.form
    scope, name = read.text(form, "scope", 20), read.text(form, "name", 200)
    days = read.number(form, "days", 0, 0, max(DAYS))
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    secret = f"fbk_{scope}_{secrets.token_urlsafe(32)}"
    try:
        await api_keys.create_api_key(
            auth.tenant(), project.id, scope, auth.digest(secret), secret[-4:], name, expires_at
        )
    except FeelbackError as error:
        if error.status != 422:
            raise
        return Response(await _page(project, form, error.text), 422)
    session[NEW_KEY] = secret
    return see_other(f"/projects/{slug}/api-keys")


@blueprint.post("/<uuid:id>/revoke")
async def post_revoke(slug: str, id: UUID) -> Response:
    project = await auth.project(slug)
    await api_keys.revoke_api_key(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/api-keys")


async def _page(project: Project, form: Mapping[str, str], wrong: str, secret: str = "") -> str:
    now = datetime.now(UTC)
    keys = await api_keys.api_keys(auth.tenant(), project.id)
    inactive_ids = [key.id for key in keys if key.revoked_at or (key.expires_at and key.expires_at <= now)]
    return await render_template(
        "api_keys/page.html", section="API keys", project=project, keys=keys, inactive_ids=inactive_ids, form=form,
        wrong=wrong, secret=secret, days=DAYS, scopes=SCOPES, may=project.role in ("owner", "admin"),
        base_url=settings().base_url,
    )  # fmt: skip
