"""The audit log of an account."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Entry:
    """An audit entry; `what` is noun.verb, `details_json` an object, `row_count` is of the whole list."""

    id: UUID
    at: datetime
    actor: str
    what: str
    about: str
    details_json: str
    row_count: int

    @property
    def details(self) -> dict[str, object]:
        """Details by name."""
        return _DETAILS.decode(self.details_json)


_DETAILS = Decoder(dict[str, object])


async def audit(
    tenant: TenantPool,
    noun: str,
    search: str,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    offset: int,
) -> list[Entry]:
    """A page of the log, newest first; `noun` and `search` may be empty, `since` and `until` None.

    Raises:
        FeelbackError: 403 below admin.
    """
    columns = 'id, at, actor, what, about, details as "details_json", row_count'
    sql = f"select {columns} from fn.audit($1, $2, $3, $4, $5, $6, $7)"  # noqa: S608 - our own names
    return await db.many(tenant, Entry, sql, tenant.account_id, noun, search, since, until, limit, offset)


async def audit_nouns(tenant: TenantPool) -> list[str]:
    """Nouns that the log has entries of.

    Raises:
        FeelbackError: 403 below admin.
    """
    return list(
        await db.value(
            tenant, "select coalesce(array_agg(n.noun), '{}') from fn.audit_nouns($1) as n", tenant.account_id
        )
    )
