"""Two tenants, and the tables with rows of tenants."""

from dataclasses import dataclass
from uuid import UUID

from tests.support import factories

TABLES = """
    select c.relname from pg_class as c
    join pg_attribute as a
        on a.attrelid = c.oid and a.attname = case c.relname when 'account' then 'id' else 'account_id' end
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and (c.relname = 'account' or a.attname = 'account_id')
    order by c.relname
"""


@dataclass(frozen=True)
class Tenant:
    """An account, its owner, and a project of it."""

    account_id: UUID
    person_id: UUID
    project: factories.Project
