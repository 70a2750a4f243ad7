"""Exports of a project, read a slice at a time, and exports written in the background."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool
from app.queries.filters import DayFilter

KINDS = {
    "responses": "Responses",
    "pages": "Pages",
    "windows": "Windows",
    "periods": "Periods",
    "days": "Days",
}
FORMATS = {"csv": "CSV", "jsonl": "JSON Lines"}
_PLACES = ("widget_id", "placement_id", "text")
# By what exports of a kind are filtered.
FILTERS = {
    "responses": (*_PLACES, "option", "from_day", "to_day", "page_id", "origin", "reason", "sentiment"),
    "pages": _PLACES,
    "windows": _PLACES,
    "periods": (*_PLACES, "from_day", "to_day"),
    "days": (*_PLACES, "option", "from_day", "to_day", "reason"),
}


@dataclass(frozen=True, slots=True)
class ExportQuery:
    """An export to be made: one of KINDS, in one of FORMATS."""

    project_id: UUID
    kind: str
    format: str
    filter: DayFilter


@dataclass(frozen=True, slots=True)
class Export:
    """An export of the list, at times of the project's zone; `rows` of about `expected` are written."""

    id: UUID
    kind: str
    format: str
    widget_name: str | None
    from_day: date | None
    to_day: date | None
    text: str
    email: str | None
    requested_at: datetime
    expected: int
    rows: int
    bytes: int
    done_at: datetime | None
    expires_at: datetime | None
    error: str | None
    is_claimed: bool

    @property
    def percent(self) -> int:
        """Progress, from 0 to 99 until it is finished."""
        return min(99, 100 * self.rows // max(self.expected, 1))


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A finished export: name and bytes of its file, number of its parts."""

    name: str
    bytes: int
    parts: int


@dataclass(frozen=True, slots=True)
class ClaimedExport:
    """An export that a worker has claimed; `through_id` and `parts` are its progress."""

    account_id: UUID
    id: UUID
    project_id: UUID
    person_id: UUID
    kind: str
    format: str
    widget_id: UUID | None
    placement_id: UUID | None
    option: str
    from_day: date | None
    to_day: date | None
    text: str
    through_id: UUID | None
    parts: int
    attempts: int
    page_id: UUID | None
    origin: str
    reason: str
    sentiment: str

    @property
    def query(self) -> ExportQuery:
        """What is to be exported."""
        filter = DayFilter(
            widget_id=self.widget_id, placement_id=self.placement_id, option=self.option or None, reason=self.reason,
            sentiment=self.sentiment, from_day=self.from_day, to_day=self.to_day, text=self.text,
            page_id=self.page_id, origin=self.origin,
        )  # fmt: skip
        return ExportQuery(self.project_id, self.kind, self.format, filter)


async def export_slice(tenant: TenantPool, query: ExportQuery, after: UUID | None, limit: int) -> UUID | None:
    """Where the next slice ends; None where nothing follows."""
    sql, filter = "select fn.export_slice($1, $2, $3, $4, $5, $6, $7, $8)", query.filter
    end: UUID | None = await db.value(
        tenant, sql, tenant.account_id, query.project_id, query.kind, filter.widget_id, filter.from_day,
        filter.to_day, after, limit,
    )  # fmt: skip
    return end


async def exported_fields(tenant: TenantPool, query: ExportQuery) -> list[str]:
    """Fields of forms that have columns of their own: those of responses as CSV."""
    if (query.kind, query.format) != ("responses", "csv"):
        return []
    sql = "select fn.exported_fields($1, $2, $3)"
    names: list[str] = await db.value(tenant, sql, tenant.account_id, query.project_id, query.filter.widget_id)
    return names


async def exported(
    tenant: TenantPool, query: ExportQuery, after: UUID | None, through: UUID, *, header: bool, fields: list[str]
) -> tuple[bytes, int]:
    """A slice as it is written, with the names of the columns before it where `header`; and how many rows that are.

    Responses as CSV have a column more for each of these `fields` of forms, which exported_fields returns.
    """
    is_csv = query.format == "csv"
    values = {
        "account_id": tenant.account_id, "project_id": query.project_id, "after": after, "through": through,
        "is_csv": is_csv, **{name: getattr(query.filter, name) for name in FILTERS[query.kind]},
    }  # fmt: skip
    if "option" in values:
        values["option"] = values["option"] or ""
    # Names of fields have letters, digits, _ . and - only, as fn.check_form_fields has them.
    columns = "".join(f""", fn.defused(e.fields ->> '{name}', true) as "field {name}\"""" for name in fields)
    rows = f"e.*{columns}" if is_csv else "row_to_json(e)"
    arguments = ", ".join(f"_{name} => ${n}" for n, name in enumerate(values, 1))
    sql = f"select {rows} from fn.exported_{query.kind}({arguments}) as e"  # noqa: S608 - only our own names are in it
    return await db.copied(tenant, sql, *values.values(), format="csv" if is_csv else "json", header=header)


