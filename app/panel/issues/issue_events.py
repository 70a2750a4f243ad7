"""What forges and the GitHub App post about issues.

It only says which to read again, so it may come twice, late and in any order.
"""

from uuid import UUID

from quart import Blueprint, request

from app.errors import FeelbackError
from app.http.context import pool, settings
from app.queries import issues
from app.webhooks import forge_events, tracker_secrets

blueprint = Blueprint("issue_events", __name__)


@blueprint.post("/issue-events/<uuid:hook_id>")
async def post_event(hook_id: UUID) -> tuple[str, int]:
    """Have an issue read again; 404 for an unknown address, and 403 for a post that its secret did not sign."""
    body = await request.get_data()
    assert isinstance(body, bytes)
    tracker = await issues.hook_secret(pool(), hook_id)
    if tracker is None:
        raise FeelbackError(404, "There is no such webhook.")
    secret = tracker_secrets.opened(settings().secret_keys, tracker.project_id, tracker.secret)
    if secret is None or not forge_events.is_signed(tracker.type, secret, request.headers.get, body):
        raise FeelbackError(403, "The signature is missing or wrong. Check the secret of the webhook.")
    number = forge_events.issue_number(tracker.type, body)
    if number is not None:
        await issues.refresh_issue(pool(), tracker.account_id, tracker.project_id, number)
    return "", 204


@blueprint.post("/github/events")
async def post_app_event() -> tuple[str, int]:
    """A post of the GitHub App: an issue is read again, and an installation that was deleted pauses its projects."""
    body = await request.get_data()
    assert isinstance(body, bytes)
    secret = settings().github_app_webhook_secret
    if not secret:
        raise FeelbackError(404, "This server has no GitHub App.")
    if not forge_events.is_signed("github", secret.encode(), request.headers.get, body):
        raise FeelbackError(403, "The signature is missing or wrong. Check the secret of the webhook.")
    event = forge_events.app_event(body)
    if event is not None and event.path is not None and event.number is not None:
        await issues.refresh_installation_issue(pool(), event.installation_id, event.path, event.number)
    elif event is not None and request.headers.get("x-github-event") == "installation":
        # An id is not used again. All else is only tried again: posts may come late and in any order.
        await issues.update_installation(pool(), event.installation_id, is_deleted=event.action == "deleted")
    return "", 204
