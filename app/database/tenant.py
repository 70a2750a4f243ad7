"""A pool limited to one account by row-level security."""

import contextlib
import dataclasses
import uuid
from collections.abc import AsyncIterator
from typing import Any

import asyncpg

from app.database.functions import qualified

# set_config() alone does not reach the nodes of a Citus cluster.
ACTOR = """
select set_config('feelback.account_id', $1, true), set_config('feelback.person_id', $2, true),
    set_config('feelback.api_key_id', $3, true), set_config('feelback.project_id', $4, true),
    case current_setting('citus.propagate_set_commands', true) when 'local' then
        fn.propagate_actor($1, $2, $3, $4)
    end
"""


@dataclasses.dataclass(frozen=True, slots=True)
class TenantPool:
    """A pool with an actor: each call is a transaction that row-level security limits to the account.

    The actor is a person, or an API key, which is limited to its project as well.
    """

    pool: "asyncpg.Pool[asyncpg.Record]"
    account_id: uuid.UUID | None
    person_id: uuid.UUID | None = None
    api_key_id: uuid.UUID | None = None
    project_id: uuid.UUID | None = None

    @contextlib.asynccontextmanager
    async def acquire(self) -> AsyncIterator[Any]:
        """A connection in a transaction that acts for the actor."""
        actor = [self.account_id, self.person_id, self.api_key_id, self.project_id]
        async with self.pool.acquire() as connection, connection.transaction():
            await connection.execute(qualified(ACTOR), *(str(id) if id else "" for id in actor))
            yield connection
