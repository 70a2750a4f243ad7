"""Responses about passages of a page, and what became of these passages when somebody looked."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.database import db
from app.database.tenant import TenantPool
from app.text import text_fragments

MOST = 500


@dataclass(frozen=True, slots=True)
class PassageResponse:
    """A response about a passage of a page; `key` is the address at which it was sent.

    `current` are the words that stand in its place now, None for the same; `reasons` are labels.
    """

    id: UUID
    key: str
    heading: str
    exact: str
    prefix: str
    suffix: str
    start_at: int
    end_at: int
    current: str | None
    is_outdated: bool
    checked_at: datetime | None
    label: str
    icon: str
    weight: float
    body: str | None
    reasons: list[str]
    created_at: datetime

    @property
    def url(self) -> str | None:
        """The page at the passage; None where its key is no address."""
        prefix, suffix = ("", "") if self.current else (self.prefix, self.suffix)
        return text_fragments.url(self.key, self.current or self.exact, prefix, suffix)

    @property
    def selectors(self) -> dict[str, Any]:
        """What finds the passage on the page."""
        return {
            "id": str(self.id), "exact": self.exact, "prefix": self.prefix, "suffix": self.suffix,
            "start": self.start_at, "end": self.end_at,
        }  # fmt: skip


async def page_passages(tenant: TenantPool, project_id: UUID, page_id: UUID) -> list[PassageResponse]:
    """Responses about passages of a page, the newest `MOST`, in the order of its text, by heading.

    Raises:
        FeelbackError: 404, 403.
    """
    sql = "select * from fn.page_passages($1, $2, $3, $4)"
    return await db.many(tenant, PassageResponse, sql, tenant.account_id, project_id, page_id, MOST)


async def update_passages(tenant: TenantPool, project_id: UUID, page_id: UUID, places: list[dict[str, Any]]) -> None:
    """Store where passages of a page are now: {id, start, end, heading, current?} each, or {id, outdated: true}.

    Raises:
        FeelbackError: 404, 403.
    """
    sql = "select fn.update_passages($1, $2, $3, $4::text::jsonb)"
    await db.value(tenant, sql, tenant.account_id, project_id, page_id, json.dumps(places))
