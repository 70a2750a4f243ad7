"""Single signals, as the panel shows them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool
from app.queries.filters import DayFilter
from app.queries.widgets import Option

Fields = dict[str, str | float | bool | None]


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal in a list; the time is the project's."""

    id: UUID
    content_set_id: UUID
    set_name: str
    type: str
    content_id: UUID
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
    def said(self) -> str:
        """What the visitor wrote, in one line; empty where they wrote nothing."""
        if self.body:
            return self.body
        return " · ".join(str(value) for value in _FIELDS.decode(self.fields_json or "{}").values())


@dataclass(frozen=True, slots=True)
class Edit:
    """What a signal said until `edited_at`."""

    edited_at: datetime
    label: str
    icon: str
    body: str | None
    fields: Fields | None


@dataclass(frozen=True, slots=True)
class WholeSignal:
    """A signal with its context, and what it said before each edit."""

    id: UUID
    content_set_id: UUID
    set_name: str
    type: str
    content_id: UUID
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

    @property
    def fields(self) -> Fields:
        """The fields of a form."""
        return _FIELDS.decode(self.fields_json or "{}")

    @property
    def context(self) -> Fields:
        """What the page said of itself and its visitor."""
        return _CONTEXT.decode(self.context_json or "{}")

    @property
    def edits(self) -> list[Edit]:
        """What it said before, the newest first."""
        return _EDITS.decode(self.edits_json)


@dataclass(frozen=True, slots=True)
class SetChoice:
    """A set that a list may be held to."""

    id: UUID
    name: str
    type: str
    options_json: str

    @property
    def options(self) -> list[Option]:
        """Its options in order, without counts."""
        return _OPTIONS.decode(self.options_json)


_FIELDS, _EDITS, _OPTIONS = Decoder(Fields), Decoder(list[Edit]), Decoder(list[Option])
_CONTEXT = Decoder(dict)


async def project_feelbacks(
    tenant: TenantPool, project_id: UUID, filter: DayFilter, *, before_id: UUID | None = None, limit: int
) -> list[Signal]:
    """The newest signals of a project that the filter includes, and older than `before_id` where there is one.

    Raises:
        FeelbackError: 404 where the account has no such project.
    """
    sql = "select * from fn.project_feelbacks($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    return await db.many(
        tenant, Signal, sql, tenant.account_id, project_id, filter.content_set_id, filter.content_id,
        filter.option, filter.from_day, filter.to_day, filter.text, before_id, limit,
    )  # fmt: skip


async def feelback(tenant: TenantPool, project_id: UUID, id: UUID) -> WholeSignal:
    """One signal.

    Raises:
        FeelbackError: 404 where the project has no such signal.
    """
    return await db.row(tenant, WholeSignal, "select * from fn.feelback($1, $2, $3)", tenant.account_id, project_id, id)


async def discard_feelback(tenant: TenantPool, project_id: UUID, id: UUID) -> None:
    """Deletes one signal.

    Raises:
        FeelbackError: 404 where there is none, 403 for viewers.
    """
    await db.value(tenant, "select fn.discard_feelback($1, $2, $3)", tenant.account_id, project_id, id)


async def discard_visitor(tenant: TenantPool, project_id: UUID, feelback_id: UUID) -> int:
    """Deletes all signals of the visitor of one of them; how many there were.

    Raises:
        FeelbackError: 404 where there is none, 422 where nobody knows the visitor, 403 for who is no admin.
    """
    sql = "select fn.discard_visitor($1, $2, $3)"
    gone: int = await db.value(tenant, sql, tenant.account_id, project_id, feelback_id)
    return gone


async def set_choices(tenant: TenantPool, project_id: UUID) -> list[SetChoice]:
    """The sets of a project, oldest first."""
    return await db.many(tenant, SetChoice, "select * from fn.set_choices($1, $2)", tenant.account_id, project_id)
