"""Single responses, as the panel shows them."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool
from app.queries.filters import DayFilter
from app.queries.widgets import Option
from app.text import text_fragments

Fields = dict[str, str | float | bool | None]


@dataclass(frozen=True, slots=True)
class Response:
    """A response in a list; the time is the project's."""

    id: UUID
    widget_id: UUID
    widget_name: str
    type: str
    placement_id: UUID
    key: str
    label: str
    icon: str
    weight: float
    body: str | None
    fields_json: str | None
    sender: str | None
    created_at: datetime
    is_edited: bool
    is_test: bool

    @property
    def one_line(self) -> str:
        """What the visitor wrote, in one line; empty where they wrote nothing."""
        if self.body:
            return self.body
        return " · ".join(str(value) for value in _FIELDS.decode(self.fields_json or "{}").values())


@dataclass(frozen=True, slots=True)
class Edit:
    """Contents of a response before an edit at `edited_at`."""

    edited_at: datetime
    label: str
    icon: str
    body: str | None
    fields: Fields | None


@dataclass(frozen=True, slots=True)
class WholeResponse:
    """A response with its context and its earlier versions; `reasons` are labels, `passage_json` is JSON."""

    id: UUID
    widget_id: UUID
    widget_name: str
    type: str
    placement_id: UUID
    key: str
    label: str
    icon: str
    weight: float
    body: str | None
    fields_json: str | None
    context_json: str | None
    created_at: datetime
    has_visitor: bool
    is_test: bool
    edits_json: str
    reasons: list[str]
    contact: str | None
    passage_json: str | None

    @property
    def fields(self) -> Fields:
        """The fields of a form."""
        return _FIELDS.decode(self.fields_json or "{}")

    @property
    def context(self) -> Fields:
        """Context that the page sent."""
        return _CONTEXT.decode(self.context_json or "{}")

    @property
    def passage(self) -> dict[str, Any] | None:
        """What of the page it is about: {exact, prefix, suffix, heading, start, end, outdated}."""
        return json.loads(self.passage_json) if self.passage_json else None

    @property
    def passage_url(self) -> str | None:
        """The page at the passage; None where there is none, or the page key is no address."""
        passage = self.passage
        if passage is None:
            return None
        return text_fragments.url(self.key, passage["exact"], passage["prefix"], passage["suffix"])

    @property
    def edits(self) -> list[Edit]:
        """Earlier versions, newest first."""
        return _EDITS.decode(self.edits_json)


@dataclass(frozen=True, slots=True)
class WidgetChoice:
    """A widget to filter a list by; whether its responses may have words, by its type or by a follow-up."""

    id: UUID
    name: str
    type: str
    takes_words: bool
    options_json: str

    @property
    def options(self) -> list[Option]:
        """Its options in order, without counts."""
        return _OPTIONS.decode(self.options_json)


_FIELDS, _EDITS, _OPTIONS = Decoder(Fields), Decoder(list[Edit]), Decoder(list[Option])
_CONTEXT = Decoder(dict)


async def project_responses(
    tenant: TenantPool, project_id: UUID, filter: DayFilter, *, before_id: UUID | None = None, limit: int
) -> list[Response]:
    """The newest responses of a project that the filter includes, and older than `before_id` where there is one.

    Raises:
        FeelbackError: 404 where the account has no such project.
    """
    sql = """
        select * from fn.project_responses(
            $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now(), $11, $12, $13, $14, $15, $16
        )
    """
    return await db.many(
        tenant, Response, sql, tenant.account_id, project_id, filter.widget_id, filter.placement_id,
        filter.option, filter.from_day, filter.to_day, filter.text, before_id, limit, filter.page_id,
        filter.origin, filter.since, filter.until, filter.reason, filter.sentiment,
    )  # fmt: skip


async def response(tenant: TenantPool, project_id: UUID, id: UUID) -> WholeResponse:
    """One response.

    Raises:
        FeelbackError: 404 where the project has no such response.
    """
    return await db.row(
        tenant, WholeResponse, "select * from fn.response($1, $2, $3)", tenant.account_id, project_id, id
    )


async def delete_project_response(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Delete one response.

    Raises:
        FeelbackError: 404 where there is none, 403 for viewers.
    """
    await db.value(tenant, "select fn.delete_project_response($1, $2, $3)", tenant.account_id, project_id, id)


async def delete_visitor(tenant: TenantPool, project_id: UUID, response_id: UUID) -> int:
    """Delete all responses by the visitor of one of them; returns how many.

    Raises:
        FeelbackError: 404 where there is none, 422 where the visitor is unknown, 403 below admin.
    """
    sql = "select fn.delete_visitor($1, $2, $3)"
    count: int = await db.value(tenant, sql, tenant.account_id, project_id, response_id)
    return count


async def widget_choices(tenant: TenantPool, project_id: UUID) -> list[WidgetChoice]:
    """The widgets of a project, oldest first."""
    return await db.many(tenant, WidgetChoice, "select * from fn.widget_choices($1, $2)", tenant.account_id, project_id)
