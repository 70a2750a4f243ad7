"""Merges of pages."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would give; `widgets_json` is a JSON array of {id, name, type, source, target, result, options}."""

    source_key: str
    source_title: str | None
    target_key: str
    target_title: str | None
    source_responses: int
    target_responses: int
    visitors_on_both: int
    responses: int
    widgets_json: str


@dataclass(frozen=True, slots=True)
class PageMerge:
    """A merge of a page, the source, into another, the target.

    `state` is merging, merged, undoing or undone. `responses` were the source's, of which `moved` were moved; `holds`
    do not count because their visitor has a newer one.
    """

    id: UUID
    source_id: UUID
    target_id: UUID
    source_key: str
    target_key: str
    state: str
    requested_at: datetime
    undo_until: datetime
    finished_at: datetime | None
    responses: int
    moved: int
    holds: int
    can_undo: bool

    @property
    def is_under_way(self) -> bool:
        """Whether the worker still moves responses."""
        return self.state in ("merging", "undoing")


@dataclass(frozen=True, slots=True)
class DueMerge:
    """A merge that is not finished."""

    account_id: UUID
    id: UUID


@dataclass(frozen=True, slots=True)
class PageAddresses:
    """All keys of a page with aliases, and the version by which the database knows them."""

    alias_version: UUID
    keys: list[str]


async def page_addresses(pool: db.Pool, account_id: UUID, widget_id: UUID, key: str) -> PageAddresses | None:
    """The addresses of a page that has aliases; None for any other page."""
    return await db.one(pool, PageAddresses, "select * from fn.page_addresses($1, $2, $3)", account_id, widget_id, key)


async def merge_preview(tenant: TenantPool, project_id: UUID, source_id: UUID, target_id: UUID) -> MergePreview:
    """What merging the source into the target would give.

    Raises:
        FeelbackError: 404, 409, 422 where the pages cannot be merged.
    """
    sql = "select * from fn.merge_preview($1, $2, $3, $4)"
    preview = await db.one(tenant, MergePreview, sql, tenant.account_id, project_id, source_id, target_id)
    assert preview is not None  # the function raises 404
    return preview


async def merge_pages(tenant: TenantPool, project_id: UUID, source_id: UUID, target_id: UUID) -> UUID:
    """Merge the source into the target, at once or in the background; returns the id of the merge.

    Raises:
        FeelbackError: 403, 404, 409, 422 where the pages cannot be merged.
    """
    sql = "select fn.merge_pages($1, $2, $3, $4)"
    return UUID(str(await db.value(tenant, sql, tenant.account_id, project_id, source_id, target_id)))


async def undo_merge(tenant: TenantPool, project_id: UUID, page_id: UUID) -> UUID:
    """Undo the merge of a source page; returns the id of the merge.

    Raises:
        FeelbackError: 403, 404, 409 where it is not finished, older than 30 days, or a later one is to be undone first.
    """
    sql = "select fn.undo_merge($1, $2, $3)"
    return UUID(str(await db.value(tenant, sql, tenant.account_id, project_id, page_id)))


async def page_merges(tenant: TenantPool, project_id: UUID, page_id: UUID | None = None) -> list[PageMerge]:
    """At most 100 merges of a project, or those from or into a page, newest first.

    Raises:
        FeelbackError: 404 for an unknown page.
    """
    sql = "select * from fn.page_merges($1, $2, $3)"
    return await db.many(tenant, PageMerge, sql, tenant.account_id, project_id, page_id)


async def page_merge(tenant: TenantPool, project_id: UUID, id: UUID) -> PageMerge:
    """One merge, which exists."""
    sql = "select * from fn.page_merges($1, $2, null, $3)"
    merge = await db.one(tenant, PageMerge, sql, tenant.account_id, project_id, id)
    assert merge is not None
    return merge


async def claim_merge(pool: db.Pool) -> DueMerge | None:
    """The unfinished merge that has waited longest."""
    return await db.one(pool, DueMerge, "select * from fn.claim_merge()")


async def continue_merge(pool: db.Pool, merge: DueMerge) -> str | None:
    """Move or return one batch of a merge's responses; its state then, None where nothing was left to do."""
    state: str | None = await db.value(pool, "select fn.continue_merge($1, $2)", merge.account_id, merge.id)
    return state


async def defer_merge(pool: db.Pool, merge: DueMerge) -> None:
    """Go on with a merge whose batch failed in five minutes, after those of other accounts."""
    await db.value(pool, "select fn.defer_merge($1, $2)", merge.account_id, merge.id)
