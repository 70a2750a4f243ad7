"""Exports of a project: small ones as a download, large ones prepared in the background."""

import zlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

from quart import Blueprint, Response, render_template, request

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.responses.response_list import day_filter, response_filter
from app.panel.shared import auth, filters
from app.queries import exports, widget_names
from app.queries.export_slices import slices
from app.queries.exports import FORMATS, KINDS, ExportQuery
from app.queries.projects import Project

blueprint = Blueprint("exports", __name__, url_prefix="/projects/<slug:slug>/exports")
auth.require_actor(blueprint)
DIRECT_ROWS = 50_000  # up to here an export is a download of some seconds
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # by which Excel on Windows reads a CSV as UTF-8
FIELDS = (
    "kind", "format", "widget", "placement", "page", "origin", "option", "reason", "sentiment", "period", "from", "to",
    "q",
)  # fmt: skip


async def export_query(project: Project, values: Mapping[str, str]) -> ExportQuery:
    """The export that a form or a query string describes, by the parameters of every screen.

    Raises:
        FeelbackError: 422 if a day is not a date or the period unknown, 404 if the project does not have what it names.
    """
    filter = await filters.labelled(project, response_filter(values))
    day_query = await day_filter(project, filter)
    if day_query.since and day_query.until:  # exports are of whole days
        zone = ZoneInfo(project.time_zone)
        first, last = day_query.since.astimezone(zone).date(), day_query.until.astimezone(zone).date()
        day_query = replace(day_query, from_day=first, to_day=last)
    return ExportQuery(project.id, values.get("kind", "responses"), values.get("format", "csv"), day_query)


@blueprint.get("")
async def get_exports(slug: str) -> str:
    """The form and the recent exports. The list of responses links here with its filter."""
    return await _page(slug, request.args, "")


@blueprint.get("/list")
async def get_list(slug: str) -> str:
    """The list's fragment, polled while an export is in progress."""
    project = await auth.project(slug)
    rows = await exports.exports(auth.tenant(), project.id)
    return await render_template("exports/_list.html", project=project, exports=rows, kinds=KINDS, formats=FORMATS)


@blueprint.post("")
async def post_export(slug: str) -> Response:
    """Redirect to a small file; have a large one prepared."""
    form = await request.form
    project = await auth.project(slug)
    try:
        export = await export_query(project, form)
        if await exports.expected_rows(auth.tenant(), export) <= DIRECT_ROWS:
            query = urlencode([(name, form[name]) for name in FIELDS if form.get(name)])
            return see_other(f"/projects/{slug}/exports/file?{query}")
        await exports.request_export(auth.tenant(), export)
    except FeelbackError as error:
        if error.status not in (422, 429):
            raise
        return Response(await _page(slug, form, error.message), error.status, error.headers)
    return see_other(f"/projects/{slug}/exports#exports")


@blueprint.get("/file")
async def get_file(slug: str) -> Response:
    """The file, written while it is sent, so that it takes no more memory than a slice."""
    project = await auth.project(slug)
    return await stream(auth.tenant(), await export_query(project, request.args), mark=BYTE_ORDER_MARK)


@blueprint.get("/<uuid:id>/file")
async def get_export_file(slug: str, id: UUID) -> Response:
    project = await auth.project(slug)
    tenant = auth.tenant()
    file = await exports.take_export(tenant, project.id, id)

    mark = BYTE_ORDER_MARK if file.name.endswith(".csv") else b""

    async def parts() -> AsyncIterator[bytes]:
        yield mark
        for no in range(1, file.parts + 1):
            part = await exports.export_part(tenant, project.id, id, no)
            if part is None:
                raise db.unavailable()  # deleted meanwhile: the download fails instead of ending early
            yield zlib.decompress(part)

    return _file(parts(), file.name, len(mark) + file.bytes)


@blueprint.post("/<uuid:id>/delete")
async def post_delete(slug: str, id: UUID) -> Response:
    project = await auth.project(slug)
    await exports.delete_export(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/exports#exports")


async def stream(tenant: TenantPool, export: ExportQuery, mark: bytes = b"") -> Response:
    """A response that is written while it is sent; CSV begins with `mark`. Errors are raised before its first byte."""
    name = await exports.begin_export(tenant, export)
    parts = slices(tenant, export)
    first = await anext(parts, None)

    async def bodies() -> AsyncIterator[bytes]:
        if first is not None:
            yield (mark if export.format == "csv" else b"") + first.body
        async for slice in parts:
            yield slice.body

    return _file(bodies(), name, None)


def _file(body: AsyncIterator[bytes], name: str, length: int | None) -> Response:
    headers = {
        "Content-Type": TYPES[name.rpartition(".")[2]],
        "Content-Disposition": f'attachment; filename="{name}"',
        **({"Content-Length": str(length)} if length is not None else {}),
    }
    response = Response(body, 200, headers)
    response.timeout = None  # a slow reader may take its time
    return response


async def _page(slug: str, values: Mapping[str, str], wrong: str) -> str:
    project = await auth.project(slug)
    shared = await filters.labelled(project, response_filter({} if wrong else values))
    rows = await exports.exports(auth.tenant(), project.id)
    names = await widget_names.widget_names(auth.tenant(), project.id)
    return await render_template(
        "exports/page.html",
        project=project,
        section="Exports",
        filter=shared,
        address=f"/projects/{slug}/exports",
        exports=rows,
        widgets=names,
        kinds=KINDS,
        formats=FORMATS,
        values=values,
        wrong=wrong,
    )