async def expected_rows(tenant: TenantPool, query: ExportQuery) -> int:
    """About how many rows an export will have."""
    sql, filter = "select fn.expected_rows($1, $2, $3, $4, $5, $6)", query.filter
    rows: int = await db.value(
        tenant, sql, tenant.account_id, query.project_id, query.kind, filter.widget_id, filter.from_day,
        filter.to_day,
    )  # fmt: skip
    return rows


async def begin_export(tenant: TenantPool, query: ExportQuery) -> str:
    """Notes that the actor exports something at once; what the file is called.

    Raises:
        FeelbackError: 404 or 422 for what cannot be exported.
    """
    sql, filter = "select fn.begin_export($1, $2, $3, $4, $5, $6, $7)", query.filter
    name: str = await db.value(
        tenant, sql, tenant.account_id, query.project_id, query.kind, query.format, filter.widget_id,
        filter.from_day, filter.to_day,
    )  # fmt: skip
    return name


async def request_export(tenant: TenantPool, query: ExportQuery) -> UUID:
    """Has an export written in the background; its id.

    Raises:
        FeelbackError: 404 or 422 for what cannot be exported; 429 where five are under way.
    """
    sql = "select fn.request_export($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now(), $11, $12, $13, $14)"
    filter = query.filter
    id: UUID = await db.value(
        tenant, sql, tenant.account_id, query.project_id, query.kind, query.format, filter.widget_id,
        filter.placement_id, filter.option or "", filter.from_day, filter.to_day, filter.text, filter.page_id,
        filter.origin, filter.reason, filter.sentiment,
    )  # fmt: skip
    return id


async def exports(tenant: TenantPool, project_id: UUID) -> list[Export]:
    """The newest 50 exports of a project."""
    return await db.many(tenant, Export, "select * from fn.exports($1, $2)", tenant.account_id, project_id)


async def take_export(tenant: TenantPool, project_id: UUID, id: UUID) -> ExportFile:
    """A finished export for download, recorded in the audit log.

    Raises:
        FeelbackError: 404 where there is none.
    """
    return await db.row(
        tenant, ExportFile, "select * from fn.take_export($1, $2, $3)", tenant.account_id, project_id, id
    )


async def export_part(tenant: TenantPool, project_id: UUID, id: UUID, no: int) -> bytes | None:
    """A part of an export, from 1, compressed by zlib; None if it was deleted."""
    part: bytes | None = await db.value(
        tenant, "select fn.export_part($1, $2, $3, $4)", tenant.account_id, project_id, id, no
    )
    return part


async def delete_export(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Delete an export, also one in progress.

    Raises:
        FeelbackError: 403 for viewers, 404 where there is none.
    """
    await db.value(tenant, "select fn.delete_export($1, $2, $3)", tenant.account_id, project_id, id)


async def claim_export(pool: db.Pool, claim: UUID) -> ClaimedExport | None:
    """Claim the export that has waited longest; None if there is none."""
    return await db.one(pool, ClaimedExport, "select * from fn.claim_export($1)", claim)


async def add_export_part(
    pool: db.Pool, export: ClaimedExport, claim: UUID, no: int, body: bytes, rows: int, size: int, through: UUID
) -> bool:
    """Store the next part, compressed; False if the claim was lost."""
    sql = "select fn.add_export_part($1, $2, $3, $4, $5, $6, $7, $8)"
    return bool(await db.value(pool, sql, export.account_id, export.id, claim, no, body, rows, size, through))


async def release_export(pool: db.Pool, export: ClaimedExport, claim: UUID) -> None:
    """Release the claim, so that another worker continues at once."""
    await db.value(pool, "select fn.release_export($1, $2, $3)", export.account_id, export.id, claim)


async def finish_export(pool: db.Pool, export: ClaimedExport, claim: UUID, base_url: str, error: str | None) -> bool:
    """Finish an export, failed if there is an `error`, and mail its person; False if the claim was lost."""
    sql = "select fn.finish_export($1, $2, $3, $4, $5)"
    return bool(await db.value(pool, sql, export.account_id, export.id, claim, base_url, error))
