"""People in accounts and their actions: each call runs as from the panel, under row-level security."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from app.database import db
from app.database.tenant import TenantPool
from app.errors import FeelbackError

Pool = asyncpg.Pool


@dataclass(frozen=True)
class Team:
    """An account with one person per role; their sessions are the SHA-256 of their role's name."""

    pool: "Pool[asyncpg.Record]"
    app_pool: "Pool[asyncpg.Record]"
    account_id: UUID
    people: dict[str, UUID]

    async def do(self, who: str, call: str, *args: Any) -> Any:
        """The result of a SQL function for the caller; `$1` is the account."""
        acting = TenantPool(self.app_pool, self.account_id, self.people[who])
        return await db.value(acting, f"select fn.{call}", self.account_id, *args)

    async def refused(self, who: str, call: str, *args: Any) -> int:
        """The status with which a call is refused; 0 if it is not."""
        try:
            await self.do(who, call, *args)
        except FeelbackError as error:
            return error.status
        return 0

    async def roles(self) -> dict[str, str]:
        """Roles by the local part of the address."""
        rows = await self.pool.fetch(
            "select split_part(p.email, '@', 1), m.role from member as m join person as p on p.id = m.person_id "
            "where m.account_id = $1",
            self.account_id,
        )
        return {row[0]: row[1] for row in rows}

    async def audit_entries(self) -> list[tuple[str, str, str]]:
        """The audit log, oldest first: actor, action, object."""
        rows = await self.pool.fetch(
            "select actor, what, about from audit where account_id = $1 order by at, id", self.account_id
        )
        return [tuple(row) for row in rows]


def session(who: str) -> bytes:
    """The database's record of a session."""
    return sha256(who.encode()).digest()


async def team(pool: "Pool[asyncpg.Record]", app_pool: "Pool[asyncpg.Record]") -> Team:
    """A new account, not the first, with an owner, two admins, an editor and a viewer, all signed in."""
    await pool.execute("select fn.default_account()")
    people: dict[str, UUID] = {}
    account_id = None
    for who, role in (("owner", "owner"), ("admin", "admin"), ("second", "admin"), ("editor",) * 2, ("viewer",) * 2):
        if account_id is None:
            row = await pool.fetchrow("select * from fn.create_account('Acme', $1, null)", f"{who}@acme.example")
            assert row is not None
            account_id, people[who] = row
        else:
            people[who] = await pool.fetchval(
                "insert into person (id, email, verified_at) values (gen_random_uuid(), $1, now()) returning id",
                f"{who}@acme.example",
            )
            await pool.execute(
                "insert into member (account_id, person_id, role) values ($1, $2, $3)", account_id, people[who], role
            )
        await pool.execute("select fn.create_session($1, $2)", people[who], session(who))
    assert account_id is not None
    return Team(pool, app_pool, account_id, people)
