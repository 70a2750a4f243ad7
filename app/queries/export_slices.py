"""Exports of a project as slices, so that neither memory nor a transaction is held for the whole file.

A slice is one COPY of about a megabyte. A slow reader occupies no connection, and an interrupted export continues after
its last slice.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

from app.database.tenant import TenantPool
from app.queries import exports as queries
from app.queries.exports import ExportQuery

SLICE_BYTES = 1_000_000
# How many ids the first slice passes: rows of responses are short, those of days are many to a page.
FIRST = {"responses": 2000, "pages": 2000, "windows": 500, "periods": 200, "days": 50}
FEWEST, MOST = 10, 50_000
NOWHERE = UUID(int=0)


@dataclass(frozen=True, slots=True)
class Slice:
    """A part of the file, its number of rows, and the id of its last row."""

    body: bytes
    rows: int
    through: UUID


async def slices(tenant: TenantPool, query: ExportQuery, after: UUID | None = None) -> AsyncIterator[Slice]:
    """Slices of the file from its beginning, or after the one that ended with `after`.

    Raises:
        FeelbackError: the actor may not read the project.
    """
    limit, is_first = FIRST[query.kind], after is None
    fields = await queries.exported_fields(tenant, query)
    while (through := await queries.export_slice(tenant, query, after, limit)) is not None:
        body, rows = await queries.exported(tenant, query, after, through, header=is_first, fields=fields)
        yield Slice(body, rows, through)
        after, is_first = through, False
        limit = min(max(limit * SLICE_BYTES // max(len(body), 1), FEWEST), 4 * limit, MOST)
    if is_first:  # even a table without rows has names of its columns
        body, _ = await queries.exported(tenant, query, None, NOWHERE, header=True, fields=fields)
        yield Slice(body, 0, NOWHERE)
