"""Links in recap mails: confirm as a recipient, unsubscribe. They work without signing in."""

from quart import Blueprint, Response, render_template

from app.http import limits
from app.http.context import pool, settings
from app.mail import message
from app.panel.shared import auth
from app.queries import recap_settings
from app.queries.recap_settings import Consent
from app.recaps import recap

blueprint = Blueprint("recap_consent", __name__)


@blueprint.get("/unsubscribe/<token>")
async def get_unsubscribe(token: str) -> Response | str:
    """Ask first, because mail scanners open links."""
    _, consent = await _consent(token)
    if consent is None:
        return await _expired_page()
    return await render_template("recap_consent/unsubscribe.html", token=token, consent=consent)


@blueprint.post("/unsubscribe/<token>")
async def post_unsubscribe(token: str) -> Response | str:
    """Unsubscribe, from the page's button or a mail service's own (RFC 8058)."""
    ids, consent = await _consent(token)
    if ids is None or consent is None:
        return await _expired_page()
    await recap_settings.unsubscribe_recaps(pool(), *ids)
    return await render_template("recap_consent/unsubscribed.html", consent=consent)


@blueprint.get("/recaps/confirm/<token>")
async def get_confirm(token: str) -> Response | str:
    await limits.take_address()
    invitation = await recap_settings.recap_invitation(pool(), auth.digest(token))
    if invitation is None:
        return await _expired_page()
    return await render_template("recap_consent/confirm.html", token=token, invitation=invitation)


@blueprint.post("/recaps/confirm/<token>")
async def post_confirm(token: str) -> Response | str:
    await limits.take_address()
    invitation = await recap_settings.recap_invitation(pool(), auth.digest(token))
    if invitation is None or not await recap_settings.confirm_recap_recipient(pool(), auth.digest(token)):
        return await _expired_page()
    return await render_template("recap_consent/confirmed.html", invitation=invitation)


async def _consent(token: str) -> tuple[recap.Ids | None, Consent | None]:
    signed = message.consent(settings(), token)
    try:
        ids = recap.parse_consent(signed or "")
    except ValueError:
        return None, None
    return ids, await recap_settings.consent_project(pool(), *ids)


async def _expired_page() -> Response:
    return Response(await render_template("recap_consent/gone.html"), 404)
