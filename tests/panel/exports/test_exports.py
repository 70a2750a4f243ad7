"""Exports: their rows, direct downloads and background preparation."""

import asyncio
import csv
import io
import json
import uuid
import zlib
from typing import Any

import asyncpg
import pytest

from app.config import Settings
from app.database import roles
from app.database.tenant import TenantPool
from app.queries import export_slices
from app.queries import exports as queries
from app.queries.exports import ExportQuery
from app.queries.filters import DayFilter
from app.site import demo_project
from app.worker import exports as export_worker
from app.worker.kinds import KINDS
from app.worker.process import Worker
from tests.support import drive
from tests.support.browser import Browser
from tests.support.settings import SECRET

Pool = asyncpg.Pool
PAGE = "/projects/demo/exports"


@pytest.fixture
async def acting(
    pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo
) -> TenantPool:
    """The demo's owner."""
    account_id = await pool.fetchval("select account_id from fn.demo_project($1)", demo_project.EMAIL)
    return TenantPool(
        app_pool, account_id, await pool.fetchval("select id from person where email = $1", demo_project.EMAIL)
    )


@pytest.fixture
async def project_id(pool: "Pool[asyncpg.Record]", loaded: demo_project.Demo) -> uuid.UUID:
    return await pool.fetchval("select id from project where slug = 'demo'")


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of a few rows, so that there are many."""
    monkeypatch.setattr(export_slices, "FIRST", dict.fromkeys(export_slices.FIRST, 10))
    monkeypatch.setattr(export_slices, "SLICE_BYTES", 20_000)


async def export_rows(
    acting: TenantPool, project_id: uuid.UUID, kind: str, format: str = "csv", **filter: Any
) -> list[dict[str, Any]]:
    """The rows of an export, read back."""
    query = ExportQuery(project_id, kind, format, DayFilter(**filter))
    slices = [each async for each in export_slices.slices(acting, query)]
    text = b"".join(each.body for each in slices).decode()
    if format == "jsonl":
        rows = [json.loads(line) for line in text.split("\n") if line]
    else:
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert sum(each.rows for each in slices) == len(rows)
    return rows


@pytest.mark.parametrize("kind", queries.KINDS)
async def test_it_says_the_same_in_both_formats_and_in_many_slices(
    acting: TenantPool, project_id: uuid.UUID, pool: "Pool[asyncpg.Record]", kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await pool.execute("call fn.run_by_account('{close periods}')")
    whole = await export_rows(acting, project_id, kind)
    assert whole
    monkeypatch.setattr(export_slices, "FIRST", dict.fromkeys(export_slices.FIRST, 10))
    monkeypatch.setattr(export_slices, "SLICE_BYTES", 20_000)
    assert await export_rows(acting, project_id, kind) == whole
    lines = await export_rows(acting, project_id, kind, "jsonl")
    assert len(lines) == len(whole)
    assert [str(line["id"]) for line in lines] == [row["id"] for row in whole]
    assert list(lines[0]) == [name for name in whole[0] if not name.startswith("field ")]


async def test_csv_has_a_column_for_each_field_of_a_form(
    acting: TenantPool, project_id: uuid.UUID, loaded: demo_project.Demo, pool: "Pool[asyncpg.Record]"
) -> None:
    await pool.execute(
        """update response set fields = '{"email": "a@b.example", "topic": "=cmd"}'
        where id = (select max(id::text)::uuid from response where fields is not null)"""
    )
    names = json.loads(await pool.fetchval("select fields::text from widget where type = 'form'"))
    rows = await export_rows(acting, project_id, "responses")
    columns = [name for name in rows[0] if name.startswith("field ")]
    assert columns == [f"field {field['name']}" for field in names]
    row = next(row for row in rows if "a@b.example" in row["fields"])
    assert (row["field email"], row["field topic"]) == ("a@b.example", "'=cmd")
    likes = await export_rows(acting, project_id, "responses", widget_id=uuid.UUID(loaded.widgets["pulse"]))
    assert [name for name in likes[0] if name.startswith("field ")] == []


async def test_a_spreadsheet_knows_that_a_download_is_utf_8(owner: Browser) -> None:
    for kind, format, mark in (("responses", "csv", b"\xef\xbb\xbf"), ("responses", "jsonl", b"{")):
        response = await owner.client.get(f"{PAGE}/file?kind={kind}&format={format}")
        assert (await response.get_data(as_text=False)).startswith(mark)


async def test_it_exports_every_response_and_filters(
    acting: TenantPool, project_id: uuid.UUID, pool: "Pool[asyncpg.Record]", small: None
) -> None:
    every = await export_rows(acting, project_id, "responses")
    assert len(every) == await pool.fetchval("select count(*) from response")
    widget_id, day = await pool.fetchrow(
        """select s.id, max(f.counted_on) - 20 from widget as s
        join response as f on f.account_id = s.account_id and f.widget_id = s.id
        where s.type = 'message' group by s.id"""
    )
    of_day = await export_rows(acting, project_id, "responses", widget_id=widget_id, from_day=day, to_day=day)
    count = "select count(*) from response where widget_id = $1 and counted_on = $2"
    assert len(of_day) == await pool.fetchval(count, widget_id, day)
    days = await export_rows(acting, project_id, "days")
    assert sum(int(row["responses"]) for row in days) == await pool.fetchval("select sum(count) from tally_day")
    placements = await export_rows(acting, project_id, "pages", "jsonl")
    assert sum(row["responses"] for row in placements) == await pool.fetchval("select sum(count) from tally")
    assert await export_rows(acting, project_id, "responses", text="no such text") == []
    (placement_id, count_of_placement) = await pool.fetchrow(
        "select placement_id, count(*) from response group by 1 order by 2 desc limit 1"
    )
    assert len(await export_rows(acting, project_id, "responses", placement_id=placement_id)) == count_of_placement


async def test_it_defuses_formulas_in_csv_only(
    acting: TenantPool, project_id: uuid.UUID, pool: "Pool[asyncpg.Record]"
) -> None:
    odd = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", 'plain, "quoted"\nline', "\\", "back\\slash\u2028", "\x1f"]
    ids = await pool.fetch("select id from response where body is not null order by id limit $1", len(odd))
    for (id,), body in zip(ids, odd, strict=True):
        await pool.execute("update response set body = $2 where id = $1", id, body)
    bodies = {str(id): body for (id,), body in zip(ids, odd, strict=True)}
    rows = {row["id"]: row["message"] for row in await export_rows(acting, project_id, "responses")}
    lines = {row["id"]: row["message"] for row in await export_rows(acting, project_id, "responses", "jsonl")}
    for id, body in bodies.items():
        assert lines[id] == body
        assert rows[id] == ("'" + body if body[0] in "=+-@\t\r" else body)


COMMAND = "=cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", [f"nice;{COMMAND}", f"nice\t{COMMAND}", f"nice\n{COMMAND}", f"nice\r\n{COMMAND}"])
async def test_no_cell_is_a_formula_wherever_a_spreadsheet_separates(
    acting: TenantPool, project_id: uuid.UUID, pool: "Pool[asyncpg.Record]", text: str
) -> None:
    id = await pool.fetchval("select id from response where body is not null order by id limit 1")
    words = {"$user": text, "title": text, "list": [text]}
    await pool.execute(
        "update response set body = $2, context = $3, fields = $4 where id = $1",
        id, text, json.dumps(words), json.dumps({"name": text}),
    )  # fmt: skip
    await pool.execute(
        "update widget set name = $1 where id = (select widget_id from response where id = $2)", text[:20], id
    )
    query = ExportQuery(project_id, "responses", "csv", DayFilter())
    written, _ = await queries.exported(acting, query, None, uuid.UUID(int=2**128 - 1), header=True, fields=[])
    lines = written.decode().splitlines()
    # As a spreadsheet reads it that takes quotes seriously, and as one that does not.
    rows = [row for separator in ",;\t" for row in csv.reader(lines, delimiter=separator)]
    rows += [line.split(separator) for separator in ";\t" for line in lines]
    assert [cell for row in rows for cell in row if cell.lstrip('"').startswith("=")] == []
    assert {line[0] for line in lines[1:]} <= {'"', "'"}  # quoted, or a line of a text that has several
    row = next(row for row in await export_rows(acting, project_id, "responses") if row["id"] == str(id))
    assert json.loads(row["fields"]) == {"name": text}
    assert json.loads(row["context"]) == {"title": text, "list": [text]}


async def test_it_streams_a_small_one_and_audits_it(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await owner.get(PAGE)
    response = await owner.post(PAGE, {"kind": "pages", "format": "csv", "widget": "", "q": ""})
    assert response.headers["Location"] == f"{PAGE}/file?kind=pages&format=csv"
    response = await owner.get(response.headers["Location"])
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "demo-pages-" in response.headers["Content-Disposition"]
    assert owner.text.startswith("\ufeffid,widget,type,page,")
    assert await pool.fetchval("select count(*) from audit where what = 'export.downloaded'") == 1
    for wrong in ("kind=x", "format=x", "from=x", "from=2026-02-30", "from=2026-03-02&to=2026-03-01"):
        assert (await owner.get(f"{PAGE}/file?{wrong}")).status_code == 422, wrong
    response = await owner.post(PAGE, {"kind": "pages", "format": "csv", "from": "2026-99-99"})
    assert response.status_code == 422
    assert "must be a date" in owner.text


async def write_exports(settings: Settings, database: str) -> None:
    """Run the worker once, for exports only."""
    kinds = [kind for kind in KINDS if kind.name == "export"]
    await Worker(settings, roles.url(database, roles.JOBS, SECRET), kinds=kinds).run(once=True)


async def _requested(owner: Browser, pool: "Pool[asyncpg.Record]") -> uuid.UUID:
    await pool.execute("update widget_day set count = count + 1000000")
    await pool.execute("delete from mail")
    await owner.get(PAGE)
    response = await owner.post(PAGE, {"kind": "responses", "format": "csv"})
    assert response.headers["Location"] == f"{PAGE}#exports"
    return await pool.fetchval("select id from export where done_at is null")


async def test_it_prepares_a_large_one_and_mails(
    owner: Browser, settings: Settings, database: str, pool: "Pool[asyncpg.Record]", small: None
) -> None:
    id = await _requested(owner, pool)
    await owner.get(f"{PAGE}/list")
    assert "hx-trigger" in owner.text
    assert (await owner.get(f"{PAGE}/{id}/file")).status_code == 404
    await write_exports(settings, database)
    await owner.get(f"{PAGE}/list")
    assert "hx-trigger" not in owner.text
    assert ">ready<" in owner.text
    mail = await drive.the_mail(pool, "export_ready")
    assert mail["url"] == f"http://localhost:8000{PAGE}"
    response = await owner.get(f"{PAGE}/{id}/file")
    rows = list(csv.DictReader(io.StringIO(owner.text.removeprefix("\ufeff"), newline="")))
    assert len(rows) == await pool.fetchval("select count(*) from response")
    assert int(response.headers["Content-Length"]) - 3 == await pool.fetchval("select bytes from export")
    assert await pool.fetchval("select count(*) from export_part") > 10
    account_id = await pool.fetchval("select account_id from export")
    for days, deleted in ((6, 0), (8, 1)):
        purge = "select fn.purge_batch('delete expired exports', now() + $1 * interval '1 day', 5000, $2)"
        assert await pool.fetchval(purge, days, account_id) == deleted
    assert await pool.fetchval("select count(*) from export_part") == 0


async def test_another_worker_goes_on_after_the_last_part(
    owner: Browser, settings: Settings, database: str, pool: "Pool[asyncpg.Record]", small: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    await _requested(owner, pool)
    add_part = queries.add_export_part

    async def breaking(*args: Any) -> bool:
        if args[3] == 5:
            raise asyncio.CancelledError  # as when the process stops
        return await add_part(*args)

    monkeypatch.setattr(queries, "add_export_part", breaking)
    with pytest.raises(asyncio.CancelledError):
        await write_exports(settings, database)
    assert await pool.fetchval("select parts from export") == 4
    monkeypatch.setattr(queries, "add_export_part", add_part)
    # A killed worker's claim expires after a minute.
    await pool.execute("update export set claimed_until = now() + interval '1 minute'")
    await write_exports(settings, database)
    assert await pool.fetchval("select parts from export") == 4
    await pool.execute("update export set claimed_until = now() - interval '1 second'")
    await write_exports(settings, database)
    bodies = await pool.fetch("select body from export_part order by no")
    rows = list(csv.DictReader(io.StringIO(b"".join(zlib.decompress(row[0]) for row in bodies).decode(), newline="")))
    assert len({row["id"] for row in rows}) == len(rows) == await pool.fetchval("select count(*) from response")


async def test_who_has_left_gets_nothing(
    owner: Browser, settings: Settings, database: str, pool: "Pool[asyncpg.Record]"
) -> None:
    await _requested(owner, pool)
    await pool.execute(
        "delete from member where person_id = (select id from person where email = $1)", demo_project.EMAIL
    )
    await write_exports(settings, database)
    assert await pool.fetchval("select error from export") == export_worker.REFUSED
    assert await pool.fetchval("select count(*) from export_part") == 0
    assert await drive.mails(pool) == []


async def test_it_prepares_only_five_at_once(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    await _requested(owner, pool)
    for _ in range(4):
        assert (await owner.post(PAGE, {"kind": "responses", "format": "csv"})).status_code == 303
    response = await owner.post(PAGE, {"kind": "responses", "format": "csv"})
    assert response.status_code == 429
    assert "are being prepared, which is the limit" in owner.text


async def test_a_list_of_responses_leads_to_its_export(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    id = await pool.fetchval("select id from widget where type = 'rating'")
    await owner.get(f"/projects/demo/responses?widget={id}&from=2026-01-01")
    assert f'href="/projects/demo/exports?from=2026-01-01&widget={id}"' in owner.text
    await owner.get(f"/projects/demo/exports?widget={id}&from=2026-01-01&option=4")
    assert f'<option value="{id}" selected>' in owner.text
    assert 'name="option" value="4"' in owner.text
    assert 'value="2026-01-01"' in owner.text


async def test_an_export_follows_the_filter_of_every_screen(owner: Browser, pool: "Pool[asyncpg.Record]") -> None:
    page_id = await pool.fetchval("select page_id from placement order by id limit 1")
    query = f"kind=responses&format=csv&page={page_id}&period=7d"
    await owner.get(f"{PAGE}?{query}")
    assert "Last 7 days" in owner.text
    assert f'name="page" value="{page_id}"' in owner.text
    wanted = await pool.fetchval(
        """select count(*) from response as f
        join placement as c on c.account_id = f.account_id and c.id = f.placement_id
        where c.page_id = $1 and f.counted_on > (now() at time zone 'UTC')::date - 7""",
        page_id,
    )
    await owner.get(f"{PAGE}/file?{query}")
    assert len(list(csv.reader(owner.raw.splitlines()))) - 1 >= wanted > 0
    elsewhere = f"{PAGE}/file?{query.replace(str(page_id), '')}&origin=https://nowhere.example"
    assert (await owner.get(elsewhere)).status_code == 404
