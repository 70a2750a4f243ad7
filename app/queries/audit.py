"""The audit log of an account."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from msgspec.json import Decoder

from app.database import db
from app.database.tenant import TenantPool


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody did; `what` is noun.verb, `details_json` an object, `found` how many entries the whole list has."""

    id: UUID
    at: datetime
    actor: str
    what: str
    about: str
    details_json: str
    found: int

    @property
    def details(self) -> dict[str, object]:
        """What was said besides, by name."""
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
        FeelbackError: 403 for who is no admin.
    """
    sql = (
        'select id, at, actor, what, about, details as "details_json", found from fn.audit($1, $2, $3, $4, $5, $6, $7)'
    )
    return await db.many(tenant, Entry, sql, tenant.account_id, noun, search, since, until, limit, offset)


async def audit_nouns(tenant: TenantPool) -> list[str]:
    """Which kinds of things the log tells of.

    Raises:
        FeelbackError: 403 for who is no admin.
    """
    return list(
        await db.value(
            tenant, "select coalesce(array_agg(n.noun), '{}') from fn.audit_nouns($1) as n", tenant.account_id
        )
    )
