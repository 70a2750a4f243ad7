"""Destinations of a project: list, create, change, delete; a test event, and the secret once after it was made."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from quart import Blueprint, Response, flash, render_template, request, session
from werkzeug.datastructures import MultiDict

from app.database.ids import new_uuid
from app.errors import FeelbackError
from app.http.context import settings
from app.http.redirects import see_other
from app.panel.destinations import form as destination_form
from app.panel.shared import auth, read
from app.queries import destinations, widget_names
from app.queries.destinations import Destination
from app.queries.projects import Project
from app.webhooks import apprise_request, chat, destination_urls, signature
from app.webhooks.problems import PROBLEMS

blueprint = Blueprint("destinations", __name__, url_prefix="/projects/<slug:slug>/destinations")
auth.require_actor(blueprint)
NEW_SECRET = "destination_secret"  # noqa: S105 - where the session has it
MOST = 50
Form = MultiDict[str, str]


@blueprint.get("")
async def get_destinations(slug: str) -> str:
    """The destinations, and the form for a new one."""
    return await _list(await auth.project(slug), None, "")


@blueprint.post("")
async def post_destination(slug: str) -> Response:
    """Create a destination; its own screen is next, which shows the secret of a webhook once."""
    project, form = await auth.project(slug), await request.form
    id, secret = new_uuid(), signature.new_secret()
    new, type = destination_form.settings(form), destination_form.type(form)
    try:
        encrypted = destination_urls.checked(settings(), type, id, new.url)
        encrypted = encrypted or signature.encrypted_secret(settings().secret_key, id, secret)
        await destinations.create_destination(auth.tenant(), project.id, id, type, encrypted, new)
    except FeelbackError as error:
        return Response(await _list(project, form, _words(error)), 422)
    if type == "webhook":
        session[NEW_SECRET] = [str(id), signature.shown_secret(secret)]
    return see_other(f"/projects/{slug}/destinations/{id}")


@blueprint.get("/<uuid:id>")
async def get_destination(slug: str, id: UUID) -> str:
    """A destination with its settings and deliveries."""
    return await _page(await auth.project(slug), id, None, "")


@blueprint.post("/<uuid:id>")
async def post_settings(slug: str, id: UUID) -> Response:
    """Change the settings of a destination."""
    project, form = await auth.project(slug), await request.form
    current = await destinations.destination(auth.tenant(), project.id, id)
    new = destination_form.settings(form)
    try:
        # The URL of Apprise is not shown: without another one it stays.
        is_same = current.type == "apprise" and not new.url
        url = None if is_same else destination_urls.checked(settings(), current.type, id, new.url)
        await destinations.update_destination(auth.tenant(), project.id, id, new, url)
    except FeelbackError as error:
        return Response(await _page(project, id, form, _words(error)), 422)
    return see_other(f"/projects/{slug}/destinations/{id}")


@blueprint.post("/<uuid:id>/enable")
async def post_enable(slug: str, id: UUID) -> Response:
    """Send events again, and what waits at once."""
    return await _update_enabled(slug, id, is_enabled=True)


@blueprint.post("/<uuid:id>/disable")
async def post_disable(slug: str, id: UUID) -> Response:
    """Send nothing until it is enabled."""
    return await _update_enabled(slug, id, is_enabled=False)


@blueprint.post("/<uuid:id>/secret")
async def post_secret(slug: str, id: UUID) -> Response:
    """Replace the secret; the next page shows it, which only the browser's cookie holds until then."""
    project, secret = await auth.project(slug), signature.new_secret()
    encrypted = signature.encrypted_secret(settings().secret_key, id, secret)
    await destinations.update_destination_secret(auth.tenant(), project.id, id, encrypted)
    session[NEW_SECRET] = [str(id), signature.shown_secret(secret)]
    return see_other(f"/projects/{slug}/destinations/{id}")


@blueprint.post("/<uuid:id>/test")
async def post_test(slug: str, id: UUID) -> Response:
    """Send a test event; its delivery is next."""
    project = await auth.project(slug)
    try:
        delivery_id = await destinations.send_test_event(auth.tenant(), project.id, id)
    except FeelbackError as error:
        return await _refused(project, id, error)
    return see_other(f"/projects/{slug}/destinations/{id}/deliveries/{delivery_id}")


