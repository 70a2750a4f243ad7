"""Exports: what is written of a project, a slice at a time; and those that are written in the background."""

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
ARGUMENTS = "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10"
WRITTEN = {
    kind: {
        "csv": f"select * from fn.exported_{kind}({ARGUMENTS}, true)",  # noqa: S608 - only our own names are in it
        "jsonl": f"select row_to_json(e) from fn.exported_{kind}({ARGUMENTS}, false) as e",  # noqa: S608 - likewise
    }
    for kind in KINDS
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be exported: one of KINDS, as one of FORMATS."""

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
        """How much of it is written, from 0 to 99 while it is under way."""
        return min(99, 100 * self.rows // max(self.expected, 1))


@dataclass(frozen=True, slots=True)
class Taken:
    """An export that is ready: its file's name, its length, and how many parts it has."""

    name: str
    bytes: int
    parts: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """An export in a worker's hand; `through_id` and `parts` say how far it is."""

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

    @property
    def wanted(self) -> Wanted:
        """What is to be exported."""
        filter = DayFilter(
            widget_id=self.widget_id,
            placement_id=self.placement_id,
            option=self.option or None,
            from_day=self.from_day,
            to_day=self.to_day,
            text=self.text,
        )
        return Wanted(self.project_id, self.kind, self.format, filter)


async def export_slice(tenant: TenantPool, wanted: Wanted, after: UUID | None, limit: int) -> UUID | None:
    """Where the next slice ends; None where nothing follows."""
    sql, filter = "select fn.export_slice($1, $2, $3, $4, $5, $6, $7, $8)", wanted.filter
    end: UUID | None = await db.value(
        tenant, sql, tenant.account_id, wanted.project_id, wanted.kind, filter.widget_id, filter.from_day,
        filter.to_day, after, limit,
    )  # fmt: skip
    return end


async def exported(
    tenant: TenantPool, wanted: Wanted, after: UUID | None, through: UUID, *, header: bool
) -> tuple[bytes, int]:
    """A slice as it is written, with the names of the columns before it where `header`; and how many rows that are."""
    sql, filter = WRITTEN[wanted.kind][wanted.format], wanted.filter
    return await db.copied(
        tenant, sql, tenant.account_id, wanted.project_id, filter.widget_id, filter.placement_id,
        filter.option or "", filter.from_day, filter.to_day, filter.text, after, through,
        format="csv" if wanted.format == "csv" else "json", header=header,
    )  # fmt: skip


async def expected_rows(tenant: TenantPool, wanted: Wanted) -> int:
    """About how many rows an export will have."""
    sql, filter = "select fn.expected_rows($1, $2, $3, $4, $5, $6)", wanted.filter
    rows: int = await db.value(
        tenant, sql, tenant.account_id, wanted.project_id, wanted.kind, filter.widget_id, filter.from_day,
        filter.to_day,
    )  # fmt: skip
    return rows


async def begin_export(tenant: TenantPool, wanted: Wanted) -> str:
    """Notes that the actor exports something at once; what the file is called.

    Raises:
        FeelbackError: 404 or 422 for what cannot be exported.
    """
    sql, filter = "select fn.begin_export($1, $2, $3, $4, $5, $6, $7)", wanted.filter
    name: str = await db.value(
        tenant, sql, tenant.account_id, wanted.project_id, wanted.kind, wanted.format, filter.widget_id,
        filter.from_day, filter.to_day,
    )  # fmt: skip
    return name


async def request_export(tenant: TenantPool, wanted: Wanted) -> UUID:
    """Has an export written in the background; its id.

    Raises:
        FeelbackError: 404 or 422 for what cannot be exported; 429 where five are under way.
    """
    sql, filter = "select fn.request_export($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)", wanted.filter
    id: UUID = await db.value(
        tenant, sql, tenant.account_id, wanted.project_id, wanted.kind, wanted.format, filter.widget_id,
        filter.placement_id, filter.option or "", filter.from_day, filter.to_day, filter.text,
    )  # fmt: skip
    return id


async def exports(tenant: TenantPool, project_id: UUID) -> list[Export]:
    """The newest 50 exports of a project."""
    return await db.many(tenant, Export, "select * from fn.exports($1, $2)", tenant.account_id, project_id)


async def take_export(tenant: TenantPool, project_id: UUID, id: UUID) -> Taken:
    """Hands an export out that is ready, and notes that it did.

    Raises:
        FeelbackError: 404 where there is none.
    """
    return await db.row(tenant, Taken, "select * from fn.take_export($1, $2, $3)", tenant.account_id, project_id, id)


async def export_part(tenant: TenantPool, project_id: UUID, id: UUID, no: int) -> bytes | None:
    """A part of an export, from 1, compressed by zlib; None where it is gone."""
    found: bytes | None = await db.value(
        tenant, "select fn.export_part($1, $2, $3, $4)", tenant.account_id, project_id, id, no
    )
    return found


async def delete_export(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Removes an export; one that is under way ends.

    Raises:
        FeelbackError: 403 for viewers, 404 where there is none.
    """
    await db.value(tenant, "select fn.delete_export($1, $2, $3)", tenant.account_id, project_id, id)


async def claim_export(pool: db.Pool, claim: UUID) -> Claimed | None:
    """Takes the export in hand that waits longest; None where none does."""
    return await db.one(pool, Claimed, "select * from fn.claim_export($1)", claim)


async def add_export_part(
    pool: db.Pool, held: Claimed, claim: UUID, no: int, body: bytes, rows: int, size: int, through: UUID
) -> bool:
    """Keeps the next part, compressed; False where the export is no more in hand."""
    sql = "select fn.add_export_part($1, $2, $3, $4, $5, $6, $7, $8)"
    return bool(await db.value(pool, sql, held.account_id, held.id, claim, no, body, rows, size, through))


async def release_export(pool: db.Pool, held: Claimed, claim: UUID) -> None:
    """Lets another worker go on with it at once."""
    await db.value(pool, "select fn.release_export($1, $2, $3)", held.account_id, held.id, claim)


async def finish_export(pool: db.Pool, held: Claimed, claim: UUID, base_url: str, error: str | None) -> bool:
    """Ends it, with an error as one that came to nothing, and mails who asked for it; False where it is not in hand."""
    sql = "select fn.finish_export($1, $2, $3, $4, $5)"
    return bool(await db.value(pool, sql, held.account_id, held.id, claim, base_url, error))
