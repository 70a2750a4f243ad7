"""The outbox, for who owns the installation: what was mailed to whom, and what was kept for want of a mail server."""

from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.context import pool, settings
from app.mail.view import view
from app.panel.shared import auth, mail_frame, read
from app.queries import mail
from app.queries.mail import KeptMail

blueprint = Blueprint("mails", __name__, url_prefix="/installation/mails")
auth.require_actor(blueprint)
PAGE, MOST_PAGES = 50, 2000
STATES = ("", "waiting", "sent", "kept", "failed")


@blueprint.get("")
async def get_mails() -> str:
    """The list, newest first."""
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    page = read.number(request.args, "page", 1, 1, MOST_PAGES)
    found = await mail.mails(pool(), auth.actor().person_id, state, PAGE, (page - 1) * PAGE)
    pages = max(1, -(-found[0].found // PAGE)) if found else 1
    return await render_template(
        "mails/list.html", mails=found, state=state, states=STATES, page=page, pages=pages,
        sends=bool(settings().mail_url),
    )  # fmt: skip


@blueprint.get("/<uuid:id>")
async def get_mail(id: UUID) -> str:
    """One mail that was kept."""
    kept = await _kept(id)
    return await render_template("mails/page.html", id=id, mail=kept, view=view(kept.body))


@blueprint.get("/<uuid:id>/letter")
async def get_html(id: UUID) -> Response:
    """Its HTML, to be framed."""
    return mail_frame.framed(view((await _kept(id)).body).html)


async def _kept(id: UUID) -> KeptMail:
    found = await mail.kept_mail(pool(), auth.actor().person_id, id)
    if found is None:
        raise FeelbackError(404, "There is no such mail.", hint="What was sent is not kept.")
    return found
