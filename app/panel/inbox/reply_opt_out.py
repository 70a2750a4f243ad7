"""Unsubscribe links in replies. They work without signing in."""

from quart import Blueprint, Response, render_template

from app.http.context import pool, settings
from app.mail import replies
from app.queries import replies as queries
from app.queries.replies import OptOutProject

blueprint = Blueprint("reply_opt_out", __name__, url_prefix="/unsubscribe/replies")


@blueprint.get("/<token>")
async def get_opt_out(token: str) -> Response | str:
    """Ask first, because mail scanners open links."""
    ids, project = await _project(token)
    if ids is None or project is None:
        return await _expired_page()
    return await render_template("reply_opt_out/unsubscribe.html", token=token, project=project)


@blueprint.post("/<token>")
async def post_opt_out(token: str) -> Response | str:
    """Unsubscribe, from the page's button or a mail service's own (RFC 8058)."""
    ids, project = await _project(token)
    if ids is None or project is None:
        return await _expired_page()
    account_id, _, address_hash = ids
    await queries.create_opt_out(pool(), account_id, address_hash)
    return await render_template("reply_opt_out/unsubscribed.html", project=project)


async def _project(token: str) -> tuple[replies.Ids | None, OptOutProject | None]:
    ids = replies.opt_out(settings(), token)
    return ids, await queries.opt_out_project(pool(), *ids) if ids else None


async def _expired_page() -> Response:
    return Response(await render_template("recap_consent/gone.html"), 404)
