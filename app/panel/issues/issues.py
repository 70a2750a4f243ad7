"""Where the issues of a project are opened: its screen and forms; and the button that opens one for a message."""

from uuid import UUID

from quart import Blueprint, Response, flash, get_flashed_messages, render_template, request, session
from werkzeug.datastructures import MultiDict

from app.database.ids import new_uuid
from app.errors import FeelbackError
from app.http.context import settings
from app.http.redirects import see_other
from app.panel.inbox.inbox import project_filter
from app.panel.inbox.message_actions import respond
from app.panel.shared import auth, read
from app.queries import inbox, issues
from app.queries.issues import TrackerSettings
from app.queries.projects import Project
from app.webhooks import addresses, github_app, issue_text, tracker_secrets
from app.webhooks.forges import FORGES

blueprint = Blueprint("issues", __name__, url_prefix="/projects/<slug:slug>")
auth.require_actor(blueprint)
NEW_SECRET = "hook_secret"  # noqa: S105 - where the session has it
Form = MultiDict[str, str]


@blueprint.get("/issues")
async def get_tracker(slug: str) -> str:
    """Where issues are opened, with the form to change it."""
    return await _page(await auth.project(slug), None, "")


@blueprint.post("/issues")
async def post_tracker(slug: str) -> Response:
    """Connect the project to a repository, or change how."""
    project, form = await auth.project(slug), await request.form
    before = await issues.tracker(auth.tenant(), project.id)
    secret = tracker_secrets.new_hook_secret()
    try:
        new = _settings(project, form, secret)
        addresses.check_url(new.url, settings().webhook_networks)
        await issues.update_tracker(auth.tenant(), project.id, new)
    except FeelbackError as error:
        if error.status != 422:
            raise
        return Response(await _page(project, form, error.text), 422)
    if before is None:
        session[NEW_SECRET] = [str(project.id), secret.decode()]
    await flash("Saved")
    return see_other(f"/projects/{slug}/issues")


@blueprint.post("/issues/secret")
async def post_secret(slug: str) -> Response:
    """Replace the secret of the webhook; the next page shows it, which only the browser's cookie holds until then."""
    project, secret = await auth.project(slug), tracker_secrets.new_hook_secret()
    encrypted = tracker_secrets.encrypted(settings().secret_key, project.id, secret)
    await issues.update_hook_secret(auth.tenant(), project.id, encrypted)
    session[NEW_SECRET] = [str(project.id), secret.decode()]
    return see_other(f"/projects/{slug}/issues")


@blueprint.post("/issues/delete")
async def post_delete(slug: str) -> Response:
    """Disconnect; issues at the forge stay."""
    project = await auth.project(slug)
    await issues.delete_tracker(auth.tenant(), project.id)
    await flash("Disconnected")
    return see_other(f"/projects/{slug}/issues")


@blueprint.post("/inbox/<uuid:id>/issue")
async def post_issue(slug: str, id: UUID) -> Response:
    """Open an issue for a message and its group."""
    form = await request.form
    project = await auth.project(slug)
    filter = await project_filter(project, form)
    await inbox.inbox_message(auth.tenant(), project.id, id)  # 404
    await issues.create_issue(auth.tenant(), project.id, id)
    return await respond(project, filter, [id], "Opening an issue", None, is_in_place=True)


def _settings(project: Project, form: Form, secret: bytes) -> TrackerSettings:
    """The settings in a form.

    Raises:
        FeelbackError: 422 for another forge, and a token that is too long or no ASCII.
    """
    type = form.get("type", "")
    if type not in FORGES:
        raise FeelbackError(422, "type must be github, gitlab or forgejo.")
    token = form.get("token", "").strip()
    if not token.isascii() or not token.isprintable() or len(token) > tracker_secrets.MOST_TOKEN_BYTES:
        raise FeelbackError(422, "The token must have at most 255 ASCII characters.")
    key = settings().secret_key
    return TrackerSettings(
        type=type,
        url=(read.text(form, "url", 501) or FORGES[type].default_url).rstrip("/"),
        path=read.text(form, "path", 256).strip("/"),
        token=tracker_secrets.encrypted(key, project.id, token.encode()) if token else None,
        hook_id=new_uuid(),
        hook_secret=tracker_secrets.encrypted(key, project.id, secret),
        labels=[label.strip() for label in read.text(form, "labels", 1000).split(",") if label.strip()],
        title=read.text(form, "title", 201),
        body=form.get("body", "").replace("\r\n", "\n")[:4001],
        edit_rule=read.text(form, "edit_rule", 501),
    )


async def _page(project: Project, form: Form | None, wrong: str) -> str:
    may = project.role in ("owner", "admin")
    tracker = await issues.tracker(auth.tenant(), project.id)
    of, secret = session.pop(NEW_SECRET, ("", "")) if may else ("", "")
    values = {
        "type": tracker.type if tracker else "github",
        "url": tracker.url if tracker else "",
        "path": tracker.path if tracker else "",
        "labels": ", ".join(tracker.labels) if tracker else "",
        "title": tracker.title if tracker else issue_text.TITLE,
        "body": tracker.body if tracker else issue_text.BODY,
        "edit_rule": (tracker.edit_rule or "") if tracker else "",
    }
    return await render_template(
        "issues/page.html",
        section="Issues",
        project=project,
        may=may,
        tracker=tracker,
        forges=FORGES,
        names=issue_text.NAMES,
        has_app=github_app.is_configured(settings()),
        values=values | ({name: form.get(name, "") for name in values} if form else {}),
        hook_url=f"{settings().base_url}/issue-events/{tracker.hook_id}" if tracker else "",
        secret=secret if of == str(project.id) else "",
        wrong=wrong,
        result="" if wrong else next(iter(get_flashed_messages()), ""),
    )
