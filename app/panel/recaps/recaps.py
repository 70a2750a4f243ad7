"""Recaps of a project: a member's choice, other recipients, preview."""

import asyncio
from datetime import date, timedelta
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.errors import FeelbackError
from app.http import limits
from app.http.context import settings
from app.http.redirects import see_other
from app.mail.view import view
from app.panel.shared import auth, mail_frame, read
from app.queries import recap_settings
from app.queries.recap_settings import RecapSettings
from app.recaps import recap
from app.recaps.recap import Period

blueprint = Blueprint("recaps", __name__, url_prefix="/projects/<slug:slug>/recaps")
auth.require_actor(blueprint)
RESULTS = {
    "saved": "Saved.",
    "invited": "Invite sent. They get recaps once they confirm.",
    "removed": "Removed.",
    "emailed": "The recap is on its way to you.",
    "resent": "The recap is on its way again.",
    "outbox": "Saved to the outbox, because no mail server is configured.",
}
WEEKS, MONTHS = 8, 6  # in the preview's list
DELIVERIES = 6  # periods in the list of deliveries
_preview_lock = asyncio.Lock()  # matplotlib is loaded for each preview and takes memory: one at a time


@blueprint.get("")
async def get_recaps(slug: str) -> str:
    return await _page(slug, "")


@blueprint.post("/choice")
async def post_choice(slug: str) -> Response:
    form = await request.form
    weekly, monthly = "weekly" in form, "monthly" in form
    await recap_settings.update_recap_choice(auth.tenant(), slug, weekly, monthly)
    return _redirect(slug, "saved")


@blueprint.post("/recipients")
async def post_recipient(slug: str) -> Response:
    """Invite somebody outside the account, or show the form with what is wrong."""
    form, token = await request.form, auth.make_token()
    email = read.email(form)
    await limits.take_mail("recap_consent", email, auth.actor().account_id)
    url = f"{settings().base_url}/recaps/confirm/{token}"
    try:
        await recap_settings.invite_recap_recipient(
            auth.tenant(), slug, email, "weekly" in form, "monthly" in form,
            auth.digest(token), url,
        )  # fmt: skip
    except FeelbackError as error:
        if error.status not in (409, 422):
            raise
        return Response(await _page(slug, error.text, email), error.status)
    return _redirect(slug, "invited")


@blueprint.post("/recipients/<uuid:id>/delete")
async def post_delete(slug: str, id: UUID) -> Response:
    await recap_settings.delete_recap_recipient(auth.tenant(), slug, id)
    return _redirect(slug, "removed")


@blueprint.post("/deliveries/<uuid:mail_id>/resend")
async def post_resend(slug: str, mail_id: UUID) -> Response:
    """Send a recap again that failed or may have arrived."""
    await recap_settings.resend_recap(auth.tenant(), slug, mail_id)
    return _redirect(slug, "resent" if settings().mail_url else "outbox")


@blueprint.get("/preview")
async def get_preview(slug: str) -> str:
    """A recap as it is mailed, with links to other weeks and months."""
    values = await _settings(slug)
    project = await auth.project(slug)
    return await render_template(
        "recaps/preview.html", project=project, section="Recaps", periods=_periods(values), period=_period(slug, values)
    )


@blueprint.get("/preview/html")
async def get_html(slug: str) -> Response:
    """The mail's HTML, for an iframe."""
    period = await _preview_period(slug)
    async with _preview_lock:
        message = await recap.preview(auth.tenant(), settings(), period, auth.actor().email)
    return mail_frame.frame(view(bytes(message)).html)


@blueprint.get("/preview/<name>.svg")
async def get_chart(slug: str, name: str) -> Response:
    """One chart of a recap as a download."""
    period = await _preview_period(slug)
    async with _preview_lock:
        svg = await recap.chart(auth.tenant(), period, name)
    file = f"{slug}-{name}-{period.starts_on}.svg"
    headers = {"Content-Disposition": f"attachment; filename={file}", "Content-Security-Policy": mail_frame.POLICY}
    return Response(svg, content_type="image/svg+xml", headers=headers)


@blueprint.post("/mail")
async def post_mail(slug: str) -> Response:
    """Email one recap to the member now."""
    period, actor = _parse_period(slug, (await request.form).get("period", "")), auth.actor()
    if period is None:
        raise FeelbackError(422, "Choose a week or month by its first day.")
    await limits.take("recap", actor.person_id.bytes)
    await recap_settings.request_recap(auth.tenant(), slug, period.unit, period.starts_on)
    return _redirect(slug, "emailed" if settings().mail_url else "outbox")


async def _preview_period(slug: str) -> Period:
    period = _period(slug, await _settings(slug))
    if period is None:
        raise FeelbackError(422, "This project has no complete week yet.", hint="Its first recap comes on Monday.")
    await limits.take("recap", auth.actor().person_id.bytes)
    return period


def _periods(values: RecapSettings) -> list[Period]:
    weeks = [Period(values.slug, "week", values.week - timedelta(weeks=n)) for n in range(WEEKS)] if values.week else []
    months = [values.month] if values.month else []
    while months and len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return weeks + [Period(values.slug, "month", month) for month in months]


def _period(slug: str, values: RecapSettings) -> Period | None:
    """The period in the query string, by default the last complete week or month."""
    return _parse_period(slug, request.args.get("period", "")) or next(iter(_periods(values)), None)


def _parse_period(slug: str, name: str) -> Period | None:
    unit, _, day = name.partition(" ")
    try:
        return Period(slug, unit, date.fromisoformat(day)) if unit in ("week", "month") else None
    except ValueError:
        return None


async def _settings(slug: str) -> RecapSettings:
    return await recap_settings.recap_settings(auth.tenant(), slug)


async def _page(slug: str, wrong: str, email: str = "") -> str:
    values = await _settings(slug)
    project = await auth.project(slug)
    deliveries = await recap_settings.recap_deliveries(auth.tenant(), slug, DELIVERIES) if values.may_invite else []
    return await render_template(
        "recaps/page.html", project=project, section="Recaps", recaps=values, wrong=wrong, email=email,
        deliveries=[(Period(slug, each.unit, each.starts_on), each) for each in deliveries],
        latest=[each for each in (_last(values, "week"), _last(values, "month")) if each],
        result=RESULTS.get(request.args.get("result", "")), sends=bool(settings().mail_url),
    )  # fmt: skip


def _last(values: RecapSettings, unit: str) -> Period | None:
    starts_on = values.week if unit == "week" else values.month
    return Period(values.slug, unit, starts_on) if starts_on else None


def _redirect(slug: str, result: str) -> Response:
    return see_other(f"/projects/{slug}/recaps?result={result}")