@blueprint.post("/<uuid:id>/replay")
async def post_replay(slug: str, id: UUID) -> Response:
    """Send again what was sent, and what happened, in the last days."""
    project, form = await auth.project(slug), await request.form
    since = datetime.now(UTC) - timedelta(hours=read.number(form, "hours", 24, 1, 719))
    try:
        count = await destinations.replay_events(auth.tenant(), project.id, id, since)
    except FeelbackError as error:
        return await _refused(project, id, error)
    sent = "1 delivery is sent again." if count == 1 else f"{count:,} deliveries are sent again."
    await flash(sent if count else "Nothing was sent or happened in that time.")
    return see_other(f"/projects/{slug}/destinations/{id}")


@blueprint.post("/<uuid:id>/delete")
async def post_delete(slug: str, id: UUID) -> Response:
    """Delete a destination; what waits is not sent."""
    project = await auth.project(slug)
    await destinations.delete_destination(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/destinations")


@blueprint.get("/<uuid:id>/deliveries/<uuid:delivery_id>")
async def get_delivery(slug: str, id: UUID, delivery_id: UUID) -> str:
    """A delivery: its request and the answer."""
    project = await auth.project(slug)
    destination = await destinations.destination(auth.tenant(), project.id, id)
    request_body = await destinations.delivery_request(auth.tenant(), project.id, delivery_id)
    if request_body and destination.type in chat.SERVICES:
        # Without its links, which are signed for the people in the chat.
        request_body = chat.body(destination.type, msgspec.json.decode(request_body), []).decode()
    elif request_body and destination.type == "apprise":
        title, text = chat.plain(msgspec.json.decode(request_body), [])
        request_body = msgspec.json.encode({"title": title, "body": text}).decode()
    return await render_template(
        "destinations/delivery.html",
        section="Destinations",
        project=project,
        destination=destination,
        delivery=await destinations.delivery(auth.tenant(), project.id, id, delivery_id),
        request_body=msgspec.json.format(request_body, indent=2) if request_body else None,
        problems=PROBLEMS,
    )


@blueprint.post("/<uuid:id>/deliveries/<uuid:delivery_id>/resend")
async def post_resend(slug: str, id: UUID, delivery_id: UUID) -> Response:
    """Send a delivery again."""
    project = await auth.project(slug)
    try:
        await destinations.resend_delivery(auth.tenant(), project.id, id, delivery_id)
    except FeelbackError as error:
        return await _refused(project, id, error)
    return see_other(f"/projects/{slug}/destinations/{id}/deliveries/{delivery_id}")


def _words(error: FeelbackError) -> str:
    if error.status != 422:
        raise error
    return error.text


async def _refused(project: Project, id: UUID, error: FeelbackError) -> Response:
    if error.status not in (409, 429):
        raise error
    return Response(await _page(project, id, None, error.text), error.status)


async def _update_enabled(slug: str, id: UUID, *, is_enabled: bool) -> Response:
    project = await auth.project(slug)
    changes = destinations.DestinationSettings(enabled=is_enabled)
    await destinations.update_destination(auth.tenant(), project.id, id, changes)
    return see_other(f"/projects/{slug}/destinations/{id}")


async def _list(project: Project, form: Form | None, wrong: str) -> str:
    may = project.role in ("owner", "admin")
    rows = await destinations.destinations(auth.tenant(), project.id) if may else []
    return await _render("destinations/page.html", project, form, None, wrong, destinations=rows, may=may)


async def _page(project: Project, id: UUID, form: Form | None, wrong: str) -> str:
    destination = await destinations.destination(auth.tenant(), project.id, id)
    before_id = read.uuid(request.args, "before")
    rows = await destinations.destination_deliveries(auth.tenant(), project.id, id, before_id=before_id, limit=MOST + 1)
    of, secret = session.pop(NEW_SECRET, ("", ""))
    return await _render(
        "destinations/destination.html", project, form, destination, wrong, destination=destination,
        deliveries=rows[:MOST], next_id=rows[MOST - 1].id if len(rows) > MOST else None, problems=PROBLEMS,
        secret=secret if of == str(id) else "",
    )  # fmt: skip


async def _render(
    template: str, project: Project, form: Form | None, current: Destination | None, wrong: str, **context: Any
) -> str:
    return await render_template(
        template,
        section="Destinations",
        project=project,
        values=destination_form.values(form, current),
        wrong=wrong,
        event_words=destination_form.EVENT_WORDS,
        pace_words=destination_form.PACE_WORDS,
        type_words=destination_form.TYPE_WORDS,
        has_apprise=apprise_request.is_installed(),
        sentiment_words=destination_form.SENTIMENT_WORDS,
        replay_words=destination_form.REPLAY_WORDS,
        widgets=await widget_names.widget_names(auth.tenant(), project.id),
        **context,
    )
