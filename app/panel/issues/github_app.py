"""Connecting a repository through the GitHub App: GitHub says which are the person's, and they choose one."""

import secrets
from typing import Any
from uuid import UUID

from itsdangerous import BadData, URLSafeTimedSerializer
from quart import Blueprint, Response, flash, render_template, request, session

from app.database.ids import new_uuid
from app.errors import FeelbackError
from app.http.context import settings
from app.http.redirects import see_other
from app.panel.shared import auth
from app.queries import issues
from app.queries.issues import TrackerSettings
from app.queries.projects import Project
from app.webhooks import github_app, issue_text, tracker_secrets
from app.webhooks.forges import ISSUE_PROBLEMS, ForgeError

blueprint = Blueprint("github_app", __name__)
auth.require_actor(blueprint)
STATE_SECONDS, CHOICE_SECONDS = 600, 900
NONCE = "github_state"  # where the session has it: it works once, in the browser that began


@blueprint.get("/projects/<slug:slug>/issues/github")
async def get_start(slug: str) -> Response:
    """To GitHub, which asks the person."""
    project = await _project(slug)
    session[NONCE] = nonce = secrets.token_urlsafe(16)
    return see_other(github_app.authorize_url(settings(), _signer("state").dumps([project.slug, nonce])))


@blueprint.get("/github/callback")
async def get_callback() -> Response:
    """Back from GitHub: the repositories to choose from."""
    nonce = session.pop(NONCE, "")
    try:
        slug, of = _signer("state").loads(request.args.get("state", ""), max_age=STATE_SECONDS)
    except (BadData, ValueError, TypeError):
        slug, of = "", ""
    if not nonce or not secrets.compare_digest(str(of), nonce):
        await flash("That link to GitHub has expired. Connect again.")
        return see_other("/")
    project = await _project(slug)
    try:
        result = await github_app.repositories(settings(), request.args.get("code", ""))
    except ForgeError as error:
        await flash(f"GitHub was not connected. {ISSUE_PROBLEMS[str(error)].text}")
        return see_other(f"/projects/{slug}/issues")
    # Signed for this person and project, so that nothing else can be chosen and nothing has to be stored.
    sign = _signer("choice").dumps
    choices = {sign([*_bound(project), each.installation_id, each.path]): each.path for each in result.repositories}
    page = await render_template(
        "issues/repositories.html", section="Issues", project=project, choices=choices, is_cut=result.is_cut,
        install_url=github_app.install_url(settings()), tracker=await issues.tracker(auth.tenant(), project.id),
    )  # fmt: skip
    return Response(page)


@blueprint.post("/projects/<slug:slug>/issues/github")
async def post_repository(slug: str) -> Response:
    """Connect the chosen repository, with the labels and templates that there were."""
    project = await _project(slug)
    try:
        *bound, installation_id, path = _signer("choice").loads(
            (await request.form).get("repository", ""), max_age=CHOICE_SECONDS
        )
    except (BadData, ValueError, TypeError):
        bound = []
    if bound != _bound(project):
        raise FeelbackError(422, "Choose one of the repositories again: the list has expired.")
    before = await issues.tracker(auth.tenant(), project.id)
    key, secret = settings().secret_key, tracker_secrets.new_hook_secret()
    new = TrackerSettings(
        type="github", url=settings().github_app_url, path=path, token=None, hook_id=new_uuid(),
        hook_secret=tracker_secrets.encrypted(key, project.id, secret), labels=before.labels if before else [],
        title=before.title if before else issue_text.TITLE, body=before.body if before else issue_text.BODY,
        edit_rule=(before.edit_rule or "") if before else "", installation_id=installation_id,
    )  # fmt: skip
    await issues.update_tracker(auth.tenant(), project.id, new)
    await flash("Connected")
    return see_other(f"/projects/{slug}/issues")


async def _project(slug: str) -> Project:
    project = await auth.project(slug)
    if project.role not in ("owner", "admin"):
        raise FeelbackError(403, "Admins and the owner of the account can connect a repository.")
    if not github_app.is_configured(settings()):
        raise FeelbackError(404, "This server has no GitHub App.")
    return project


def _bound(project: Project) -> list[Any]:
    person_id: UUID | None = auth.actor().person_id
    return [str(project.id), str(person_id)]


def _signer(use: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer([*reversed(settings().secret_keys)], salt=f"github-{use}")  # the last signs
