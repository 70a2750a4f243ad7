"""The outbox, for the installation's owner: what was sent, and what could not be without a mail server."""

from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.context import pool, settings
from app.mail.view import view
from app.panel.shared import auth, mail_frame, read
from app.panel.shared.paging import Listing
from app.queries import mail
from app.queries.mail import KeptMail

blueprint = Blueprint("mails", __name__, url_prefix="/installation/mails")
auth.require_actor(blueprint)
PAGE, MOST_PAGES = 50, 2000
STATES = ("", "waiting", "sent", "kept", "failed")


@blueprint.get("")
async def get_mails() -> str:
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    page = read.number(request.args, "page", 1, 1, MOST_PAGES)
    rows = await mail.mails(pool(), auth.actor().person_id, state, PAGE, (page - 1) * PAGE)
    listing = Listing("/installation/mails", {"state": state}, page, PAGE, rows[0].row_count if rows else 0)
    return await render_template(
        "mails/list.html", mails=rows, state=state, states=STATES, listing=listing, sends=bool(settings().mail_url)
    )


@blueprint.get("/<uuid:id>")
async def get_mail(id: UUID) -> str:
    """One mail that was not sent."""
    kept_mail = await _kept_mail(id)
    return await render_template("mails/page.html", id=id, mail=kept_mail, view=view(kept_mail.body))


@blueprint.get("/<uuid:id>/html")
async def get_html(id: UUID) -> Response:
    """The mail's HTML, for an iframe."""
    return mail_frame.frame(view((await _kept_mail(id)).body).html)


async def _kept_mail(id: UUID) -> KeptMail:
    kept_mail = await mail.kept_mail(pool(), auth.actor().person_id, id)
    if kept_mail is None:
        raise FeelbackError(404, "There is no such mail.", hint="Mails are deleted once they are sent.")
    return kept_mail
