"""The outbox, for operators: what was sent, and what could not be without a mail server.

Links and codes in mails sign people in. They are hidden until an operator who has confirmed who they are reveals them;
both are recorded in audit logs.
"""

from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http.context import pool, settings
from app.http.redirects import see_other
from app.mail.view import view
from app.panel.shared import auth, mail_frame, read
from app.panel.shared.paging import Listing
from app.queries import mail
from app.queries.mail import StoredMail

blueprint = Blueprint("mails", __name__, url_prefix="/installation/mails")
auth.require_actor(blueprint)
PAGE, MOST_PAGES = 50, 2000
STATES = ("", "waiting", "sent", "stored", "failed", "unknown")


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
    stored = await _stored_mail(id)
    whole = view(stored.body)
    masked = whole.masked()
    has_secret = masked != whole
    return await render_template("mails/page.html", id=id, mail=stored, view=masked, has_secret=has_secret)


@blueprint.post("/<uuid:id>/reveal")
async def post_reveal(id: UUID) -> Response | str:
    """The mail with its links, for an operator who has confirmed who they are."""
    if not auth.actor().is_confirmed:
        return see_other(f"/confirmation?next=/installation/mails/{id}")
    stored = await _stored_mail(id, is_revealed=True)
    return await render_template("mails/page.html", id=id, mail=stored, view=view(stored.body), has_secret=False)


@blueprint.get("/<uuid:id>/html")
async def get_html(id: UUID) -> Response:
    """The mail's HTML, for an iframe."""
    return mail_frame.frame(view((await _stored_mail(id)).body).masked().html)


async def _stored_mail(id: UUID, *, is_revealed: bool = False) -> StoredMail:
    stored = await mail.stored_mail(pool(), auth.actor().person_id, id, is_revealed=is_revealed)
    if stored is None:
        raise FeelbackError(
            404, "There is no such mail.", hint="Mails are deleted once they are sent or their links have expired."
        )
    return stored
