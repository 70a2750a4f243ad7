"""Rows that tests start from, created by the same functions as in production."""

import itertools
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg

from app.database.tenant import TenantPool
from app.queries import api_keys, widget_settings

Pool = asyncpg.Pool
HOUR = timedelta(hours=1)
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Project:
    """A project and its account."""

    account_id: UUID
    id: UUID


@dataclass(frozen=True)
class Widget:
    """A widget and its account."""

    account_id: UUID
    project_id: UUID
    id: str


async def delete_accounts(pool: "Pool[asyncpg.Record]", name: str = "%") -> None:
    """Delete the accounts with a name like this, and what is in them."""
    for (id,) in await pool.fetch("select id from account where name like $1", name):
        # First, because on Citus an account cannot be deleted while its pages have placements.
        await pool.execute("select fn.purge_account($1)", id)
        await pool.execute("delete from account where id = $1", id)


async def account(pool: "Pool[asyncpg.Record]") -> UUID:
    """The id of a new account, with an owner."""
    n = next(_numbers)
    return await pool.fetchval(
        "select account_id from fn.create_account($1, $2, null)", f"A{n}", f"owner{n}@example.com"
    )


async def project(
    pool: "Pool[asyncpg.Record]",
    account_id: UUID | None = None,
    *,
    origins: tuple[str, ...] = ("*",),
    time_zone: str = "UTC",
    test_mode: bool = False,
    key_rules: dict[str, Any] | None = None,
    free_keys: bool = True,
) -> Project:
    """A new project, by default in a new account; unlike others it takes page keys of any kind."""
    account_id = account_id or await account(pool)
    n = next(_numbers)
    id = await pool.fetchval(
        "select fn.create_project($1, $2, $3, $4, $5)", account_id, f"P{n}", f"p{n}", time_zone, list(origins)
    )
    await pool.execute(
        "update project set test_mode = $2, key_rules = $3::text::jsonb, free_keys = $4 where id = $1",
        id, test_mode, json.dumps(key_rules or {}), free_keys,
    )  # fmt: skip
    return Project(account_id, id)


async def widget(
    pool: "Pool[asyncpg.Record]",
    type: str = "pulse",
    of: Project | None = None,
    *,
    preset: str | None = None,
    options: list[dict[str, Any]] | None = None,
    policy: str = "visitor",
    window: timedelta | None = HOUR,
    fields: list[dict[str, Any]] | None = None,
    is_open_form: bool = False,
    key_rules: dict[str, Any] | None = None,
) -> Widget:
    """A new widget, by default in a new project that accepts responses from every origin."""
    of = of or await project(pool)
    id = await widget_settings.create_widget(
        TenantPool(pool, of.account_id), of.id, f"S{next(_numbers)}", type, preset=preset, options=options,
        visitor_policy=policy, edit_window=window, fields=fields, is_open_form=is_open_form, key_rules=key_rules,
    )  # fmt: skip
    return Widget(of.account_id, of.id, str(id))


async def api_key(pool: "Pool[asyncpg.Record]", of: Project | Widget, scope: str = "manage") -> str:
    """The secret of a new API key."""
    secret = f"fbk_{scope}_{secrets.token_urlsafe(24)}"
    project_id = of.project_id if isinstance(of, Widget) else of.id
    await api_keys.create_api_key(
        TenantPool(pool, of.account_id), project_id, scope, sha256(secret.encode()).digest(), secret[-4:]
    )
    return secret


async def entitle(pool: Any, account_id: UUID, plan: str = "starter", at: datetime | None = None) -> None:
    """Give an account a plan, as a subscription would, instead of what it has at that time; "free" only ends that."""
    at = at or await pool.fetchval("select clock_timestamp()")
    await pool.execute(
        "update entitlement set ends_at = $2 where account_id = $1 and coalesce(ends_at, 'infinity') > $2",
        account_id,
        at,
    )
    if plan != "free":
        await pool.execute(
            """insert into entitlement (account_id, id, plan, reason, subscription_id, starts_at)
            values ($1, gen_random_uuid(), $2, 'subscription', 'sub_' || $1::uuid, '2026-01-01')""",
            account_id, plan,
        )  # fmt: skip
