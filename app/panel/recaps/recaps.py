"""The recaps of a project: which a member gets, who else does, and how one looks."""

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
from app.queries import projects, recap_settings
from app.queries.recap_settings import RecapSettings
from app.recaps import recap
from app.recaps.recap import Period

blueprint = Blueprint("recaps", __name__, url_prefix="/projects/<slug:slug>/recaps")
auth.require_actor(blueprint)
DONE = {
    "chosen": "Saved.",
    "asked": "We asked them by mail. They get recaps once they say yes.",
    "removed": "They get no more recaps.",
    "mailed": "It is on its way to you.",
    "kept": "It is in the outbox.",
}
WEEKS, MONTHS = 8, 6  # that the preview offers
_drawing = asyncio.Lock()  # matplotlib is loaded for each preview, and takes memory: one at a time


@blueprint.get("")
async def get_recaps(slug: str) -> str:
    """A member's choice, and to admins the further recipients."""
    return await _page(slug, "")


@blueprint.post("/choice")
async def post_choice(slug: str) -> Response:
    """Chooses."""
    form = await request.form
    weekly, monthly = "weekly" in form, "monthly" in form
    await recap_settings.update_recap_choice(auth.tenant(), slug, weekly, monthly)
    return _done(slug, "chosen")


@blueprint.post("/recipients")
async def post_recipient(slug: str) -> Response:
    """Asks somebody outside the account, or shows the form again."""
    form, token = await request.form, auth.make_token()
    email = read.email(form)
    await limits.take_mail(email)
    url = f"{settings().base_url}/recaps/confirm/{token}"
    try:
        await recap_settings.invite_recap_recipient(
            auth.tenant(), slug, email, "weekly" in form, "monthly" in form,
            auth.digest(token), url,
        )  # fmt: skip
    except FeelbackError as error:
        if error.status not in (409, 422):
            raise
        wrong = f"{error.message} {error.data.get('hint', '')}"
        return Response(await _page(slug, wrong.strip(), email), error.status)
    return _done(slug, "asked")


@blueprint.post("/recipients/<uuid:id>/delete")
async def post_delete(slug: str, id: UUID) -> Response:
    """Sends somebody outside the account no more."""
    await recap_settings.delete_recap_recipient(auth.tenant(), slug, id)
    return _done(slug, "removed")


@blueprint.get("/preview")
async def get_preview(slug: str) -> str:
    """A recap as its mail looks, and those of other weeks and months."""
    had = await _settings(slug)
    project = await projects.project(auth.tenant(), slug)
    return await render_template(
        "recaps/preview.html", project=project, section="Recaps", periods=_periods(had), period=_period(slug, had)
    )


@blueprint.get("/preview/html")
async def get_html(slug: str) -> Response:
    """The mail itself, to be framed."""
    period = await _drawable(slug)
    async with _drawing:
        message = await recap.preview(auth.tenant(), settings(), period, auth.actor().email)
    return mail_frame.framed(view(bytes(message)).html)


@blueprint.get("/preview/<name>.svg")
async def get_chart(slug: str, name: str) -> Response:
    """One chart of a recap, to be put elsewhere."""
    period = await _drawable(slug)
    async with _drawing:
        svg = await recap.chart(auth.tenant(), period, name)
    file = f"{slug}-{name}-{period.starts_on}.svg"
    headers = {"Content-Disposition": f"attachment; filename={file}", "Content-Security-Policy": mail_frame.POLICY}
    return Response(svg, content_type="image/svg+xml", headers=headers)


@blueprint.post("/mail")
async def post_mail(slug: str) -> Response:
    """Mails the member one recap now."""
    period, actor = _of(slug, (await request.form).get("period", "")), auth.actor()
    if period is None:
        raise FeelbackError(422, "Name a week or month by its first day.")
    await limits.take("recap", actor.person_id.bytes)
    await recap_settings.request_recap(auth.tenant(), slug, period.unit, period.starts_on)
    return _done(slug, "mailed" if settings().mail_url else "kept")


async def _drawable(slug: str) -> Period:
    period = _period(slug, await _settings(slug))
    if period is None:
        raise FeelbackError(422, "No week of this project is over yet.", hint="Its first recap comes on Monday.")
    await limits.take("recap", auth.actor().person_id.bytes)
    return period


def _periods(had: RecapSettings) -> list[Period]:
    weeks = [Period(had.slug, "week", had.week - timedelta(weeks=n)) for n in range(WEEKS)] if had.week else []
    months = [had.month] if had.month else []
    while months and len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return weeks + [Period(had.slug, "month", month) for month in months]


def _period(slug: str, had: RecapSettings) -> Period | None:
    """The period that the address names, else the last week, or month, that is over."""
    return _of(slug, request.args.get("period", "")) or next(iter(_periods(had)), None)


def _of(slug: str, name: str) -> Period | None:
    unit, _, day = name.partition(" ")
    try:
        return Period(slug, unit, date.fromisoformat(day)) if unit in ("week", "month") else None
    except ValueError:
        return None


async def _settings(slug: str) -> RecapSettings:
    return await recap_settings.recap_settings(auth.tenant(), slug)


async def _page(slug: str, wrong: str, email: str = "") -> str:
    had = await _settings(slug)
    project = await projects.project(auth.tenant(), slug)
    return await render_template(
        "recaps/page.html", project=project, section="Recaps", recaps=had, wrong=wrong, email=email,
        latest=[each for each in (_last(had, "week"), _last(had, "month")) if each],
        done=DONE.get(request.args.get("done", "")), sends=bool(settings().mail_url),
    )  # fmt: skip


def _last(had: RecapSettings, unit: str) -> Period | None:
    starts_on = had.week if unit == "week" else had.month
    return Period(had.slug, unit, starts_on) if starts_on else None


def _done(slug: str, what: str) -> Response:
    return see_other(f"/projects/{slug}/recaps?done={what}")
