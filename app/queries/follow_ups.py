"""Follow-ups of a widget's options, and how often their reasons were given."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason that a follow-up offers."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is asked after `option` was chosen: reasons (several if `multiple`), a message, a contact.

    `thanks` is read after it; None for the widget's thank-you message.
    """

    option: str
    question: str
    multiple: bool
    message: bool
    contact: bool
    thanks: str | None
    reasons: list[Reason]


@dataclass(frozen=True, slots=True)
class ArchivedReason:
    """A reason that `option` does not offer any more; with its value it comes back with its counts."""

    option: str
    value: str
    label: str


_FOLLOW_UPS = Decoder(list[FollowUp])


async def follow_ups(tenant: TenantPool, project_id: UUID, widget_id: UUID) -> list[FollowUp]:
    """The follow-ups of a widget, in the order of its options.

    Raises:
        FeelbackError: 404, 403.
    """
    sql = "select fn.follow_ups($1, $2, $3)"
    return _FOLLOW_UPS.decode(await db.value(tenant, sql, tenant.account_id, project_id, widget_id))


async def archived_reasons(tenant: TenantPool, project_id: UUID, widget_id: UUID) -> list[ArchivedReason]:
    """The reasons that the options of a widget do not offer any more, oldest first.

    Raises:
        FeelbackError: 403.
    """
    sql = "select * from fn.archived_reasons($1, $2, $3)"
    return await db.many(tenant, ArchivedReason, sql, tenant.account_id, project_id, widget_id)


async def update_follow_ups(
    tenant: TenantPool, project_id: UUID, widget_id: UUID, follow_ups: list[dict[str, Any]]
) -> None:
    """Replace the follow-ups, each {option, question, multiple?, message?, contact?, thanks?, reasons?}.

    A reason is {value, label?}.

    Raises:
        FeelbackError: 404, 422 naming what is wrong, 403.
    """
    sql = "select fn.update_follow_ups($1, $2, $3, $4::text::jsonb)"
    await db.value(tenant, sql, tenant.account_id, project_id, widget_id, json.dumps(follow_ups))


async def reason_tallies(
    pool: db.Pool, account_ids: list[Any], widget_ids: list[Any], keys: list[str]
) -> list[dict[str, dict[str, int]]]:
    """Mentions of each reason, by option and reason, for each page key in the order of the arguments."""
    sql = "select * from fn.reason_tallies($1::uuid[], $2::uuid[], $3::text[])"
    return await db.many(pool, json.loads, sql, account_ids, widget_ids, keys)
