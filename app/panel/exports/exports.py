"""Exports of a project: at once where they are small, prepared in the background where they are not."""

import zlib
from collections.abc import AsyncIterator, Mapping
from urllib.parse import urlencode
from uuid import UUID

from quart import Blueprint, Response, render_template, request

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError
from app.http.redirects import see_other
from app.panel.shared import auth, read
from app.queries import exports, projects, widget_names
from app.queries.export_slices import slices
from app.queries.exports import FORMATS, KINDS, Wanted
from app.queries.filters import DayFilter
from app.queries.projects import Project

blueprint = Blueprint("exports", __name__, url_prefix="/projects/<slug:slug>/exports")
auth.require_actor(blueprint)
AT_ONCE = 50_000  # rows: some seconds, which a browser shows as a download
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl"}
FIELDS = ("kind", "format", "widget", "placement", "option", "from", "to", "q")


def asked(project: Project, given: Mapping[str, str]) -> Wanted:
    """What a form or a query string wants exported.

    Raises:
        FeelbackError: 422 where a day is none.
    """
    filter = DayFilter(
        widget_id=read.uuid(given, "widget"),
        placement_id=read.uuid(given, "placement"),
        option=read.text(given, "option", 100) or None,
        from_day=read.day(given, "from"),
        to_day=read.day(given, "to"),
        text=read.text(given, "q", 200),
    )
    return Wanted(project.id, given.get("kind", "responses"), given.get("format", "csv"), filter)


@blueprint.get("")
async def get_exports(slug: str) -> str:
    """What can be exported, and what was; a list of responses leads here with its filter."""
    return await _page(slug, request.args, "")


@blueprint.get("/list")
async def get_list(slug: str) -> str:
    """The list by itself, asked for again and again while something is under way."""
    project = await projects.project(auth.tenant(), slug)
    found = await exports.exports(auth.tenant(), project.id)
    return await render_template("exports/_list.html", project=project, exports=found, kinds=KINDS, formats=FORMATS)


@blueprint.post("")
async def post_export(slug: str) -> Response:
    """Leads to the file where it is small, else has it prepared."""
    form = await request.form
    project = await projects.project(auth.tenant(), slug)
    try:
        wanted = asked(project, form)
        if await exports.expected_rows(auth.tenant(), wanted) <= AT_ONCE:
            query = urlencode([(name, form[name]) for name in FIELDS if form.get(name)])
            return see_other(f"/projects/{slug}/exports/file?{query}")
        await exports.request_export(auth.tenant(), wanted)
    except FeelbackError as error:
        if error.status not in (422, 429):
            raise
        return Response(await _page(slug, form, error.message), error.status, error.headers)
    return see_other(f"/projects/{slug}/exports#exports")


@blueprint.get("/file")
async def get_file(slug: str) -> Response:
    """The file itself, written while it is sent; however long, it takes no more memory than a slice."""
    project = await projects.project(auth.tenant(), slug)
    wanted = asked(project, request.args)
    return await streamed(auth.tenant(), wanted)


@blueprint.get("/<uuid:id>/file")
async def get_export_file(slug: str, id: UUID) -> Response:
    """The file of an export that is ready."""
    project = await projects.project(auth.tenant(), slug)
    tenant = auth.tenant()
    taken = await exports.take_export(tenant, project.id, id)

    async def parts() -> AsyncIterator[bytes]:
        for no in range(1, taken.parts + 1):
            part = await exports.export_part(tenant, project.id, id, no)
            if part is None:
                raise db.unavailable()  # removed meanwhile: the download fails instead of ending early
            yield zlib.decompress(part)

    return _file(parts(), taken.name, taken.bytes)


@blueprint.post("/<uuid:id>/delete")
async def post_delete(slug: str, id: UUID) -> Response:
    """Removes an export."""
    project = await projects.project(auth.tenant(), slug)
    await exports.delete_export(auth.tenant(), project.id, id)
    return see_other(f"/projects/{slug}/exports#exports")


async def streamed(tenant: TenantPool, wanted: Wanted) -> Response:
    """An answer that is written as it is sent; what is wrong with it shows before the first byte."""
    name = await exports.begin_export(tenant, wanted)
    written = slices(tenant, wanted)
    first = await anext(written, None)

    async def bodies() -> AsyncIterator[bytes]:
        if first is not None:
            yield first.body
        async for slice in written:
            yield slice.body

    return _file(bodies(), name, None)


def _file(body: AsyncIterator[bytes], name: str, length: int | None) -> Response:
    headers = {
        "Content-Type": TYPES[name.rpartition(".")[2]],
        "Content-Disposition": f'attachment; filename="{name}"',
        **({"Content-Length": str(length)} if length is not None else {}),
    }
    response = Response(body, 200, headers)
    response.timeout = None  # it takes as long as the reader takes
    return response


async def _page(slug: str, given: Mapping[str, str], wrong: str) -> str:
    project = await projects.project(auth.tenant(), slug)
    found = await exports.exports(auth.tenant(), project.id)
    names = await widget_names.widget_names(auth.tenant(), project.id)
    return await render_template(
        "exports/page.html",
        project=project,
        section="Exports",
        exports=found,
        widgets=names,
        kinds=KINDS,
        formats=FORMATS,
        given=given,
        wrong=wrong,
    )
